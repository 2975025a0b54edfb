"""What the terms of guidance are called on a page: message ids, translated by whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from comity.core.i18n import N_
from comity.directory.guidance.terms import Element, Form, Kind, LinkKind, Need, When

_WORDS: Mapping[tuple[type[StrEnum], str], str] = {
    (type(term), term.value): words
    for terms in (
        {
            Kind.MUTUAL_LEGAL_ASSISTANCE: N_("Mutual legal assistance"),
            Kind.EXTRADITION: N_("Extradition"),
            Kind.PROVISIONAL_ARREST: N_("Provisional arrest"),
            Kind.CONFISCATION: N_("Confiscation"),
            Kind.TRANSFER_OF_SENTENCED_PERSONS: N_("Transfer of sentenced persons"),
            Kind.JOINT_INVESTIGATION: N_("Joint investigation"),
            Kind.SPECIAL_INVESTIGATIVE_TECHNIQUES: N_("Special investigative techniques"),
            Kind.TRANSFER_OF_PROCEEDINGS: N_("Transfer of proceedings"),
            Kind.SPONTANEOUS_INFORMATION: N_("Spontaneous information"),
        },
        {
            Form.EVIDENCE: N_("Taking evidence or statements"),
            Form.SERVICE: N_("Service of judicial documents"),
            Form.SEARCH_SEIZURE_FREEZING: N_("Searches, seizures, freezing"),
            Form.EXAMINATION: N_("Examining objects and sites"),
            Form.INFORMATION: N_("Information, evidentiary items, expert evaluations"),
            Form.RECORDS: N_("Originals or certified copies of documents and records"),
            Form.TRACING: N_("Identifying or tracing proceeds or property"),
            Form.APPEARANCE: N_("Voluntary appearance of persons"),
            Form.OTHER: N_("Other assistance lawful in the requested State"),
            Form.PRESERVATION: N_("Preservation of electronic evidence"),
            Form.STORED_DATA: N_("Stored data"),
            Form.TRAFFIC_DATA: N_("Traffic data"),
        },
        {
            Element.AUTHORITY: N_("Requesting authority"),
            Element.SUBJECT: N_("Subject matter and proceedings"),
            Element.FACTS: N_("Summary of the facts"),
            Element.ASSISTANCE: N_("Assistance sought"),
            Element.PERSONS: N_("Persons concerned"),
            Element.PURPOSE: N_("Purpose"),
            Element.PERSON_SOUGHT: N_("Person sought"),
            Element.OFFENCE_AND_PENALTY: N_("Offence and penalty"),
            Element.WARRANT_OR_JUDGMENT: N_("Warrant or judgment"),
            Element.BASIS: N_("Legal basis"),
            Element.URGENCY: N_("Urgency"),
        },
        {
            Need.COMPULSORY: N_("Compulsory"),
            Need.WHERE_POSSIBLE: N_("Where possible"),
            Need.NOT_NEEDED: N_("Not needed"),
        },
        {
            When.ALWAYS: N_("Always"),
            When.URGENT: N_("When urgent"),
            When.COERCIVE: N_("For coercive measures"),
            When.BANK_RECORDS: N_("For bank records"),
            When.ELECTRONIC_EVIDENCE: N_("For electronic evidence"),
        },
        {LinkKind.LAW: N_("Law"), LinkKind.GUIDE: N_("Guide"), LinkKind.MODEL: N_("Model request")},
    )
    for term, words in terms.items()
}


def label(term: StrEnum) -> str:
    """What a term is called, as a message id."""
    return _WORDS[type(term), term.value]
