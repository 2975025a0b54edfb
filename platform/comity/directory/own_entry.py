"""What a practitioner says of themselves, or their focal point of them: the entry, and who sees which detail.

Personal values stand in no journal: it names the fields that changed, and the values of what is not personal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import checks, keeping
from comity.directory.access import may_edit_entry
from comity.directory.models import Network
from comity.directory.record import ContactDetail, Practitioner
from comity.directory.search.index import index_person, raise_version
from comity.directory.vocabulary import DetailKind, LanguageLevel, Speciality, Visibility

MOST_DETAILS, MOST_LANGUAGES = 12, 12
_PERSONAL = ("name", "name_latin", "title")


@dataclass(frozen=True, slots=True)
class TypedDetail:
    """A contact detail as it was typed. An empty value takes it away."""

    kind: str
    value: str
    functional: bool
    visibility: str


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """An entry as it was typed. languages: code and level. networks: codes. zone: empty for the authority's hours.

    deputy: public id of a colleague, or empty.
    """

    name: str
    name_latin: str
    language: str
    title: str
    languages: tuple[tuple[str, str], ...]
    specialities: tuple[str, ...]
    networks: tuple[str, ...]
    details: tuple[TypedDetail, ...]
    zone: str
    days: str
    opens: str
    closes: str
    deputy: str


def own_id(session: Session, actor: Actor) -> str | None:
    """The public id of the actor's own entry; None for whoever is not listed."""
    return session.scalars(select(Practitioner.public_id).where(Practitioner.account_id == actor.account_id)).first()


def editable(session: Session, actor: Actor, public_id: str) -> Practitioner:
    """The entry for whoever may change it: the person, or their focal point. Raises NotFound for everybody else."""
    query = select(Practitioner).where(Practitioner.public_id == public_id)
    found = session.scalars(
        query.options(selectinload(Practitioner.details), selectinload(Practitioner.networks))
    ).one_or_none()
    if found is None or not may_edit_entry(actor, found.authority_id, found.account_id):
        raise NotFound
    return found


def networks_offered(session: Session, one: Practitioner) -> list[Network]:
    """The networks that a person may say they take part in: those of their State, and those they are in.

    Others would let people see what is shown within a network that has nothing to do with them.
    """
    found = {network.code: network for network in (*one.authority.state.networks, *one.networks)}
    return sorted(found.values(), key=lambda network: network.name)


def colleagues(session: Session, one: Practitioner) -> list[Practitioner]:
    """Who may stand in for a person: the others of the same authority."""
    query = select(Practitioner).where(Practitioner.authority_id == one.authority_id, Practitioner.id != one.id)
    return list(session.scalars(query.order_by(Practitioner.name_latin)))


def save(session: Session, actor: Actor, now: datetime, public_id: str, typed: TypedEntry) -> Practitioner:
    """Change an entry. Raises NotFound, and Invalid with the field."""
    found = editable(session, actor, public_id)
    keeping.hold(session, found)
    old, old_personal, old_details = _values(found), _personal(found), _details(found)
    _take_name(found, typed)
    found.languages = _languages(typed.languages)
    found.specialities = sorted({checks.term(one, Speciality, "specialities").value for one in typed.specialities})
    found.networks = _networks(session, found, typed.networks)
    found.deputy = _deputy(session, found, typed.deputy)
    _take_hours(found, typed)
    _take_details(found, typed.details)
    found.updated_at = now
    session.flush()
    changes = keeping.differences(old, _values(found))
    fields = [name for name, value in _personal(found).items() if old_personal[name] != value]
    fields += ["details"] if _details(found) != old_details else []
    if changes or fields:
        payload = {"changes": changes, "fields": fields}
        keeping.note(session, found, actor, now, "practitioner.changed", payload)
        index_person(session, found)
        raise_version(session)
    return found


def _take_name(one: Practitioner, typed: TypedEntry) -> None:
    one.name, one.name_latin = checks.line(typed.name, "name"), checks.line(typed.name_latin, "name_latin")
    if not one.name_latin.isascii() and any(letter.isalpha() and ord(letter) > 0x24F for letter in one.name_latin):
        raise Invalid(N_("Please write the name in Latin letters."), field="name_latin")
    one.language = checks.language_tag(typed.language, "language")
    one.title = checks.line(typed.title, "title", needed=False, longest=60)


def _languages(typed: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, (code, level) in enumerate(typed[:MOST_LANGUAGES], start=1):
        if code.strip():
            field = f"language-{number}"
            found[checks.language(code.strip(), field)] = checks.term(level, LanguageLevel, field).value
    return found


def _networks(session: Session, one: Practitioner, codes: tuple[str, ...]) -> list[Network]:
    offered = {network.code: network for network in networks_offered(session, one)}
    if not set(codes) <= set(offered):
        raise Invalid(N_("Please choose one of those offered."), field="networks")
    return [offered[code] for code in offered if code in codes]


def _deputy(session: Session, one: Practitioner, public_id: str) -> Practitioner | None:
    if not public_id:
        return None
    found = next((other for other in colleagues(session, one) if other.public_id == public_id), None)
    if found is None:
        raise Invalid(N_("Please choose one of those offered."), field="deputy")
    return found


def _take_hours(one: Practitioner, typed: TypedEntry) -> None:
    if not typed.zone:
        one.zone = one.office_days = one.opens = one.closes = None
        return
    hours = checks.office_hours(typed.zone, typed.days, typed.opens, typed.closes, "opens")
    one.zone, one.opens, one.closes = hours.zone, hours.opens, hours.closes
    one.office_days = "".join(str(day) for day in sorted(hours.days))


def _take_details(one: Practitioner, typed: tuple[TypedDetail, ...]) -> None:
    """Details that stay keep their row, and with it whether mail to them came back."""
    kept = {(detail.kind, detail.value): detail for detail in one.details}
    found: dict[tuple[DetailKind, str], ContactDetail] = {}
    for number, row in enumerate(typed[:MOST_DETAILS], start=1):
        if not row.value.strip():
            continue
        kind = checks.term(row.kind, DetailKind, f"detail-{number}")
        check = checks.email if kind is DetailKind.EMAIL else checks.telephone
        value = check(row.value, f"detail-{number}")
        detail = kept.get((kind, value)) or ContactDetail(kind=kind, value=value)
        detail.functional = row.functional
        detail.visibility = checks.term(row.visibility, Visibility, f"detail-{number}")
        found[kind, value] = detail
    one.details = list(found.values())


def _values(one: Practitioner) -> dict[str, object]:
    said = {name: getattr(one, name) for name in ("language", "zone", "office_days", "opens", "closes")}
    return said | {
        "languages": dict(sorted(one.languages.items())),
        "specialities": sorted(one.specialities),
        "networks": sorted(network.code for network in one.networks),
        "deputy": one.deputy.public_id if one.deputy else None,
    }


def _personal(one: Practitioner) -> dict[str, str]:
    return {name: getattr(one, name) for name in _PERSONAL}


def _details(one: Practitioner) -> set[tuple[str, str, bool, str]]:
    return {(row.kind.value, row.value, row.functional, row.visibility.value) for row in one.details}
