"""Sentences for what happens in a consultation besides messages. Pure.

Domains above write the entries (`room_joined` and its like); the reader sees a sentence in their own language.
"""

from __future__ import annotations

from comity.core.i18n import N_, catalogue

_SENTENCES: dict[str, str] = {
    "opened": N_("%(name)s started the consultation."),
    "room_joined": N_("%(name)s joined the room."),
    "room_left": N_("%(name)s left the room."),
    "room_finished": N_("The room was closed."),
}


def sentence(kind: str, name: str, locale: str) -> str:
    """What an entry of this kind says; empty for one that nobody needs to see. name: who did it."""
    template = _SENTENCES.get(kind)
    return catalogue(locale).gettext(template) % {"name": name} if template else ""
