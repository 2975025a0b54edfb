"""The terms of guidance, each with the article it stands on. UNTOC throughout. Pure.

The values of `Kind`, `Form`, `Element` and `Need` are those of consultations and of the readiness check, which stand
above the directory and turn one into the other by value.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Kind of cooperation that is asked for."""

    MUTUAL_LEGAL_ASSISTANCE = "mutual-legal-assistance"
    EXTRADITION = "extradition"
    PROVISIONAL_ARREST = "provisional-arrest"
    CONFISCATION = "confiscation"
    TRANSFER_OF_SENTENCED_PERSONS = "transfer-of-sentenced-persons"
    JOINT_INVESTIGATION = "joint-investigation"
    SPECIAL_INVESTIGATIVE_TECHNIQUES = "special-investigative-techniques"
    TRANSFER_OF_PROCEEDINGS = "transfer-of-proceedings"
    SPONTANEOUS_INFORMATION = "spontaneous-information"

    @property
    def article(self) -> str:
        return _KIND_ARTICLES[self]


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
    def article(self) -> str:
        return f"18(3)({_LETTERS[self]})"


class Element(StrEnum):
    """Under which part of a request a requirement stands: 18(15)(a)-(f); for extradition what its rules turn on."""

    AUTHORITY = "authority"
    SUBJECT = "subject"
    FACTS = "facts"
    ASSISTANCE = "assistance"
    PERSONS = "persons"
    PURPOSE = "purpose"
    PERSON_SOUGHT = "person-sought"
    OFFENCE_AND_PENALTY = "offence-and-penalty"
    WARRANT_OR_JUDGMENT = "warrant-or-judgment"
    BASIS = "basis"
    URGENCY = "urgency"

    @property
    def article(self) -> str:
        return _ELEMENT_ARTICLES[self]


class Need(StrEnum):
    """How much a requirement weighs."""

    COMPULSORY = "compulsory"
    WHERE_POSSIBLE = "where-possible"
    NOT_NEEDED = "not-needed"


class When(StrEnum):
    """In which case a requirement is asked for."""

    ALWAYS = "always"
    URGENT = "urgent"
    COERCIVE = "coercive"
    BANK_RECORDS = "bank-records"
    ELECTRONIC_EVIDENCE = "electronic-evidence"


class LinkKind(StrEnum):
    """What a link leads to."""

    LAW = "law"
    GUIDE = "guide"
    MODEL = "model"


_KIND_ARTICLES = {
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
_ELEMENT_ARTICLES = {
    Element.AUTHORITY: "18(15)(a)",
    Element.SUBJECT: "18(15)(b)",
    Element.FACTS: "18(15)(c)",
    Element.ASSISTANCE: "18(15)(d)",
    Element.PERSONS: "18(15)(e)",
    Element.PURPOSE: "18(15)(f)",
    Element.PERSON_SOUGHT: "16(10)-(11)",
    Element.OFFENCE_AND_PENALTY: "16(1)",
    Element.WARRANT_OR_JUDGMENT: "16(7)",
    Element.BASIS: "16(4)",
    Element.URGENCY: "16(9)",
}
