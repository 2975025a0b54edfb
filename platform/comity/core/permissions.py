"""Who may do what: the one table that decisions are made from, and that `docs/roles.md` is printed from. Pure.

What is not in the table is refused, for a view needs a decision and every decision comes from here. Standing towards a
thing (holding a post at a party) and roles are different: no role opens a consultation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from comity.core.actor import Actor, Role


class Standing(StrEnum):
    """On what a permission rests. The value is what the documentation says."""

    ANYBODY = "anybody, signed in or not"
    SIGNED_IN = "whoever is signed in"
    POST_HOLDER = "whoever holds a post"
    OTHER_HOLDER = "whoever holds a post, and none at that authority"
    AUTHORITY_HOLDER = "whoever holds a post at that authority"
    PARTY_HOLDER = "whoever holds a post at a party"
    THIS_HOLDER = "whoever holds that post"
    FOCAL_POINT = "the authority's focal point"
    COORDINATOR = "a coordinator of the network"
    SECRETARIAT = "role secretariat"
    AUDITOR = "role auditor"
    MACHINE = "a machine with a signed token, which the view checks"


class Action(StrEnum):
    """What can be done. The value is what the documentation says."""

    SIGN_IN = (
        "sign in and out, accept an invitation, prove an address with a link, ask for a new way in, choose "
        "language and theme, ask whether the process is well"
    )
    READ_API_DESCRIPTION = "read what the API offers and what its problems mean"
    KEEP_OWN_ACCOUNT = "see and change one's own details, password and signed-in browsers"
    SEE_OWN_LOOKS = "see who looked at one's own data, and when"
    KEEP_APPLICATIONS = "let a tool act for oneself and end that, make and end one's application passwords"
    KEEP_CLIENTS = "register the case systems and tools of an authority, see and end them"
    GET_TOKEN = "get an access token by code, refresh token or secret; end one's own"  # noqa: S105 - a name  # nosec B105
    SEE_DIRECTORY = "read and search the directory of States, authorities and post holders"
    KEEP_OWN_ENTRY = "change one's own entry in the directory, and who sees which detail of it"
    EDIT_PEOPLE = "change the entry of a person of one's authority"
    EDIT_RECORD = "keep States, networks, notifications, arrangements and liaison postings"
    EDIT_GUIDANCE = "keep what a State needs from a request"
    SEE_COVERAGE = "see what is missing in the directory, State by State"
    EXPORT_DIRECTORY = "take the directory out as a file or a printed book, as far as one sees it"
    IMPORT_DIRECTORY = "bring records into the directory from a file"
    START_CONSULTATION = "start a consultation on behalf of one's authority"
    CONSULT_AUTHORITY = "choose an authority as the other side"
    READ_CONSULTATION = "open a consultation and read everything in it, its files too, on a page or live"
    WRITE_CONSULTATION = "write in a consultation, attach files, keep a draft, mark as read"
    ENTER_ROOM = "enter the room of a consultation and see who is in it"
    SEE_READERS = "see who could read a consultation on a day, and who did"
    TEND_PEOPLE = "see an authority's people on their way in and out, nominate, decline, end a holding, suspend"
    CONFIRM_PERSON = "confirm that who proved an address is the right person, and vouch for who lost every factor"
    LET_IN = "let in whom another confirmed, approve what another vouched for, restore who was suspended"
    GIVE_OFFICES = "appoint focal points and coordinators of networks, give and take roles, never one's own"
    NAME_DEPUTY = "name a deputy for a post while its holder is away"
    HAND_OVER = "read and write what a post hands over to its next holder"
    SEE_KEPT_MAIL = "see mail that an installation without a relay keeps"
    SEE_AUDIT = "see the names of the journal's topics and verify their chains, never an entry"
    SEE_PROVIDERS = "see which authorities sign in by a provider of their own, and what its groups give"
    REPORT_LOGOUT = "report that somebody signed out at an authority's provider"
    PROPOSE_CHANGE = "propose a change of an authority's record, report a record as outdated, read its history"
    REVIEW_OWN_PROPOSAL = "decide on what a focal point proposes for their own authority"
    REVIEW_SUGGESTION = "decide on what others suggest for an authority"
    REVIEW_LATE_SUGGESTION = "the same after 14 days without a decision, or where there is no focal point"
    CONFIRM_RECORD = "confirm that a record is still right, answer reports about it"
    CONFIRM_ORPHAN = "the same where the authority has no focal point"
    SEE_PERSON_HISTORY = "read the history of a practitioner's record"
    REPORT_ROOM = "report what happens in rooms"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table. who: any one of them suffices. why: article, paragraph or reason."""

    action: Action
    who: tuple[Standing, ...]
    why: str


