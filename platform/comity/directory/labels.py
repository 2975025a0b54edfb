"""What the terms of the directory are called on a page: message ids, translated by whoever shows them."""

from __future__ import annotations

from enum import StrEnum

from comity.core.i18n import N_
from comity.directory.vocabulary import (
    AuthorityKind,
    Costs,
    DualCriminality,
    Function,
    Instrument,
    Means,
    Part,
    RegionalGroup,
    Source,
    StateKind,
    TranslationRule,
    VideoHearing,
)

LABELS: dict[StrEnum, str] = {
    StateKind.MEMBER_STATE: N_("Member State of the United Nations"),
    StateKind.OBSERVER_STATE: N_("Observer State"),
    StateKind.OTHER_STATE: N_("State outside the United Nations"),
    StateKind.ORGANISATION: N_("Regional economic integration organization"),
    RegionalGroup.AFRICAN: N_("African States"),
    RegionalGroup.ASIA_PACIFIC: N_("Asia-Pacific States"),
    RegionalGroup.EASTERN_EUROPEAN: N_("Eastern European States"),
    RegionalGroup.LATIN_AMERICAN_AND_CARIBBEAN: N_("Latin American and Caribbean States"),
    RegionalGroup.WESTERN_EUROPEAN_AND_OTHERS: N_("Western European and other States"),
    RegionalGroup.OUTSIDE_GROUPS: N_("Parties outside the regional groups"),
    Part.A: N_("Part A: central authorities"),
    Part.B: N_("Part B: other competent authorities"),
    AuthorityKind.CENTRAL_AUTHORITY: N_("Central authority"),
    AuthorityKind.PROSECUTION: N_("Prosecution service"),
    AuthorityKind.POLICE: N_("Police"),
    AuthorityKind.COURT: N_("Court"),
    Instrument.UNTOC: N_("UNTOC, Article %(article)s"),
    Instrument.DRUGS_CONVENTION: N_("1988 Convention, Article %(article)s"),
    Instrument.MIGRANTS_PROTOCOL: N_("Migrants Protocol, Article %(article)s"),
    Instrument.FIREARMS_PROTOCOL: N_("Firearms Protocol, Article %(article)s"),
    Function.MUTUAL_LEGAL_ASSISTANCE: N_("Mutual legal assistance"),
    Function.EXTRADITION: N_("Extradition"),
    Function.TRANSFER_OF_SENTENCED_PERSONS: N_("Transfer of sentenced persons"),
    Function.CONFISCATION: N_("Confiscation"),
    Function.JOINT_INVESTIGATIONS: N_("Joint investigations"),
    Function.TRANSFER_OF_PROCEEDINGS: N_("Transfer of criminal proceedings"),
    Function.LAW_ENFORCEMENT_COOPERATION: N_("Law enforcement cooperation"),
    Function.DRUGS_EXTRADITION: N_("Extradition, drug offences"),
    Function.DRUGS_MUTUAL_LEGAL_ASSISTANCE: N_("Mutual legal assistance, drug offences"),
    Function.DRUGS_AT_SEA: N_("Illicit traffic in drugs by sea"),
    Function.MIGRANTS_AT_SEA: N_("Smuggling of migrants by sea"),
    Function.FIREARMS_TRACING: N_("Tracing of firearms"),
    TranslationRule.CERTIFIED: N_("Certified translation"),
    TranslationRule.MANDATORY: N_("Translation always needed"),
    TranslationRule.NOT_REQUIRED: N_("No translation needed"),
    Means.POST: N_("Post"),
    Means.COURIER: N_("Courier"),
    Means.EMAIL: N_("E-mail"),
    Means.TELEFAX: N_("Telefax"),
    Means.SECURE_NETWORK: N_("Secure network"),
    Means.INTERPOL: N_("INTERPOL"),
    Means.DIPLOMATIC: N_("Diplomatic channel"),
    DualCriminality.REQUIRED: N_("Required for every request"),
    DualCriminality.COERCIVE_MEASURES: N_("Required for coercive measures"),
    DualCriminality.NOT_REQUIRED: N_("Not required"),
    Costs.ORDINARY_BORNE: N_("Ordinary costs are borne by the requested State"),
    Costs.SHARED_BY_AGREEMENT: N_("Shared as agreed case by case"),
    VideoHearing.POSSIBLE: N_("Possible"),
    VideoHearing.WITH_CONSENT: N_("Possible with the consent of the person heard"),
    VideoHearing.NOT_POSSIBLE: N_("Not possible"),
    Source.DEPOSITARY_NOTIFICATION: N_("Notification to the depositary"),
    Source.DIRECTORY: N_("Earlier directory"),
    Source.AUTHORITY: N_("The authority itself"),
}


def label(term: StrEnum) -> str:
    """The message id of a term."""
    return LABELS[term]
