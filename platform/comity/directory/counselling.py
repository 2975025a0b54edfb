"""The answer to "Whom do I ask?" in the reader's language: desks with their reasons, channels with their articles."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import listed
from comity.core.times import both_zones
from comity.directory.access import may_consult
from comity.directory.asking import Advice, Channel, Matter, Nearest, Reason, Urgency, Wording
from comity.directory.counsel import Counsel
from comity.directory.facts import Fact, Reader, languages
from comity.directory.labels import label
from comity.directory.models import Authority
from comity.directory.names import language_name, state_name
from comity.directory.present import AuthorityRow, Chip, authority_row, function_words


@dataclass(frozen=True, slots=True)
class AdvisedDesk:
    """A desk to ask. reasons: in words, with the article. facts: how. consult_url: empty where I cannot."""

    row: AuthorityRow
    reasons: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    chips: tuple[Chip, ...]
    duty: str
    telephone: str
    mailbox: str
    consult_url: str


@dataclass(frozen=True, slots=True)
class NearestChannel:
    """A channel: what it is, who that is with a link where there is one, and its article."""

    words: str
    who: str
    url: str
    article: str
    detail: str


def urgency_words(urgency: Urgency) -> tuple[str, str]:
    """What an urgency is called, and what it means."""
    return {
        Urgency.EMERGENCY: (_("Emergency"), _("Life is in danger, or evidence is about to be lost.")),
        Urgency.URGENT: (_("Urgent"), _("There is a date, with a reason.")),
        Urgency.ROUTINE: (_("Routine"), ""),
    }[urgency]


def advised(counsel: Counsel, matter: Matter, reader: Reader) -> list[AdvisedDesk]:
    """The desks, best first."""
    return [_desk(advice, counsel.authorities[advice.desk.id], matter, reader) for advice in counsel.answer.desks]


def channels(counsel: Counsel, matter: Matter, reader: Reader) -> list[NearestChannel]:
    """The nearest channels, nearest first."""
    return [_channel(nearest, counsel, matter, reader) for nearest in counsel.answer.nearest]


def _desk(advice: Advice, authority: Authority, matter: Matter, reader: Reader) -> AdvisedDesk:
    consult = url_for("consultations.new", authority=authority.id, function=matter.function.value)
    return AdvisedDesk(
        row=authority_row(authority, reader),
        reasons=tuple(_reason(reason, advice, matter, reader) for reason in advice.reasons),
        facts=_facts(advice, authority, matter, reader),
        chips=_chips(advice, matter),
        duty=(authority.duty or "") if advice.call_duty else "",
        telephone=authority.telephone,
        mailbox=authority.mailbox,
        consult_url=consult if may_consult(reader.actor, authority.id) else "",
    )


def _reason(reason: Reason, advice: Advice, matter: Matter, reader: Reader) -> Fact:
    competence = function_words(matter.function)
    words, article = {
        Reason.DESIGNATED: (_("Designated: %(function)s", function=competence), ""),
        Reason.COMPETENT: (_("Competent: %(function)s", function=competence), ""),
        Reason.OF_THE_TERRITORY: (_("Designated for %(territory)s", territory=matter.territory), "18(13)"),
        Reason.WHOLE_STATE: (_("Competent for the whole State"), ""),
        Reason.OTHER_TERRITORY: (
            _("Only for %(territory)s", territory=listed(advice.desk.territories, reader.language)),
            "18(13)",
        ),
        Reason.SPEAKS_IT: (
            _("Accepts %(language)s", language=language_name(matter.language, reader.language)),
            "18(14)",
        ),
        Reason.REACHABLE_NOW: (_("Open now"), ""),
        Reason.ON_DUTY: (_("Closed now, with a duty number for emergencies"), ""),
        Reason.SHARED_MEANS: (_("Accepts a means that you have"), "18(14)"),
    }[reason]
    return Fact("", words, article)


def _facts(advice: Advice, authority: Authority, matter: Matter, reader: Reader) -> tuple[Fact, ...]:
    spoken = language_name(matter.language, reader.language)
    wanted = languages(authority.languages_accepted, reader.language)
    wording = {
        Wording.ACCEPTED: _("A request in %(language)s is accepted", language=spoken),
        Wording.NO_TRANSLATION: _("No translation needed"),
        Wording.TRANSLATION: _("To be translated into %(languages)s", languages=wanted),
        Wording.CERTIFIED: _("Certified translation into %(languages)s", languages=wanted),
        Wording.DRAFT_FIRST: _("A draft is looked at; then a translation into %(languages)s", languages=wanted),
    }[advice.wording]
    found = [
        Fact(_("Translation"), wording, "18(14)"),
        Fact(_("Means of transmission"), article="18(13)", items=tuple(_(label(means)) for means in advice.means)),
        Fact(_("Time there now"), both_zones(reader.now, reader.language, authority.zone, reader.actor.zone)),
    ]
    if authority.practice and authority.practice.documents:
        found.append(Fact(_("Documents wanted"), items=tuple(authority.practice.documents), language="en"))
    return tuple(found)


def _chips(advice: Advice, matter: Matter) -> tuple[Chip, ...]:
    found = []
    if not advice.means_shared:
        found.append(Chip(_("Accepts none of your means"), "warn"))
    if matter.urgency is Urgency.ROUTINE:
        return tuple(found)
    if advice.oral:
        found.append(Chip(_("Oral request possible, written confirmation to follow · 18(14)"), "good"))
    if advice.interpol:
        found.append(Chip(_("Through INTERPOL possible · 18(13)"), "good"))
    if not advice.oral and not advice.interpol:
        found.append(Chip(_("In writing only, urgent or not"), "warn"))
    return tuple(found)


def _channel(nearest: Nearest, counsel: Counsel, matter: Matter, reader: Reader) -> NearestChannel:
    words, article = {
        Channel.CENTRAL_AUTHORITY: (_("Can tell who is competent, or pass a request on"), "18(13)"),
        Channel.LAW_ENFORCEMENT: (_("From police to police, for what needs no request"), "27(1)"),
        Channel.OTHER_AUTHORITY: (_("Can tell who is competent"), ""),
        Channel.LIAISON_THERE: (_("Your liaison posted there"), ""),
        Channel.LIAISON_HERE: (_("Their liaison posted with you"), ""),
        Channel.NETWORK: (_("Contact points of a network that both States take part in"), ""),
        Channel.INTERPOL: (_("INTERPOL, in urgent circumstances, if both States agree"), "18(13)"),
        Channel.DIPLOMATIC: (_("Diplomatic channel"), "18(13)"),
    }[nearest.channel]
    who, url, detail = _who(nearest, counsel, reader)
    return NearestChannel(words, who, url, article, detail)


def _who(nearest: Nearest, counsel: Counsel, reader: Reader) -> tuple[str, str, str]:
    """Name, address and what else is said of who stands behind a channel."""
    if nearest.channel in (Channel.LIAISON_HERE, Channel.LIAISON_THERE):
        person = counsel.liaison[int(nearest.ref)]
        posting = person.liaison
        place = f"{posting.city}, {state_name(posting.host_iso2, reader.language)}" if posting else ""
        return person.name, url_for("directory.authority", authority_id=person.authority_id), place
    if nearest.channel is Channel.NETWORK:
        network = counsel.networks[nearest.ref]
        url = url_for("directory.index", network=network.code, part="all")
        return network.name, url, counsel.coordinators.get(network.code, "")
    if nearest.channel in (Channel.INTERPOL, Channel.DIPLOMATIC):
        return "", "", ""
    authority = counsel.authorities[int(nearest.ref)]
    url = url_for("directory.authority", authority_id=authority.id)
    return authority.name_en, url, _(label(authority.kind))
