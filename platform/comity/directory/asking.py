"""Whom to ask for what: from a State, a function and a matter to the desks there, in order, with the reasons. Pure.

Where no desk has the function, the nearest channels and those who can tell. There is always one or the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comity.directory.hours import OfficeHours, Reachability
from comity.directory.vocabulary import Function, Means, Part, TranslationRule


class Urgency(StrEnum):
    """How much time there is. Emergency: life, or evidence about to be lost."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Reason(StrEnum):
    """Why a desk stands where it stands."""

    DESIGNATED = "designated"
    """A central authority with this function (18(13) for assistance, else the function's own article)."""
    COMPETENT = "competent"
    """Another authority with this function (part B)."""
    OF_THE_TERRITORY = "of_the_territory"
    """It has the territory that was named, which 18(13) lets a State designate a separate authority for."""
    WHOLE_STATE = "whole_state"
    OTHER_TERRITORY = "other_territory"
    """It has some territories, and none was named."""
    SPEAKS_IT = "speaks_it"
    """It accepts the language of the request (18(14))."""
    REACHABLE_NOW = "reachable_now"
    ON_DUTY = "on_duty"
    SHARED_MEANS = "shared_means"


class Wording(StrEnum):
    """What becomes of a request in the language that I have (18(14))."""

    ACCEPTED = "accepted"
    NO_TRANSLATION = "no_translation"
    TRANSLATION = "translation"
    CERTIFIED = "certified"
    DRAFT_FIRST = "draft_first"
    """To be translated; when urgent a draft is looked at."""


class Channel(StrEnum):
    """Where to turn when no desk has the function, the nearest first."""

    CENTRAL_AUTHORITY = "central_authority"
    """It has other functions and can tell who is competent, or pass the request on (18(13))."""
    LAW_ENFORCEMENT = "law_enforcement"
    """From police to police, for what needs no request (27(1))."""
    OTHER_AUTHORITY = "other_authority"
    LIAISON_THERE = "liaison_there"
    """Our liaison magistrate or officer posted there (resolution 8/1, para 5)."""
    LIAISON_HERE = "liaison_here"
    """Theirs, posted with us."""
    NETWORK = "network"
    """A network that both States take part in: its contact points and coordinator (Annex II 1 (e))."""
    INTERPOL = "interpol"
    """In urgent circumstances, where the States agree (18(13))."""
    DIPLOMATIC = "diplomatic"
    """Open to every State (18(13))."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked. territory: of a federal State, in English, or empty. language: ISO 639 code of the request.

    means: what I can send by; none says nothing. from_state: alpha-2 code of the State that asks.
    """

    state: str
    function: Function
    urgency: Urgency
    language: str
    territory: str = ""
    means: frozenset[Means] = frozenset()
    from_state: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known of an authority of the State that is asked. closed_for: a holiday is part of `hours`."""

    id: int
    part: Part
    functions: frozenset[Function]
    territories: tuple[str, ...]
    languages: tuple[str, ...]
    translation: TranslationRule
    draft_when_urgent: bool
    means: tuple[Means, ...]
    oral_when_urgent: bool
    interpol_when_urgent: bool
    duty: str | None
    hours: OfficeHours


@dataclass(frozen=True, slots=True)
class Contact:
    """A liaison posting or network that could help. ref: id of a practitioner, code of a network."""

    channel: Channel
    ref: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A desk to ask, and how. means: those that both sides have, else all that it accepts.

    oral, interpol: possible now, because the matter is urgent (18(14), 18(13)). call_duty: closed now, and there is a
    number for emergencies.
    """

    desk: Desk
    reasons: tuple[Reason, ...]
    wording: Wording
    means: tuple[Means, ...]
    means_shared: bool
    oral: bool
    interpol: bool
    reachable: Reachability
    call_duty: bool