_PARTY = (Standing.PARTY_HOLDER,)
_OWN_OFFICE = (Standing.FOCAL_POINT, Standing.SECRETARIAT)
_CONFIDENTIAL = "UNTOC 18(20); resolution 8/1, para 12: by participation alone; for others it does not exist"

TABLE: tuple[Rule, ...] = (
    Rule(Action.SIGN_IN, (Standing.ANYBODY,), "before that nobody is known"),
    Rule(Action.KEEP_OWN_ACCOUNT, (Standing.SIGNED_IN,), "each their own; nobody else's can be addressed"),
    Rule(Action.SEE_OWN_LOOKS, (Standing.SIGNED_IN,), "each their own: trust needs to be checked, not believed"),
    Rule(Action.READ_API_DESCRIPTION, (Standing.ANYBODY,), "it holds no data"),
    Rule(Action.KEEP_APPLICATIONS, (Standing.SIGNED_IN,), "each their own; nobody else's can be addressed"),
    Rule(Action.KEEP_CLIENTS, (Standing.AUTHORITY_HOLDER,), "a client acts for the authority, through a post there"),
    Rule(Action.GET_TOKEN, (Standing.MACHINE,), "RFC 6749: the code, token or secret is what counts"),
    Rule(Action.SEE_DIRECTORY, (Standing.SIGNED_IN,), "UNTOC 18(13): designated authorities are there to be found"),
    Rule(Action.KEEP_OWN_ENTRY, (Standing.SIGNED_IN,), "each their own, where they are listed"),
    Rule(Action.EDIT_PEOPLE, (Standing.FOCAL_POINT,), "Annex II 1 (f): the authority answers for its people's details"),
    Rule(Action.EDIT_RECORD, (Standing.SECRETARIAT,), "Annex I (i)-(k): the secretariat keeps what States notify"),
    Rule(
        Action.EDIT_GUIDANCE,
        (Standing.FOCAL_POINT, Standing.SECRETARIAT),
        "Annex I (h): the State's own authorities know best what they need",
    ),
    Rule(
        Action.SEE_COVERAGE,
        (Standing.SECRETARIAT, Standing.COORDINATOR),
        "Annex II 1 (b): the secretariat of all Parties, a coordinator of the network's members",
    ),
    Rule(
        Action.EXPORT_DIRECTORY,
        (Standing.POST_HOLDER, Standing.SECRETARIAT),
        "Annex II: the directory is printed for those who use it; each export is journalled",
    ),
    Rule(Action.IMPORT_DIRECTORY, (Standing.SECRETARIAT,), "as it keeps the record; a focal point proposes changes"),
    Rule(Action.START_CONSULTATION, (Standing.POST_HOLDER,), "UNTOC 18(13): authorities consult, persons do not"),
    Rule(Action.CONSULT_AUTHORITY, (Standing.OTHER_HOLDER,), "a consultation is between two authorities"),
    Rule(Action.READ_CONSULTATION, _PARTY, _CONFIDENTIAL),
    Rule(Action.WRITE_CONSULTATION, _PARTY, "who may read may write: both sides speak through their posts"),
    Rule(Action.ENTER_ROOM, _PARTY, _CONFIDENTIAL),
    Rule(Action.SEE_READERS, _PARTY, "both sides see the same: confidence needs to be checked"),
    Rule(Action.TEND_PEOPLE, _OWN_OFFICE, "each authority answers for its people; the secretariat for the first"),
    Rule(
        Action.CONFIRM_PERSON,
        _OWN_OFFICE,
        "who knows the person; the secretariat where nobody else can",
    ),
    Rule(Action.LET_IN, (Standing.SECRETARIAT,), "a second office, and never the person who confirmed or vouched"),
    Rule(Action.GIVE_OFFICES, (Standing.SECRETARIAT,), "with a fresh factor, and all of the secretariat is told"),
    Rule(
        Action.NAME_DEPUTY,
        (Standing.THIS_HOLDER, Standing.FOCAL_POINT),
        "an urgent request does not wait",
    ),
    Rule(Action.HAND_OVER, (Standing.THIS_HOLDER,), "the post keeps its consultations; the next holder finds them"),
    Rule(Action.SEE_KEPT_MAIL, (Standing.SECRETARIAT,), "it holds no content, and somebody must see what is not sent"),
    Rule(Action.SEE_AUDIT, (Standing.AUDITOR,), "who checks the trail reads none of what it guards"),
    Rule(
        Action.SEE_PROVIDERS, (Standing.SECRETARIAT,), "who comes in, and by whose word, is for somebody to look after"
    ),
    Rule(Action.REPORT_LOGOUT, (Standing.MACHINE,), "OpenID Connect Back-Channel Logout 1.0"),
    Rule(Action.PROPOSE_CHANGE, (Standing.POST_HOLDER, Standing.SECRETARIAT), "Annex II 1 (f): regularly updated"),
    Rule(Action.REVIEW_OWN_PROPOSAL, (Standing.SECRETARIAT,), "a second pair of eyes on what a State says of itself"),
    Rule(Action.REVIEW_SUGGESTION, (Standing.FOCAL_POINT,), "the authority speaks for itself, and is asked first"),
    Rule(Action.REVIEW_LATE_SUGGESTION, (Standing.FOCAL_POINT, Standing.SECRETARIAT), "nothing waits for ever"),
    Rule(Action.CONFIRM_RECORD, (Standing.FOCAL_POINT,), "Annex II 1 (f): regularly updated, by whoever knows"),
    Rule(Action.CONFIRM_ORPHAN, (Standing.FOCAL_POINT, Standing.SECRETARIAT), "somebody must be able to"),
    Rule(
        Action.SEE_PERSON_HISTORY,
        (Standing.FOCAL_POINT, Standing.SECRETARIAT),
        "and the person themselves; for others what is past is past",
    ),
    Rule(Action.REPORT_ROOM, (Standing.MACHINE,), "the media server is no person"),
)

