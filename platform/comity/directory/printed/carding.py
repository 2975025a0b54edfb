"""Records of the directory as cards: authorities, and practitioners as one viewer may see them."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory import networks, roster, services
from comity.directory.models import Authority, State
from comity.directory.names import state_name
from comity.directory.printed.vcards import Card, Number
from comity.directory.visibility import SeenPractitioner
from comity.directory.vocabulary import DetailKind

_NUMBERS = {
    DetailKind.TELEPHONE: ("work", "voice"),
    DetailKind.MOBILE: ("work", "cell"),
    DetailKind.TELEFAX: ("work", "fax"),
}


def of_authority(session: Session, actor: Actor, authority_id: int, base_url: str) -> list[Card]:
    """The card of an authority. Raises NotFound."""
    return [authority_card(services.authority(session, actor, authority_id), base_url)]


def of_person(session: Session, actor: Actor, public_id: str, base_url: str) -> list[Card]:
    """The card of a practitioner as the actor may see them. Raises NotFound."""
    return [person_card(roster.person(session, actor, public_id), base_url)]


def of_state(session: Session, actor: Actor, iso2: str, base_url: str) -> list[Card]:
    """The cards of a State's authorities and of the people in them. Raises NotFound."""
    found = services.state(session, actor, iso2)
    people = [one for authority in found.authorities for one in roster.people_of(session, actor, authority.id)]
    return [
        *(authority_card(one, base_url) for one in found.authorities),
        *(person_card(one, base_url) for one in people),
    ]


def of_network(session: Session, actor: Actor, code: str, base_url: str) -> list[Card]:
    """The cards of the authorities of a network's members, and of the people who take part. Raises NotFound."""
    found = networks.network(session, actor, code)
    codes = [state.iso2 for state in found.members]
    query = select(Authority).where(Authority.state_iso2.in_(codes)).order_by(Authority.state_iso2, Authority.id)
    authorities = session.scalars(query.options(selectinload(Authority.state).selectinload(State.networks)))
    cards = [authority_card(one, base_url) for one in authorities]
    cards += [person_card(one, base_url) for one in roster.people_in_network(session, actor, code)]
    if not cards:
        raise NotFound
    return cards


def authority_card(one: Authority, base_url: str) -> Card:
    """An authority as a card."""
    differs = one.name_original.casefold() != one.name_en.casefold()
    numbers = [Number(one.telephone, ("work", "voice"))]
    numbers += [Number(one.duty, ("work", "voice"))] if one.duty else []
    numbers += [Number(one.telefax, ("work", "fax"))] if one.telefax else []
    return Card(
        uid=_uid("authority", one.code),
        name=one.name_original,
        latin=one.name_en if differs else "",
        language=one.original_language,
        revised=one.updated_at,
        is_organization=True,
        organization=_units(one.parent, one.name_en, one.unit),
        numbers=tuple(numbers),
        emails=(one.mailbox,),
        address=one.address,
        country=state_name(one.state_iso2, "en"),
        web=one.web or "",
        languages=tuple(dict.fromkeys([*one.languages_accepted, *one.languages_spoken])),
        zone=one.zone,
        source=f"{base_url}/directory/authorities/{one.id}",
        categories=("Comity", state_name(one.state_iso2, "en")),
    )


def person_card(one: SeenPractitioner, base_url: str) -> Card:
    """A practitioner as a card: nothing that is not in the seen one."""
    emails = [detail.value for detail in one.details if detail.kind is DetailKind.EMAIL]
    numbers = [Number(d.value, _NUMBERS[d.kind]) for d in one.details if d.kind is not DetailKind.EMAIL]
    return Card(
        uid=_uid("practitioner", one.public_id),
        name=one.name,
        latin="" if one.name_latin.casefold() == one.name.casefold() else one.name_latin,
        language=one.language,
        revised=one.updated_at,
        is_organization=False,
        organization=(one.authority_name,),
        title=one.post,
        numbers=tuple(numbers),
        emails=tuple(emails),
        country=state_name(one.state, "en"),
        languages=tuple(code for code, _level in one.languages),
        zone=one.hours.zone,
        source=f"{base_url}/directory/people/{one.public_id}",
        categories=("Comity", state_name(one.state, "en")),
    )


def _units(*names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name)


def _uid(kind: str, key: str) -> str:
    """A card that is fetched again replaces the one before (RFC 6350, 6.7.6; RFC 9562, 5.5)."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:comity:{kind}:{key}')}"
