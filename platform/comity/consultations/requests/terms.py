"""The terms of a request, each with the article it stands on. UNTOC unless another instrument is named. Pure."""

from __future__ import annotations

from enum import StrEnum


class LegalBasis(StrEnum):
    """What a request rests on."""

    UNTOC = "untoc"
    TRAFFICKING_PROTOCOL = "trafficking-protocol"
    MIGRANTS_PROTOCOL = "migrants-protocol"
    FIREARMS_PROTOCOL = "firearms-protocol"
    DRUGS_CONVENTION = "drugs-convention"
    CORRUPTION_CONVENTION = "corruption-convention"
    REGIONAL_INSTRUMENT = "regional-instrument"
    BILATERAL_TREATY = "bilateral-treaty"
    DOMESTIC_LAW = "domestic-law"
    RECIPROCITY = "reciprocity"


class Form(StrEnum):
    """Forms of mutual legal assistance: the letters of 18(3), and details of them for electronic evidence."""

    EVIDENCE = "evidence"
    SERVICE = "service"
    SEARCH_SEIZURE_FREEZING = "search-seizure-freezing"
    EXAMINATION = "examination"
    INFORMATION = "information"
    RECORDS = "records"
    TRACING = "tracing"
    APPEARANCE = "appearance"
    OTHER = "other"
    PRESERVATION = "preservation"
    STORED_DATA = "stored-data"
    TRAFFIC_DATA = "traffic-data"

    @property
    def letter(self) -> str:
        """The letter of 18(3) that the form falls under."""
        return _LETTERS[self]

    @property
    def article(self) -> str:
        return f"18(3)({self.letter})"


_LETTERS = {
    Form.EVIDENCE: "a",
    Form.SERVICE: "b",
    Form.SEARCH_SEIZURE_FREEZING: "c",
    Form.EXAMINATION: "d",
    Form.INFORMATION: "e",
    Form.RECORDS: "f",
    Form.TRACING: "g",
    Form.APPEARANCE: "h",
    Form.OTHER: "i",
    Form.PRESERVATION: "i",
    Form.STORED_DATA: "e",
    Form.TRAFFIC_DATA: "e",
}


class Urgency(StrEnum):
    """How soon; an urgent request gives a date and its reason (18(24))."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    PRIORITY = "priority"
    ROUTINE = "routine"


class Gravity(StrEnum):
    """How grave the offence is, in the terms of the Convention."""

    ORGANIZED_GROUP = "organized-group"
    CONVENTION_OFFENCE = "convention-offence"
    PROTOCOL_OFFENCE = "protocol-offence"
    SERIOUS_CRIME = "serious-crime"
    OTHER = "other"


GRAVITY_ARTICLES: dict[Gravity, str] = {
    Gravity.ORGANIZED_GROUP: "2(a)",
    Gravity.CONVENTION_OFFENCE: "5, 6, 8, 23",
    Gravity.SERIOUS_CRIME: "2(b)",
}


class Channel(StrEnum):
    """The formal channel that a request really went by: never Comity itself."""

    CENTRAL_AUTHORITIES = "central-authorities"
    DIPLOMATIC = "diplomatic"
    INTERPOL = "interpol"
    SECURE_NETWORK = "secure-network"
    EMAIL = "email"
    POST_OR_COURIER = "post-or-courier"
    ORAL = "oral"


class Status(StrEnum):
    """Where a request stands, as both sides see it."""

    DRAFT_SHARED = "draft-shared"
    SUBMITTED = "submitted"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    UNDER_REVIEW = "under-review"
    INFORMATION_REQUESTED = "information-requested"
    ACCEPTED = "accepted"
    TRANSMITTED = "transmitted"
    IN_EXECUTION = "in-execution"
    PARTLY_EXECUTED = "partly-executed"
    EXECUTED = "executed"
    POSTPONED = "postponed"
    CONSULTATION = "consultation"
    REFUSED_IN_PART = "refused-in-part"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


STATUS_ARTICLES: dict[Status, str] = {
    Status.INFORMATION_REQUESTED: "18(16)",
    Status.TRANSMITTED: "18(13)",
    Status.POSTPONED: "18(25)",
    Status.CONSULTATION: "18(26), 16(16)",
    Status.REFUSED_IN_PART: "18(21)",
    Status.REFUSED: "18(21)",
}
DECIDED = frozenset({Status.EXECUTED, Status.REFUSED, Status.WITHDRAWN, Status.CLOSED})
"""Where nothing more is expected of anybody but closing."""


class Ground(StrEnum):
    """Why a request is refused. Two of them are none by themselves: see `NEVER_ALONE`."""

    NOT_IN_CONFORMITY = "not-in-conformity"
    ESSENTIAL_INTERESTS = "essential-interests"
    PROHIBITED_ACTION = "prohibited-action"
    CONTRARY_TO_LEGAL_SYSTEM = "contrary-to-legal-system"
    NO_DUAL_CRIMINALITY = "no-dual-criminality"
    EXTRADITION_CONDITIONS = "extradition-conditions"
    NATIONALITY = "nationality"
    DISCRIMINATION = "discrimination"
    BANK_SECRECY = "bank-secrecy"
    FISCAL_MATTERS = "fiscal-matters"


GROUND_ARTICLES: dict[Ground, str] = {
    Ground.NOT_IN_CONFORMITY: "18(21)(a)",
    Ground.ESSENTIAL_INTERESTS: "18(21)(b)",
    Ground.PROHIBITED_ACTION: "18(21)(c)",
    Ground.CONTRARY_TO_LEGAL_SYSTEM: "18(21)(d)",
    Ground.NO_DUAL_CRIMINALITY: "18(9)",
    Ground.EXTRADITION_CONDITIONS: "16(7)",
    Ground.NATIONALITY: "16(10)",
    Ground.DISCRIMINATION: "16(14)",
    Ground.BANK_SECRECY: "18(8)",
    Ground.FISCAL_MATTERS: "18(22), 16(15)",
}
NEVER_ALONE = frozenset({Ground.BANK_SECRECY, Ground.FISCAL_MATTERS})
EXTRADITION_GROUNDS = frozenset(
    {Ground.EXTRADITION_CONDITIONS, Ground.NATIONALITY, Ground.DISCRIMINATION, Ground.FISCAL_MATTERS}
)
ASSISTANCE_GROUNDS = frozenset(Ground) - {Ground.EXTRADITION_CONDITIONS, Ground.NATIONALITY, Ground.DISCRIMINATION}


class ConditionState(StrEnum):
    """What became of a condition that the requested side proposed."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"