@dataclass(frozen=True, slots=True)
class Nearest:
    """A channel to turn to. ref: id of an authority or practitioner, code of a network; empty for the last two."""

    channel: Channel
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The desks, best first; or, where there is none, the nearest channels. Never are both empty."""

    desks: tuple[Advice, ...]
    nearest: tuple[Nearest, ...]


def ask(matter: Matter, desks: Iterable[Desk], contacts: Sequence[Contact], now: datetime) -> Answer:
    """Whom to ask.

    desks: the authorities of the State asked, in both parts. contacts: liaison postings between the two States and
    networks that both take part in. now: aware.
    """
    known = tuple(desks)
    fit = [desk for desk in known if matter.function in desk.functions and _covers(desk, matter.territory)]
    ranked = sorted(fit, key=lambda desk: (*_rank(desk, matter, now), desk.id))
    if ranked:
        return Answer(tuple(_advice(desk, matter, now) for desk in ranked), ())
    return Answer((), _nearest(matter, known, contacts))


def _covers(desk: Desk, territory: str) -> bool:
    return not territory or not desk.territories or territory in desk.territories


def _rank(desk: Desk, matter: Matter, now: datetime) -> tuple[int, ...]:
    """Lower comes first: the territory, then the designation, then the hour when life is at stake, then the rest."""
    place = matter.territory not in desk.territories if matter.territory else bool(desk.territories)
    awake = matter.urgency is not Urgency.EMERGENCY or desk.duty is not None or desk.hours.at(now).is_open
    return (
        int(place),
        0 if desk.part is Part.A else 1,
        0 if awake else 1,
        0 if matter.language in desk.languages else 1,
        0 if not matter.means or matter.means & set(desk.means) else 1,
    )


def _advice(desk: Desk, matter: Matter, now: datetime) -> Advice:
    urgent = matter.urgency is not Urgency.ROUTINE
    reachable = desk.hours.at(now)
    shared = tuple(means for means in desk.means if means in matter.means)
    call_duty = matter.urgency is Urgency.EMERGENCY and not reachable.is_open and desk.duty is not None
    return Advice(
        desk=desk,
        reasons=_reasons(desk, matter, reachable, bool(shared), call_duty),
        wording=wording(desk, matter),
        means=shared or desk.means,
        means_shared=not matter.means or bool(shared),
        oral=urgent and desk.oral_when_urgent,
        interpol=urgent and desk.interpol_when_urgent,
        reachable=reachable,
        call_duty=call_duty,
    )


def _reasons(desk: Desk, matter: Matter, reachable: Reachability, shared: bool, call_duty: bool) -> tuple[Reason, ...]:
    found = [Reason.DESIGNATED if desk.part is Part.A else Reason.COMPETENT]
    if desk.territories:
        found.append(Reason.OF_THE_TERRITORY if matter.territory else Reason.OTHER_TERRITORY)
    elif matter.territory:
        found.append(Reason.WHOLE_STATE)
    if matter.language in desk.languages:
        found.append(Reason.SPEAKS_IT)
    if shared:
        found.append(Reason.SHARED_MEANS)
    if matter.urgency is Urgency.EMERGENCY and reachable.is_open:
        found.append(Reason.REACHABLE_NOW)
    if call_duty:
        found.append(Reason.ON_DUTY)
    return tuple(found)


def wording(desk: Desk, matter: Matter) -> Wording:
    """What becomes of a request in the language of the matter (18(14))."""
    if matter.language in desk.languages:
        return Wording.ACCEPTED
    if desk.translation is TranslationRule.NOT_REQUIRED:
        return Wording.NO_TRANSLATION
    if desk.draft_when_urgent and matter.urgency is not Urgency.ROUTINE:
        return Wording.DRAFT_FIRST
    return Wording.CERTIFIED if desk.translation is TranslationRule.CERTIFIED else Wording.TRANSLATION


def _nearest(matter: Matter, desks: Sequence[Desk], contacts: Sequence[Contact]) -> tuple[Nearest, ...]:
    """The channels that there are, the diplomatic one always among them."""
    found = [Nearest(_channel(desk), str(desk.id)) for desk in desks]
    found += [Nearest(contact.channel, contact.ref) for contact in contacts]
    if matter.urgency is not Urgency.ROUTINE:
        found.append(Nearest(Channel.INTERPOL))
    found.append(Nearest(Channel.DIPLOMATIC))
    order = list(Channel)
    return tuple(sorted(found, key=lambda one: order.index(one.channel)))


def _channel(desk: Desk) -> Channel:
    if desk.part is Part.A:
        return Channel.CENTRAL_AUTHORITY
    if Function.LAW_ENFORCEMENT_COOPERATION in desk.functions:
        return Channel.LAW_ENFORCEMENT
    return Channel.OTHER_AUTHORITY