ROLES: Mapping[Role, str] = {
    Role.SECRETARIAT: "lets people in together with their focal point, gives offices and roles; reads no consultation",
    Role.AUDITOR: "verifies the journal's chains; reads no entry and no consultation",
    Role.ORGANISER: "is to organise meetings, and opens nothing until meetings are there",
    Role.MODERATOR: "is to moderate mailing lists, and opens nothing until lists are there",
}


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a decision is about. authorities, posts: ids of those concerned. networks: codes of those concerned."""

    authorities: frozenset[int]
    networks: frozenset[str]
    posts: frozenset[int]


_Test = Callable[[Actor, _Thing], bool]
_TESTS: Mapping[Standing, _Test] = {
    Standing.SIGNED_IN: lambda actor, thing: True,
    Standing.POST_HOLDER: lambda actor, thing: bool(actor.posts),
    Standing.OTHER_HOLDER: lambda actor, thing: bool(actor.posts) and actor.authority_ids.isdisjoint(thing.authorities),
    Standing.AUTHORITY_HOLDER: lambda actor, thing: not actor.authority_ids.isdisjoint(thing.authorities),
    Standing.PARTY_HOLDER: lambda actor, thing: not actor.authority_ids.isdisjoint(thing.authorities),
    Standing.THIS_HOLDER: lambda actor, thing: not actor.held_ids.isdisjoint(thing.posts),
    Standing.FOCAL_POINT: lambda actor, thing: not actor.focal_of.isdisjoint(thing.authorities),
    Standing.COORDINATOR: lambda actor, thing: not actor.coordinates.isdisjoint(thing.networks),
    Standing.SECRETARIAT: lambda actor, thing: Role.SECRETARIAT in actor.roles,
    Standing.AUDITOR: lambda actor, thing: Role.AUDITOR in actor.roles,
}
_OPEN = frozenset({Standing.ANYBODY, Standing.MACHINE})
_RULES = {rule.action: rule for rule in TABLE}


def may(
    actor: Actor | None,
    action: Action,
    authorities: Iterable[int] = (),
    networks: Iterable[str] = (),
    posts: Iterable[int] = (),
) -> bool:
    """Whether somebody may do something. actor: None for nobody signed in.

    authorities: ids of the thing's parties, or of the authority concerned. networks: codes of the networks concerned.
    posts: ids of the posts concerned.
    """
    who = _RULES[action].who
    if not _OPEN.isdisjoint(who):
        return True
    if actor is None:
        return False
    return any(holds(actor, standing, authorities, networks, posts) for standing in who)


def holds(
    actor: Actor,
    standing: Standing,
    authorities: Iterable[int] = (),
    networks: Iterable[str] = (),
    posts: Iterable[int] = (),
) -> bool:
    """Whether somebody signed in has a standing towards a thing, described as for `may`."""
    return _TESTS[standing](actor, _Thing(frozenset(authorities), frozenset(networks), frozenset(posts)))
