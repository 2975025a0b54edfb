"""What the terms of the directory are called on a page: message ids, translated by whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from comity.core.i18n import N_
from comity.directory.vocabulary import (
    ArrangementKind,
    AuthorityKind,
    Costs,
    DetailKind,
    DualCriminality,
    Function,
    Instrument,
    LanguageLevel,
    Means,
    NotificationStatus,
    NotifiedProvision,
    Part,
    PractitionerRole,
    RegionalGroup,
    Source,
    Speciality,
    StateKind,
    TranslationRule,
    Vetting,
    VideoHearing,
    Visibility,
)

_WORDS: tuple[dict[StrEnum, str], ...] = (
    {
        StateKind.MEMBER_STATE: N_("Member State of the United Nations"),
        StateKind.OBSERVER_STATE: N_("Observer State"),
        StateKind.OTHER_STATE: N_("State outside the United Nations"),
        StateKind.ORGANISATION: N_("Regional economic integration organization"),
    },
    {
        RegionalGroup.AFRICAN: N_("African States"),
        RegionalGroup.ASIA_PACIFIC: N_("Asia-Pacific States"),
        RegionalGroup.EASTERN_EUROPEAN: N_("Eastern European States"),
        RegionalGroup.LATIN_AMERICAN_AND_CARIBBEAN: N_("Latin American and Caribbean States"),
        RegionalGroup.WESTERN_EUROPEAN_AND_OTHERS: N_("Western European and other States"),
        RegionalGroup.OUTSIDE_GROUPS: N_("Parties outside the regional groups"),
    },
    {
        Part.A: N_("Part A: central authorities"),
        Part.B: N_("Part B: other competent authorities"),
    },
    {
        AuthorityKind.CENTRAL_AUTHORITY: N_("Central authority"),
        AuthorityKind.PROSECUTION: N_("Prosecution service"),
        AuthorityKind.POLICE: N_("Police"),
        AuthorityKind.COURT: N_("Court"),
    },
    {
        Instrument.UNTOC: N_("UNTOC, Article %(article)s"),
        Instrument.DRUGS_CONVENTION: N_("1988 Convention, Article %(article)s"),
        Instrument.MIGRANTS_PROTOCOL: N_("Migrants Protocol, Article %(article)s"),
        Instrument.FIREARMS_PROTOCOL: N_("Firearms Protocol, Article %(article)s"),
    },
    {
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
    },
    {
        TranslationRule.CERTIFIED: N_("Certified translation"),
        TranslationRule.MANDATORY: N_("Translation always needed"),
        TranslationRule.NOT_REQUIRED: N_("No translation needed"),
    },
    {
        Means.POST: N_("Postal mail"),
        Means.COURIER: N_("Courier"),
        Means.EMAIL: N_("E-mail"),
        Means.TELEFAX: N_("Telefax"),
        Means.SECURE_NETWORK: N_("Secure network"),
        Means.INTERPOL: N_("INTERPOL"),
        Means.DIPLOMATIC: N_("Diplomatic channel"),
    },
    {
        DualCriminality.REQUIRED: N_("Required for every request"),
        DualCriminality.COERCIVE_MEASURES: N_("Required for coercive measures"),
        DualCriminality.NOT_REQUIRED: N_("Not required"),
    },
    {
        Costs.ORDINARY_BORNE: N_("Ordinary costs are borne by the requested State"),
        Costs.SHARED_BY_AGREEMENT: N_("Shared as agreed case by case"),
    },
    {
        VideoHearing.POSSIBLE: N_("Possible"),
        VideoHearing.WITH_CONSENT: N_("Possible with the consent of the person heard"),
        VideoHearing.NOT_POSSIBLE: N_("Not possible"),
    },
    {
        Source.DEPOSITARY_NOTIFICATION: N_("Notification to the depositary"),
        Source.DIRECTORY: N_("Earlier directory"),
        Source.AUTHORITY: N_("The authority itself"),
    },
    {
        PractitionerRole.CENTRAL_AUTHORITY_OFFICER: N_("Officer of a central authority"),
        PractitionerRole.PROSECUTOR: N_("Prosecutor"),
        PractitionerRole.JUDGE: N_("Judge"),
        PractitionerRole.INVESTIGATING_MAGISTRATE: N_("Investigating magistrate"),
        PractitionerRole.POLICE: N_("Police officer"),
        PractitionerRole.LIAISON_MAGISTRATE: N_("Liaison magistrate"),
        PractitionerRole.LIAISON_OFFICER: N_("Liaison officer"),
        PractitionerRole.ASSET_RECOVERY: N_("Asset recovery officer"),
        PractitionerRole.SECRETARIAT: N_("Secretariat"),
    },
    {
        LanguageLevel.BASIC: N_("basic (A1–A2)"),
        LanguageLevel.WORKING: N_("working (B1–B2)"),
        LanguageLevel.FLUENT: N_("fluent (C1–C2)"),
        LanguageLevel.NATIVE: N_("native"),
    },
    {
        Speciality.ASSET_RECOVERY: N_("Asset recovery"),
        Speciality.CORRUPTION: N_("Corruption"),
        Speciality.CYBERCRIME: N_("Cybercrime"),
        Speciality.DRUGS: N_("Drugs"),
        Speciality.ELECTRONIC_EVIDENCE: N_("Electronic evidence"),
        Speciality.ENVIRONMENTAL_CRIME: N_("Environmental crime"),
        Speciality.EXTRADITION: N_("Extradition"),
        Speciality.FIREARMS: N_("Firearms"),
        Speciality.JOINT_INVESTIGATIONS: N_("Joint investigations"),
        Speciality.MARITIME: N_("Crime at sea"),
        Speciality.MONEY_LAUNDERING: N_("Money laundering"),
        Speciality.SMUGGLING_OF_MIGRANTS: N_("Smuggling of migrants"),
        Speciality.TERRORISM: N_("Terrorism"),
        Speciality.TRAFFICKING_IN_PERSONS: N_("Trafficking in persons"),
        Speciality.VIDEO_HEARINGS: N_("Hearings by video"),
        Speciality.WITNESS_PROTECTION: N_("Protection of witnesses"),
    },
    {
        Vetting.NOMINATED: N_("Nominated"),
        Vetting.ADDRESS_PROVED: N_("Address proved"),
        Vetting.CONFIRMED: N_("Confirmed by the focal point"),
        Vetting.ACTIVE: N_("Active"),
        Vetting.SUSPENDED: N_("Suspended"),
        Vetting.LEFT: N_("Has left"),
    },
    {
        Visibility.MEMBERS: N_("All members"),
        Visibility.NETWORKS: N_("Own networks"),
        Visibility.SECRETARIAT: N_("Secretariat alone"),
    },
    {
        DetailKind.EMAIL: N_("E-mail"),
        DetailKind.TELEPHONE: N_("Telephone"),
        DetailKind.MOBILE: N_("Mobile telephone"),
        DetailKind.TELEFAX: N_("Telefax"),
    },
    {
        ArrangementKind.JOINT_CENTRE: N_("Joint centre"),
        ArrangementKind.BORDER_AGREEMENT: N_("Border agreement"),
        ArrangementKind.METROPOLITAN_AREA: N_("Metropolitan area"),
        ArrangementKind.CONTACT_POINTS: N_("Contact points on both sides"),
    },
    {
        NotifiedProvision.UNTOC_5_3: N_("What domestic law asks for in conspiracy and participation"),
        NotifiedProvision.UNTOC_13_5: N_("Laws on confiscation"),
        NotifiedProvision.UNTOC_16_5_A: N_("The Convention as legal basis for extradition"),
        NotifiedProvision.UNTOC_18_7: N_("Paragraphs 9 to 29 in place of a treaty"),
        NotifiedProvision.UNTOC_18_13: N_("Central authority"),
        NotifiedProvision.UNTOC_18_14: N_("Languages accepted"),
        NotifiedProvision.UNTOC_31_6: N_("Authority for prevention"),
        NotifiedProvision.MIGRANTS_8_6: N_("Authority for requests about vessels"),
        NotifiedProvision.FIREARMS_13_2: N_("Point of contact for firearms"),
    },
    {
        NotificationStatus.CURRENT: N_("Current"),
        NotificationStatus.OUTDATED: N_("Outdated"),
        NotificationStatus.NONE_ON_FILE: N_("None on file"),
        NotificationStatus.REVIEW_REQUESTED: N_("Review requested"),
    },
)
# Terms of two enumerations that have the same value are equal to Python: each needs its enumeration beside it.
LABELS: Mapping[type[StrEnum], dict[StrEnum, str]] = {type(next(iter(words))): words for words in _WORDS}


def label(term: StrEnum) -> str:
    """The message id of a term."""
    return LABELS[type(term)][term]
