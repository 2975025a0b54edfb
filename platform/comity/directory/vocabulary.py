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
