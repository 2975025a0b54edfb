"""No exit shows what its viewer may not see. Another exit is one line in `EXITS`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from comity.app import assets
from comity.core.db import Database
from comity.directory.exchange.sheets import BY_NAME
from comity.directory.exchange.tasks import Safe
from comity.directory.exchange.worker import Worker
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority, Network
from comity.directory.record import ContactDetail, LiaisonPosting, Practitioner
from comity.directory.vocabulary import DetailKind, PractitionerRole, Vetting, Visibility
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, JORDAN, KENYA, SECRETARIAT, THAILAND

ANAN, FOCAL = "anan.tuayang@attorney.th.example", THAILAND
NAME, ASKED = "Zenobia Xylander", "email-members-marker"


@dataclass(frozen=True)
class World:
    """Somebody of the Thai authority who is posted in Austria, with a detail of each kind and visibility."""

    database: Database
    person: int
    public_id: str
    authority: int


EXITS: dict[str, Callable[[World], str]] = {
    "page": lambda world: f"/directory/people/{world.public_id}",
    "authority": lambda world: f"/directory/authorities/{world.authority}",
    "State that posts": lambda world: "/directory/states/TH",
    "State of the posting": lambda world: "/directory/states/AT",
    "network": lambda world: "/directory/networks/seajust",
    "search": lambda world: f"/directory?q={NAME}",
    "search as you type": lambda world: f"/directory/search.json?q={NAME}",
    "search for a detail": lambda world: f"/directory?q={ASKED}",
    "edit": lambda world: f"/directory/people/{world.public_id}/edit",
    "card": lambda world: f"/directory/cards/people/{world.public_id}.vcf",
    "card 3.0": lambda world: f"/directory/cards/people/{world.public_id}.vcf?version=3.0",
    "cards of a State": lambda world: "/directory/cards/states/TH.vcf",
    "cards of a network": lambda world: "/directory/cards/networks/seajust.vcf",
    "printed entry": lambda world: "/directory/print/states/TH.pdf",
    "export as CSV": lambda world: "export csv",
    "export as JSON": lambda world: "export json",
    "export as XLSX": lambda world: "export xlsx",
    "printed book": lambda world: "book",
    "liaison form": lambda world: f"/directory/people/{world.public_id}/liaison",
}
SLOW = {"export as JSON", "export as XLSX", "printed book"}
"""Another form of what other exits gather: tried with each viewer, not with each stage of vetting as well."""

VIEWERS = {
    "a member": (AUSTRIA, {Visibility.MEMBERS}),
    "one of the network": (ANAN, {Visibility.MEMBERS, Visibility.NETWORKS}),
    "a coordinator of the network": (JORDAN, {Visibility.MEMBERS, Visibility.NETWORKS}),
    "the focal point": (FOCAL, set(Visibility)),
    "the secretariat": (SECRETARIAT, set(Visibility)),
    "the person": (KENYA, set(Visibility)),
}
KNOW_ALWAYS = {"the focal point", "the secretariat", "the person"}


def marker(kind: DetailKind, visibility: Visibility) -> str:
    """A value that stands nowhere else."""
    return f"{kind.value}-{visibility.value}-marker"


MARKERS = {marker(kind, visibility): visibility for kind in DetailKind for visibility in Visibility}


@pytest.fixture(scope="module")
def world(engines: Engines) -> Iterator[World]:
    with engines.sqlite() as database:
        with database.writing() as session:
            load_reference(session)
            load_demonstration(session, NOW)
            authority = session.scalars(select(Authority).where(Authority.code == "th-a")).one()
            # Kenya's practitioner becomes this person; Jordan's head coordinates the network below.
            one = session.scalars(select(Practitioner).where(Practitioner.name == "Amina Mfano")).one()
            one.name = one.name_latin = NAME
            one.authority, one.role, one.deputy = authority, PractitionerRole.LIAISON_MAGISTRATE, None
            one.networks = [session.get_one(Network, "seajust"), session.get_one(Network, "las")]
            one.details = [
                ContactDetail(kind=kind, value=marker(kind, visibility), functional=True, visibility=visibility)
                for kind in DetailKind
                for visibility in Visibility
            ]
            one.liaison = LiaisonPosting(host_iso2="AT", city="Vienna", covers=["AT"], since=NOW.date())
            # Jordan takes part in no network of this person's, but coordinates one.
            layla = session.scalars(select(Practitioner).where(Practitioner.name_latin == "Layla Mithal")).one()
            layla.networks = []
            session.flush()
            made = World(database, one.id, one.public_id, authority.id)
        yield made


@pytest.fixture(scope="module")
def visitors(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visitor]:
    application = make_application(world.database, tmp_path_factory.mktemp("application"), SetClock(NOW))
    return {name: Visitor(application).sign_in(email) for name, (email, _sees) in VIEWERS.items()}


def look(world: World, visitor: Visitor, path: str) -> tuple[int, str]:
    """What comes back, as text. Of a file that is asked for and made: what is in it."""
    if path.startswith("/"):
        answer = visitor.get(path)
        return answer.status_code, _readable(answer.data)
    form = {"sheets": list(BY_NAME), "form": path.partition(" ")[2]} if path != "book" else {"language": "en"}
    asked = visitor.post(f"/directory/exchange/{path.partition(' ')[0]}", form, page="/directory/exchange")
    if asked.status_code != 303:
        return asked.status_code, asked.text
    config = visitor.application.extensions["comity"].config
    Worker(world.database, SetClock(NOW), Safe(config.secret_key), assets.static_root() / "fonts").run_all()
    answer = visitor.get(f"{asked.location}/file")
    visitor.post(f"{asked.location}/cancel", page="/directory/exchange")
    return answer.status_code, _readable(answer.data)


def _readable(content: bytes) -> str:
    """The text of an answer: of each part of a ZIP file, of each page of a PDF, of an unfolded card."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())
    if content.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.replace(b"\r\n ", b"").decode()


