"""Whom do I ask? A form whose address can be shared, and the desks or channels that answer it."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from comity.core.web import access, reading
from comity.directory import services
from comity.directory.access import may_view_directory
from comity.directory.asking import Matter, Urgency
from comity.directory.counsel import counsel, territories
from comity.directory.counselling import advised, channels, urgency_words
from comity.directory.labels import label
from comity.directory.models import State
from comity.directory.names import language_name, sorting_key, state_name
from comity.directory.present import function_words
from comity.directory.readers import reader
from comity.directory.search import concepts
from comity.directory.vocabulary import Function, Means


@access(may_view_directory)
def ask() -> str:
    """The form, and the answer once a State is chosen.

    `?state=TH&function=extradition&territory=&urgency=urgent&language=en&means=email`
    """
    me = reader()
    with reading() as session:
        states = services.all_states(session, me.actor)
        matter = _matter({state.iso2: state for state in states}, me.actor.states)
        found = counsel(session, me.actor, matter, me.now) if matter.state else None
        return render_template(
            "directory/ask.html",
            matter=matter,
            state=state_name(matter.state, me.language) if matter.state else "",
            states=sorted(
                ((state.iso2, state_name(state.iso2, me.language)) for state in states),
                key=lambda pair: sorting_key(pair[1]),
            ),
            functions=[(function.value, function_words(function)) for function in Function],
            territories=[(name, name) for name in territories(session, matter.state)],
            urgencies=[(urgency.value, *urgency_words(urgency)) for urgency in Urgency],
            languages=_languages(me.language),
            means=[(means.value, _(label(means)), means in matter.means) for means in Means],
            advised=advised(found, matter, me) if found else [],
            channels=channels(found, matter, me) if found else [],
        )


def _matter(states: dict[str, State], mine: frozenset[str]) -> Matter:
    """The question in the address; what means nothing is left out."""
    asked = request.args
    function, urgency, language = asked.get("function", ""), asked.get("urgency", ""), asked.get("language", "")
    state = asked.get("state", "").upper()
    return Matter(
        state=state if state in states else "",
        function=Function(function) if function in set(Function) else Function.MUTUAL_LEGAL_ASSISTANCE,
        urgency=Urgency(urgency) if urgency in set(Urgency) else Urgency.ROUTINE,
        language=language if language in concepts.known_languages() else str(get_locale() or "en"),
        territory=asked.get("territory", "")[:100],
        means=frozenset(Means(means) for means in asked.getlist("means") if means in set(Means)),
        from_state=min(mine, default=""),
    )


def _languages(language: str) -> list[tuple[str, str]]:
    pairs = ((code, language_name(code, language)) for code in concepts.official_languages())
    return sorted(pairs, key=lambda pair: sorting_key(pair[1]))
