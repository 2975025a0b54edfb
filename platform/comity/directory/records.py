"""An authority as JSON, and the schemas of it. Terms are the values of `vocabulary.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comity.core.api import DAY, INSTANT, TRUTH, Call, Schema, instant, listed, maybe, obj, one_of, text, whole
from comity.directory.models import Authority, LawAndPractice
from comity.directory.names import state_name
from comity.directory.visibility import SeenPractitioner
from comity.directory.vocabulary import (
    AuthorityKind,
    Costs,
    DualCriminality,
    Function,
    Means,
    Part,
    Source,
    TranslationRule,
    VideoHearing,
)  # fmt: skip

_CLOCK = text("HH:MM, in the authority's zone")
_NETWORK = obj(code=text(), name=text())
_HEAD: dict[str, Schema] = {
    "id": whole(least=1),
    "state": text("ISO 3166-1 alpha-2"),
    "state_name": text("In the language of the token's person"),
    "part": one_of(Part),
    "kind": one_of(AuthorityKind),
    "name": text("In English"),
    "name_original": text(),
    "language": text("Of name_original, BCP 47"),
    "functions": listed(one_of(Function)),
    "confirmed_on": DAY,
    "invented": {"type": "boolean", "description": "Whether the entry is of the demonstration"},
    "page": text("For people", format="uri"),
}
SUMMARY = obj(**_HEAD)
_CONTACT = obj(
    mailbox=text(), telephone=text("E.123"), telefax=maybe(text()), duty=maybe(text("Day and night")),
    address=text(), web=maybe(text()),
)  # fmt: skip
_HOURS = obj(zone=text("IANA name"), days=listed(whole("ISO weekday", 1, 7)), opens=_CLOCK, closes=_CLOCK)
_RECEIVING = obj(
    languages_accepted=listed(text("ISO 639; UNTOC 18(14)")), languages_spoken=listed(text("ISO 639")),
    translation=one_of(TranslationRule), draft_when_urgent=TRUTH, means=listed(one_of(Means)),
    electronic_signature=TRUTH, encryption=TRUTH, paper_original=TRUTH, oral_when_urgent=TRUTH,
    interpol_when_urgent=TRUTH, diplomatic_channel=TRUTH,
)  # fmt: skip
_PRACTICE = obj(
    untoc_basis_assistance=TRUTH, untoc_basis_extradition=TRUTH, dual_criminality=one_of(DualCriminality),
    minimum_penalty=text(), evidentiary_threshold=text(), use_limitation=text(), costs=one_of(Costs),
    documents=listed(text()), video_hearing=one_of(VideoHearing), months_to_execute=whole(),
)  # fmt: skip
_TRUST = obj(
    source=one_of(Source), notified_on=DAY, confirmed_on=DAY, confirmed_by=text("A function, no person"),
    next_review_on=DAY, updated_at=INSTANT,
)  # fmt: skip
AUTHORITY = obj(
    **_HEAD,
    unit=text(),
    parent=text(),
    contact=_CONTACT,
    hours=_HOURS,
    receiving=_RECEIVING,
    practice=maybe(_PRACTICE),
    trust=_TRUST,
    networks=listed(_NETWORK),
    people=listed(
        obj(
            id=text("Stable"),
            name=text("As the person writes it"),
            name_latin=text(),
            post=text(),
            role=text(),
            contact=listed(obj(kind=text(), value=text(), functional=TRUTH)),
        )
    ),
)
_RECEIVED = tuple(_RECEIVING["properties"])
_PRACTISED = tuple(_PRACTICE["properties"])


def summary(authority: Authority, call: Call) -> dict[str, Any]:
    """An authority in a list."""
    return {
        "id": authority.id,
        "state": authority.state_iso2,
        "state_name": state_name(authority.state_iso2, call.actor.locale),
        "part": authority.part.value,
        "kind": authority.kind.value,
        "name": authority.name_en,
        "name_original": authority.name_original,
        "language": authority.original_language,
        "functions": authority.functions,
        "confirmed_on": authority.confirmed_on.isoformat(),
        "invented": authority.demonstration,
        "page": call.page(f"/directory/authorities/{authority.id}"),
    }


def record(authority: Authority, people: Iterable[SeenPractitioner], call: Call) -> dict[str, Any]:
    """Everything that the directory has of an authority."""
    hours = authority.hours
    return {
        **summary(authority, call),
        "unit": authority.unit,
        "parent": authority.parent,
        "contact": {name: getattr(authority, name) for name in _CONTACT["properties"]},
        "hours": {
            "zone": hours.zone,
            "days": sorted(hours.days),
            "opens": f"{authority.opens:%H:%M}",
            "closes": f"{authority.closes:%H:%M}",
        },
        "receiving": {name: getattr(authority, name) for name in _RECEIVED},
        "practice": _practice(authority.practice),
        "trust": {
            "source": authority.source.value,
            "notified_on": authority.notified_on.isoformat(),
            "confirmed_on": authority.confirmed_on.isoformat(),
            "confirmed_by": authority.confirmed_by,
            "next_review_on": authority.next_review_on.isoformat(),
            "updated_at": instant(authority.updated_at),
        },
        "networks": [{"code": network.code, "name": network.name} for network in authority.state.networks],
        "people": [_person(one) for one in people],
    }


def _practice(practice: LawAndPractice | None) -> dict[str, Any] | None:
    return {name: getattr(practice, name) for name in _PRACTISED} if practice is not None else None


def _person(one: SeenPractitioner) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "name": one.listed_name,
        "name_latin": one.name_latin,
        "post": one.post,
        "role": one.role.value,
        "contact": [
            {"kind": detail.kind.value, "value": detail.value, "functional": detail.functional}
            for detail in one.details
        ],
    }
