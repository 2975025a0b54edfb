"""The terms of the directory, each with the treaty article it stands on. Values are what the database keeps."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class StateKind(StrEnum):
    """What a Party is: the European Union is a Party to the Convention and no State."""

    MEMBER_STATE = "member_state"
    OBSERVER_STATE = "observer_state"
    OTHER_STATE = "other_state"
    ORGANISATION = "organisation"


class RegionalGroup(StrEnum):
    """The regional groups of the United Nations, and the Parties outside them."""

    AFRICAN = "african"
    ASIA_PACIFIC = "asia_pacific"
    EASTERN_EUROPEAN = "eastern_european"
    LATIN_AMERICAN_AND_CARIBBEAN = "latin_american_and_caribbean"
    WESTERN_EUROPEAN_AND_OTHERS = "western_european_and_others"
    OUTSIDE_GROUPS = "outside_groups"


class Part(StrEnum):
    """A: central authorities (18(13)). B: other competent authorities and channels of informal cooperation."""

    A = "a"
    B = "b"


class AuthorityKind(StrEnum):
    """What an authority is in its own State."""

    CENTRAL_AUTHORITY = "central_authority"
    PROSECUTION = "prosecution"
    POLICE = "police"
    COURT = "court"


class Instrument(StrEnum):
    """The treaties that functions are named after."""

    UNTOC = "untoc"
    DRUGS_CONVENTION = "drugs_convention"
    MIGRANTS_PROTOCOL = "migrants_protocol"
    FIREARMS_PROTOCOL = "firearms_protocol"


class Provision(NamedTuple):
    """An article of a treaty."""

    instrument: Instrument
    article: str


class Function(StrEnum):
    """What an authority is designated or competent for; `provision` is the article."""

    MUTUAL_LEGAL_ASSISTANCE = "mutual_legal_assistance"
    EXTRADITION = "extradition"
    TRANSFER_OF_SENTENCED_PERSONS = "transfer_of_sentenced_persons"
    CONFISCATION = "confiscation"
    JOINT_INVESTIGATIONS = "joint_investigations"
    TRANSFER_OF_PROCEEDINGS = "transfer_of_proceedings"
    LAW_ENFORCEMENT_COOPERATION = "law_enforcement_cooperation"
    DRUGS_EXTRADITION = "drugs_extradition"
    DRUGS_MUTUAL_LEGAL_ASSISTANCE = "drugs_mutual_legal_assistance"
    DRUGS_AT_SEA = "drugs_at_sea"
    MIGRANTS_AT_SEA = "migrants_at_sea"
    FIREARMS_TRACING = "firearms_tracing"

    @property
    def provision(self) -> Provision:
        """The treaty provision of the function."""
        return _PROVISIONS[self]


_PROVISIONS: dict[Function, Provision] = {
    Function.MUTUAL_LEGAL_ASSISTANCE: Provision(Instrument.UNTOC, "18"),
    Function.EXTRADITION: Provision(Instrument.UNTOC, "16"),
    Function.TRANSFER_OF_SENTENCED_PERSONS: Provision(Instrument.UNTOC, "17"),
    Function.CONFISCATION: Provision(Instrument.UNTOC, "13"),
    Function.JOINT_INVESTIGATIONS: Provision(Instrument.UNTOC, "19"),
    Function.TRANSFER_OF_PROCEEDINGS: Provision(Instrument.UNTOC, "21"),
    Function.LAW_ENFORCEMENT_COOPERATION: Provision(Instrument.UNTOC, "27"),
    Function.DRUGS_EXTRADITION: Provision(Instrument.DRUGS_CONVENTION, "6"),
    Function.DRUGS_MUTUAL_LEGAL_ASSISTANCE: Provision(Instrument.DRUGS_CONVENTION, "7"),
    Function.DRUGS_AT_SEA: Provision(Instrument.DRUGS_CONVENTION, "17"),
    Function.MIGRANTS_AT_SEA: Provision(Instrument.MIGRANTS_PROTOCOL, "8"),
    Function.FIREARMS_TRACING: Provision(Instrument.FIREARMS_PROTOCOL, "13"),
}


class TranslationRule(StrEnum):
    """What translation of a request is asked for (18(14)). Whether a draft will do is a field of its own."""

    CERTIFIED = "certified"
    MANDATORY = "mandatory"
    NOT_REQUIRED = "not_required"


class Means(StrEnum):
    """Means of transmission that an authority accepts (18(13)-(14))."""

    POST = "post"
    COURIER = "courier"
    EMAIL = "email"
    TELEFAX = "telefax"
    SECURE_NETWORK = "secure_network"
    INTERPOL = "interpol"
    DIPLOMATIC = "diplomatic"


class DualCriminality(StrEnum):
    """Whether the act must be an offence in both States (18(9))."""

    REQUIRED = "required"
    COERCIVE_MEASURES = "coercive_measures"
    NOT_REQUIRED = "not_required"


class Costs(StrEnum):
    """Who bears the ordinary costs (18(28))."""

    ORDINARY_BORNE = "ordinary_borne"
    SHARED_BY_AGREEMENT = "shared_by_agreement"


class VideoHearing(StrEnum):
    """Whether a hearing by video conference can take place (18(18))."""

    POSSIBLE = "possible"
    WITH_CONSENT = "with_consent"
    NOT_POSSIBLE = "not_possible"


class Source(StrEnum):
    """Where an entry comes from."""

    DEPOSITARY_NOTIFICATION = "depositary_notification"
    DIRECTORY = "directory"
    AUTHORITY = "authority"


class PractitionerRole(StrEnum):
    """What a practitioner is, whatever post they hold."""

    CENTRAL_AUTHORITY_OFFICER = "central_authority_officer"
    PROSECUTOR = "prosecutor"
    JUDGE = "judge"
    INVESTIGATING_MAGISTRATE = "investigating_magistrate"
    POLICE = "police"
    LIAISON_MAGISTRATE = "liaison_magistrate"
    LIAISON_OFFICER = "liaison_officer"
    ASSET_RECOVERY = "asset_recovery"
    SECRETARIAT = "secretariat"

    @property
    def is_liaison(self) -> bool:
        """Whether such a person is posted in another State (resolution 8/1, para 5)."""
        return self in (PractitionerRole.LIAISON_MAGISTRATE, PractitionerRole.LIAISON_OFFICER)


class LanguageLevel(StrEnum):
    """How well somebody has a language; levels of the Common European Framework in brackets."""

    BASIC = "basic"
    """(A1-A2)"""
    WORKING = "working"
    """(B1-B2)"""
    FLUENT = "fluent"
    """(C1-C2)"""
    NATIVE = "native"


class Speciality(StrEnum):
    """What a practitioner knows best."""

    ASSET_RECOVERY = "asset_recovery"
    CORRUPTION = "corruption"
    CYBERCRIME = "cybercrime"
    DRUGS = "drugs"
    ELECTRONIC_EVIDENCE = "electronic_evidence"
    ENVIRONMENTAL_CRIME = "environmental_crime"
    EXTRADITION = "extradition"
    FIREARMS = "firearms"
    JOINT_INVESTIGATIONS = "joint_investigations"
    MARITIME = "maritime"
    MONEY_LAUNDERING = "money_laundering"
    SMUGGLING_OF_MIGRANTS = "smuggling_of_migrants"
    TERRORISM = "terrorism"
    TRAFFICKING_IN_PERSONS = "trafficking_in_persons"
    VIDEO_HEARINGS = "video_hearings"
    WITNESS_PROTECTION = "witness_protection"


class Vetting(StrEnum):
    """How far a practitioner has come on the way in, or out."""

    NOMINATED = "nominated"
    ADDRESS_PROVED = "address_proved"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class Visibility(StrEnum):
    """Who sees a detail of a practitioner, widest first. They themselves and their own focal point always do."""

    MEMBERS = "members"
    NETWORKS = "networks"
    SECRETARIAT = "secretariat"


class DetailKind(StrEnum):
    """What a contact detail is."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    MOBILE = "mobile"
    TELEFAX = "telefax"


