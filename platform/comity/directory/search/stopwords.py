"""Words of questions that nothing is found by: "who speaks Thai" asks for Thai, of whoever speaks it. Pure."""

from __future__ import annotations

_SPEAKING = "speak speaks speaking parle parlent parlant habla hablan говорит говорят يتحدث يتكلم spricht fala"
_SMALL = """
    of the and for in on to at who whom whose which is are with by a an
    de la le les des du et pour qui aux au en avec d l
    al el los del y para quien con por que
    кто для по на за от из
    من في على الى
    der die das fur und von zu wer
"""

SPEAKING = frozenset(_SPEAKING.split())
"""Words that ask for people who have a language. All folded."""

STOPWORDS = SPEAKING | frozenset(_SMALL.split())