def set_vetting(world: World, vetting: Vetting) -> None:
    with world.database.writing() as session:
        session.get_one(Practitioner, world.person).vetting = vetting


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("way", EXITS)
def test_an_exit_shows_nothing_beyond_what_its_viewer_may_see(
    world: World, visitors: dict[str, Visitor], way: str, viewer: str
) -> None:
    set_vetting(world, Vetting.ACTIVE)
    text = look(world, visitors[viewer], EXITS[way](world))[1]
    if way == "search for a detail":  # the page repeats what was asked
        text = text.replace(ASKED, "")
    shown = {value for value in MARKERS if value in text}
    assert {MARKERS[value] for value in shown} <= VIEWERS[viewer][1]


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize(
    "way",
    [
        "page",
        "authority",
        "State of the posting",
        "network",
        "card",
        "cards of a network",
        "export as CSV",
        "export as XLSX",
    ],
)
def test_who_may_see_a_detail_does(world: World, visitors: dict[str, Visitor], way: str, viewer: str) -> None:
    set_vetting(world, Vetting.ACTIVE)
    text = look(world, visitors[viewer], EXITS[way](world))[1]
    assert {value for value in MARKERS if value in text} == {
        value for value, visibility in MARKERS.items() if visibility in VIEWERS[viewer][1]
    }


@pytest.mark.parametrize("vetting", [one for one in Vetting if one is not Vetting.ACTIVE])
@pytest.mark.parametrize("way", [way for way in EXITS if way not in SLOW])
def test_who_is_not_active_is_unknown_to_everybody_else(
    world: World, visitors: dict[str, Visitor], way: str, vetting: Vetting
) -> None:
    set_vetting(world, vetting)
    for viewer, visitor in visitors.items():
        status, found = look(world, visitor, EXITS[way](world))
        if viewer not in KNOW_ALWAYS:
            # A page of results repeats what was asked, and nothing of the person beside it.
            text = found.replace(ASKED, "") if way == "search for a detail" else found
            assert world.public_id not in text.replace(EXITS[way](world), "")
            assert not [value for value in MARKERS if value in text]
            assert way.startswith("search") or NAME not in text
            assert way not in ("page", "card") or status == 404
        elif way in ("page", "card"):
            assert status == 200
            assert NAME in found
    set_vetting(world, Vetting.ACTIVE)


def test_whoever_is_suspended_sees_what_is_shown_in_no_network(world: World, visitors: dict[str, Visitor]) -> None:
    def shown() -> set[Visibility]:
        text = visitors["one of the network"].get(EXITS["page"](world)).text
        return {MARKERS[value] for value in MARKERS if value in text}

    def vet(vetting: Vetting) -> None:
        with world.database.writing() as session:
            found = session.scalars(select(Practitioner).where(Practitioner.name_latin == "Anan Tuayang")).one()
            found.vetting = vetting

    assert shown() == {Visibility.MEMBERS, Visibility.NETWORKS}
    vet(Vetting.SUSPENDED)
    assert shown() == {Visibility.MEMBERS}
    vet(Vetting.ACTIVE)
