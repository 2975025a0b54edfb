"""Three authorities with officers, and a secretariat: enough to consult, and to be refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from comity.consultations.threads import Opening, post_message, start
from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.directory.models import Authority, State
from comity.directory.posts import Post, appoint
from comity.directory.vocabulary import AuthorityKind, Part, RegionalGroup, Source, StateKind, TranslationRule
from comity.people.models import Account

BEGAN = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
_STATES = {"AT": ("AUT", "Europe/Vienna"), "TH": ("THA", "Asia/Bangkok"), "KE": ("KEN", "Africa/Nairobi")}


@dataclass(frozen=True)
class World:
    """anton and clara: Austria. somsri: Thailand. amina: Kenya. noor: secretariat, no post."""

    anton: Actor
    clara: Actor
    somsri: Actor
    amina: Actor
    noor: Actor
    austria: int
    thailand: int
    kenya: int

    def opening(self, **changes: str | int) -> Opening:
        fields: dict[str, str | int] = {
            "authority_id": self.thailand,
            "subject": "Bank records, operation Larch",
            "stage": "before-submission",
            "kind": "mutual-legal-assistance",
            "side": "requesting",
            "reference": "INT/88/26",
            "client_id": "opening-1",
        }
        return Opening(**(fields | changes))  # type: ignore[arg-type]


def build(database: Database) -> World:
    """Fill an empty database."""
    with database.writing() as session:
        authorities = {iso2: _authority(session, iso2) for iso2 in _STATES}
        people = {
            "anton": _officer(session, authorities["AT"], "Anton Muster", "en"),
            "clara": _officer(session, authorities["AT"], "Clara Beispiel", "fr"),
            "somsri": _officer(session, authorities["TH"], "Somsri Tuayang", "en"),
            "amina": _officer(session, authorities["KE"], "Amina Mfano", "en"),
            "noor": _account(session, "Noor Sample", "en", "Europe/Vienna", roles=["secretariat"]),
        }
        actors = {name: actor_for(session, account, BEGAN) for name, account in people.items()}
        return World(
            **actors,
            austria=authorities["AT"].id,
            thailand=authorities["TH"].id,
            kenya=authorities["KE"].id,
        )


def opened(database: Database, world: World, at: datetime = BEGAN, **changes: str | int) -> str:
    """A consultation of Austria with Thailand, by anton; its public id."""
    with database.writing() as session:
        return start(session, world.anton, at, world.opening(**changes)).public_id


def said(database: Database, actor: Actor, public_id: str, body: str, after: timedelta, client_id: str = "") -> int:
    """A message, some time after the world began; its position."""
    name = client_id or f"client-{actor.account_id}-{int(after.total_seconds())}"
    with database.writing() as session:
        return post_message(session, actor, BEGAN + after, public_id=public_id, client_id=name, body=body).position


def _authority(session: Session, iso2: str) -> Authority:
    iso3, zone = _STATES[iso2]
    session.add(
        State(
            iso2=iso2, iso3=iso3, kind=StateKind.MEMBER_STATE, region=next(iter(RegionalGroup)), party=True, zone=zone,
            languages=["en"], also=[],
        )
    )  # fmt: skip
    authority = Authority(
        code=f"{iso2.lower()}-a", state_iso2=iso2, part=Part.A, kind=AuthorityKind.CENTRAL_AUTHORITY,
        name_en=f"Central Authority of {iso2}", name_original=f"Original {iso2}", original_language="en", unit="",
        parent="", functions=[], mailbox=f"mla@{iso2.lower()}.example", telephone="", address="", zone=zone,
        office_days="12345", opens=time(9), closes=time(17), languages_accepted=["en"], languages_spoken=["en"],
        translation=next(iter(TranslationRule)), draft_when_urgent=True, means=[], electronic_signature=False,
        encryption=False, paper_original=False, oral_when_urgent=True, interpol_when_urgent=True,
        diplomatic_channel=False, source=next(iter(Source)), notified_on=date(2026, 1, 1),
        confirmed_on=date(2026, 1, 1), confirmed_by="", next_review_on=date(2027, 1, 1), demonstration=True,
        updated_at=BEGAN,
    )  # fmt: skip
    session.add(authority)
    session.flush()
    return authority


def _officer(session: Session, authority: Authority, name: str, locale: str) -> Account:
    account = _account(session, name, locale, authority.zone, roles=[])
    post = Post(authority_id=authority.id, title=f"Desk of {name}", created_at=BEGAN)
    session.add(post)
    session.flush()
    appoint(session, post, account, BEGAN - timedelta(days=30))
    return account


def _account(session: Session, name: str, locale: str, zone: str, roles: list[str]) -> Account:
    email = f"{name.split()[0].lower()}@comity.example"
    account = Account(email=email, display_name=name, locale=locale, zone=zone, roles=roles, created_at=BEGAN)
    session.add(account)
    session.flush()
    return account