class ArrangementKind(StrEnum):
    """A cross-border arrangement, in border and metropolitan areas (Annex II 1 (d))."""

    JOINT_CENTRE = "joint_centre"
    BORDER_AGREEMENT = "border_agreement"
    METROPOLITAN_AREA = "metropolitan_area"
    CONTACT_POINTS = "contact_points"


class NotifiedProvision(StrEnum):
    """The provisions under which States notify (Annex I (j)(k), Annex II 1 (b)). `provision` is the article."""

    UNTOC_5_3 = "5(3)"
    UNTOC_13_5 = "13(5)"
    UNTOC_16_5_A = "16(5)(a)"
    UNTOC_18_7 = "18(7)"
    UNTOC_18_13 = "18(13)"
    UNTOC_18_14 = "18(14)"
    UNTOC_31_6 = "31(6)"
    MIGRANTS_8_6 = "migrants 8(6)"
    FIREARMS_13_2 = "firearms 13(2)"

    @property
    def provision(self) -> Provision:
        """The treaty and its article."""
        instrument, _, article = self.value.rpartition(" ")
        return Provision(_INSTRUMENTS[instrument], article)


_INSTRUMENTS = {
    "": Instrument.UNTOC,
    "migrants": Instrument.MIGRANTS_PROTOCOL,
    "firearms": Instrument.FIREARMS_PROTOCOL,
}


class NotificationStatus(StrEnum):
    """Whether a notification can be relied on."""

    CURRENT = "current"
    OUTDATED = "outdated"
    NONE_ON_FILE = "none_on_file"
    REVIEW_REQUESTED = "review_requested"
