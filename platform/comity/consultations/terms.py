"""Terms of a consultation, each with the article it stands on. UNTOC unless another instrument is named. Pure."""

from __future__ import annotations

from enum import StrEnum

from comity.core.i18n import N_
from comity.directory.vocabulary import Function


class Kind(StrEnum):
    """Kind of cooperation that is consulted on."""

    MUTUAL_LEGAL_ASSISTANCE = "mutual-legal-assistance"
    EXTRADITION = "extradition"
    PROVISIONAL_ARREST = "provisional-arrest"
    CONFISCATION = "confiscation"
    TRANSFER_OF_SENTENCED_PERSONS = "transfer-of-sentenced-persons"
    JOINT_INVESTIGATION = "joint-investigation"
    SPECIAL_INVESTIGATIVE_TECHNIQUES = "special-investigative-techniques"
    TRANSFER_OF_PROCEEDINGS = "transfer-of-proceedings"
    SPONTANEOUS_INFORMATION = "spontaneous-information"


class Stage(StrEnum):
    """When in the life of a request the two sides consult (resolution 8/1, para 10 and Annex I (e))."""

    BEFORE_SUBMISSION = "before-submission"
    AFTER_SUBMISSION = "after-submission"
    BEFORE_REFUSAL = "before-refusal"
    BEFORE_POSTPONEMENT = "before-postponement"
    AFTER_EXECUTION = "after-execution"


class Side(StrEnum):
    """On which side of the request an authority stands."""

    REQUESTING = "requesting"
    REQUESTED = "requested"

    @property
    def opposite(self) -> Side:
        return Side.REQUESTED if self is Side.REQUESTING else Side.REQUESTING


KIND_LABELS: dict[Kind, str] = {
    Kind.MUTUAL_LEGAL_ASSISTANCE: N_("Mutual legal assistance"),
    Kind.EXTRADITION: N_("Extradition"),
    Kind.PROVISIONAL_ARREST: N_("Provisional arrest"),
    Kind.CONFISCATION: N_("Confiscation"),
    Kind.TRANSFER_OF_SENTENCED_PERSONS: N_("Transfer of sentenced persons"),
    Kind.JOINT_INVESTIGATION: N_("Joint investigation"),
    Kind.SPECIAL_INVESTIGATIVE_TECHNIQUES: N_("Special investigative techniques"),
    Kind.TRANSFER_OF_PROCEEDINGS: N_("Transfer of proceedings"),
    Kind.SPONTANEOUS_INFORMATION: N_("Spontaneous information"),
}

KIND_ARTICLES: dict[Kind, str] = {
    Kind.MUTUAL_LEGAL_ASSISTANCE: "18",
    Kind.EXTRADITION: "16",
    Kind.PROVISIONAL_ARREST: "16(9)",
    Kind.CONFISCATION: "13, 14",
    Kind.TRANSFER_OF_SENTENCED_PERSONS: "17",
    Kind.JOINT_INVESTIGATION: "19",
    Kind.SPECIAL_INVESTIGATIVE_TECHNIQUES: "20",
    Kind.TRANSFER_OF_PROCEEDINGS: "21",
    Kind.SPONTANEOUS_INFORMATION: "18(4)-(5)",
}

KIND_OF_FUNCTION: dict[str, Kind] = {
    Function.MUTUAL_LEGAL_ASSISTANCE: Kind.MUTUAL_LEGAL_ASSISTANCE,
    Function.EXTRADITION: Kind.EXTRADITION,
    Function.TRANSFER_OF_SENTENCED_PERSONS: Kind.TRANSFER_OF_SENTENCED_PERSONS,
    Function.CONFISCATION: Kind.CONFISCATION,
    Function.JOINT_INVESTIGATIONS: Kind.JOINT_INVESTIGATION,
    Function.TRANSFER_OF_PROCEEDINGS: Kind.TRANSFER_OF_PROCEEDINGS,
    Function.DRUGS_EXTRADITION: Kind.EXTRADITION,
    Function.DRUGS_MUTUAL_LEGAL_ASSISTANCE: Kind.MUTUAL_LEGAL_ASSISTANCE,
}
"""What is consulted on with a desk of the directory that has a function."""

STAGE_LABELS: dict[Stage, str] = {
    Stage.BEFORE_SUBMISSION: N_("Before submission"),
    Stage.AFTER_SUBMISSION: N_("After submission"),
    Stage.BEFORE_REFUSAL: N_("Before refusal"),
    Stage.BEFORE_POSTPONEMENT: N_("Before postponement"),
    Stage.AFTER_EXECUTION: N_("After execution"),
}

STAGE_ARTICLES: dict[Stage, str] = {
    Stage.BEFORE_REFUSAL: "16(16), 18(26)",
    Stage.BEFORE_POSTPONEMENT: "18(25)-(26)",
}

SIDE_LABELS: dict[Side, str] = {
    Side.REQUESTING: N_("Requesting side"),
    Side.REQUESTED: N_("Requested side"),
}
