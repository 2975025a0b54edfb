"""The directory as a printed book: the whole of it in two parts, as the Annex asks, or one State's entry.

Everything in it is functional: no person is printed. Texts are gathered here in the language that was chosen, outside
of any request; `typesetting.py` makes the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import get_day_names
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.core.i18n import N_, catalogue, listed, text_direction
from comity.core.times import city, day
from comity.directory import notices
from comity.directory.access import may_view_directory
from comity.directory.hours import weekday_runs
from comity.directory.labels import label
from comity.directory.models import Authority, State
from comity.directory.names import language_name, sorting_key, state_name
from comity.directory.record import Notification
from comity.directory.vocabulary import Function, Part

Progress = Callable[[int, int], None]
_LTR = "ltr"


@dataclass(frozen=True, slots=True)
class Book:
    """What is printed. language: of the texts. content: what the template sets, as JSON values."""

    language: str
    content: dict[str, Any]


class _Writer:
    """Says the record in one language."""

    def __init__(self, language: str) -> None:
        self.language, self._texts = language, catalogue(language)

    def say(self, message: str, **values: object) -> str:
        words = self._texts.gettext(message)
        return words % values if values else words

    def term(self, one: Any) -> str:
        return self.say(label(one))

    def names(self, codes: Iterable[str]) -> str:
        return listed((language_name(code, self.language) for code in codes), self.language)

    def function(self, one: Function) -> str:
        article = self.say(label(one.provision.instrument), article=one.provision.article)
        return f"{self.term(one)} · {article}"

    def fact(self, name: str, text: str, direction: str = "") -> dict[str, str]:
        return {"name": self.say(name), "text": text, "direction": direction}

    def hours(self, one: Authority) -> str:
        names = get_day_names("abbreviated", locale=self.language)
        runs = [names[a - 1] if a == b else f"{names[a - 1]}–{names[b - 1]}" for a, b in weekday_runs(one.hours.days)]
        clock = f"{one.opens:%H:%M}–{one.closes:%H:%M}"
        days = listed(runs, self.language)
        return self.say(
            N_("%(days)s, %(hours)s (%(city)s)"), days=days, hours=clock, city=city(one.zone, self.language)
        )

    def authority(self, one: Authority, *, full: bool) -> dict[str, Any]:
        """An authority as the template takes it. full: with law and practice."""
        return {
            "name": one.name_en,
            "native": "" if one.name_original == one.name_en else one.name_original,
            "native_language": one.original_language.partition("-")[0],
            "native_direction": text_direction(one.original_language),
            "unit": " · ".join(filter(None, (one.unit, one.parent))),
            "kind": self.term(one.kind),
            "functions": [self.function(function) for function in one.designations],
            "facts": [*self._contact(one), *self._receiving(one), *(self._practice(one) if full else ())],
        }

    def _contact(self, one: Authority) -> Iterable[dict[str, str]]:
        if one.territories:
            yield self.fact(N_("Territories"), listed(one.territories, self.language))
        yield self.fact(N_("Postal address"), one.address, text_direction(one.original_language))
        yield self.fact(N_("Functional mailbox"), one.mailbox, _LTR)
        yield self.fact(N_("Telephone"), one.telephone, _LTR)
        if one.duty:
            yield self.fact(N_("Duty, day and night"), one.duty, _LTR)
        if one.telefax:
            yield self.fact(N_("Telefax"), one.telefax, _LTR)
        if one.web:
            yield self.fact(N_("Web page"), one.web, _LTR)
        yield self.fact(N_("Hours"), self.hours(one))

    def _receiving(self, one: Authority) -> Iterable[dict[str, str]]:
        yield self.fact(N_("Languages accepted"), self.names(one.languages_accepted))
        yield self.fact(N_("Translation"), self.term(one.translation))
        yield self.fact(N_("Means of transmission"), listed(map(self.term, one.transmission), self.language))
        urgent = [
            self.say(words)
            for allowed, words in (
                (one.oral_when_urgent, N_("Oral request when urgent")),
                (one.interpol_when_urgent, N_("Through INTERPOL when urgent")),
            )
            if allowed
        ]
        if urgent:
            yield self.fact(N_("When it is urgent"), listed(urgent, self.language))
        confirmed = f"{day(one.confirmed_on, self.language)} ({one.confirmed_by})"
        yield self.fact(N_("Confirmed on"), confirmed)

    def _practice(self, one: Authority) -> Iterable[dict[str, str]]:
        found = one.practice
        if found is None:
            return
        yield self.fact(N_("Dual criminality"), self.term(found.dual_criminality))
        for name, text in (
            (N_("Minimum penalty"), found.minimum_penalty),
            (N_("Evidentiary threshold"), found.evidentiary_threshold),
            (N_("Documents wanted"), "; ".join(found.documents)),
            (N_("Limits on use"), found.use_limitation),
        ):
            if text:
                yield self.fact(name, text, _LTR)
        yield self.fact(N_("Hearing by video"), self.term(found.video_hearing))
        yield self.fact(N_("Costs"), self.term(found.costs))

    def notice(self, one: Notification) -> dict[str, Any]:
        instrument, article = one.provision.provision
        text, language = (
            (one.english, "en") if one.english and self.language != one.language else (one.text, one.language)
        )
        return {
            "heading": f"{self.term(one.provision)} · {self.say(label(instrument), article=article)}",
            "status": self.term(one.status),
            "deposited": day(one.deposited_on, self.language) if one.deposited_on else "",
            "text": text,
            "direction": text_direction(language),
            "language": language.partition("-")[0],
        }


def gather(session: Session, actor: Actor, language: str, now: datetime, progress: Progress) -> Book:
    """The whole directory: part A, then part B, each by State in the order of the language. Raises NotFound."""
    _check(actor)
    writer, states = _Writer(language), _states(session, language)
    parts: dict[Part, list[dict[str, Any]]] = {part: [] for part in Part}
    for number, state in enumerate(states):
        if number % 10 == 0:
            progress(number, len(states))
        for part in Part:
            found = [writer.authority(one, full=False) for one in state.authorities if one.part is part]
            if found:
                parts[part].append({"name": state_name(state.iso2, language), "authorities": found})
    progress(len(states), len(states))
    content = _covered(writer, writer.say(N_("Directory of authorities")), now)
    content["parts"] = [{"title": writer.term(part), "states": parts[part]} for part in Part]
    content["demonstration"] = _warning(writer, (one for state in states for one in state.authorities))
    return Book(language, content)


def entry(session: Session, actor: Actor, iso2: str, language: str, now: datetime) -> Book:
    """One State's entry, with what it notified. Raises NotFound."""
    _check(actor)
    query = select(State).where(State.iso2 == iso2.upper()).options(
        selectinload(State.authorities).joinedload(Authority.practice), selectinload(State.networks))  # fmt: skip
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    writer, name = _Writer(language), state_name(found.iso2, language)
    content = _covered(writer, name, now)
    content["parts"] = [
        {"title": writer.term(part), "states": [{"name": "", "authorities": entries}]}
        for part in Part
        if (entries := [writer.authority(one, full=True) for one in found.authorities if one.part is part])
    ]
    content["networks"] = listed([one.name for one in found.networks], language) if found.networks else ""
    content["notices"] = [writer.notice(chain.head) for chain in notices.chains(session, actor, found.iso2)]
    content["demonstration"] = _warning(writer, found.authorities)
    content["contents"] = ""
    return Book(language, content)


def _covered(writer: _Writer, title: str, now: datetime) -> dict[str, Any]:
    """What stands on the cover, in the running lines and over the lists."""
    return {
        "language": writer.language,
        "direction": text_direction(writer.language),
        "title": title,
        "of": "Comity",
        "as_at": writer.say(N_("As at %(date)s"), date=day(now.date(), writer.language)),
        "date": now.date().isoformat(),
        "contents": writer.say(N_("Contents")),
        "networks_title": writer.say(N_("Regional networks")),
        "notices_title": writer.say(N_("Notifications")),
        "networks": "",
        "notices": [],
    }


def _warning(writer: _Writer, authorities: Iterable[Authority]) -> str:
    if not any(one.demonstration for one in authorities):
        return ""
    return writer.say(
        N_("Demonstration entry: invented contact details, no real person. Do not use it for a real case.")
    )


def _states(session: Session, language: str) -> Sequence[State]:
    query = select(State).where(State.authorities.any()).options(selectinload(State.authorities))
    found = session.scalars(query).all()
    return sorted(found, key=lambda state: sorting_key(state_name(state.iso2, language)))


def _check(actor: Actor) -> None:
    if not may_view_directory(actor):
        raise NotFound
