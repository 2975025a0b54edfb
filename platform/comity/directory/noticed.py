"""Notifications in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import text_direction
from comity.core.times import day
from comity.directory.facts import Reader
from comity.directory.labels import label
from comity.directory.models import State
from comity.directory.names import language_name, sorting_key, state_name
from comity.directory.notices import Chain
from comity.directory.present import Chip
from comity.directory.record import Notification
from comity.directory.vocabulary import NotificationStatus, NotifiedProvision

_TONES = {
    NotificationStatus.CURRENT: "good",
    NotificationStatus.OUTDATED: "warn",
    NotificationStatus.NONE_ON_FILE: "",
    NotificationStatus.REVIEW_REQUESTED: "warn",
}


@dataclass(frozen=True, slots=True)
class Text:
    """What was notified, in one language."""

    words: str
    language: str
    direction: str
    language_name: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notification. article: as in "UNTOC, Article 18(13)". texts: original, then English. earlier: before."""

    url: str
    code: str
    provision: str
    article: str
    state: str
    state_url: str
    status: Chip
    status_value: str
    deposited: str
    texts: tuple[Text, ...]
    earlier: tuple[NoticeRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """What a State has under one provision. url: empty where nothing is on file."""

    state: str
    state_url: str
    url: str
    status: Chip
    status_value: str
    deposited: str


def provision_words(provision: NotifiedProvision) -> tuple[str, str]:
    """ "Central authority" and "UNTOC, Article 18(13)"."""
    instrument, article = provision.provision
    return _(label(provision)), _(label(instrument), article=article)


def status_chip(status: NotificationStatus) -> Chip:
    """The status in a word."""
    return Chip(_(label(status)), _TONES[status])


def notice_rows(chains: Iterable[Chain], reader: Reader) -> tuple[NoticeRow, ...]:
    """What holds now, each with what stood before it."""
    return tuple(notice_row(chain.head, reader, chain.earlier) for chain in chains)


def notice_row(one: Notification, reader: Reader, earlier: Iterable[Notification] = ()) -> NoticeRow:
    """A notification. earlier: what stood before it, latest first."""
    words, article = provision_words(one.provision)
    return NoticeRow(
        url=url_for("directory.notifications.page", code=one.code),
        code=one.code,
        provision=words,
        article=article,
        state=state_name(one.state_iso2, reader.language),
        state_url=url_for("directory.state", iso2=one.state_iso2),
        status=status_chip(one.status),
        status_value=one.status.value,
        deposited=day(one.deposited_on, reader.language) if one.deposited_on else "",
        texts=_texts(one, reader),
        earlier=tuple(notice_row(before, reader) for before in earlier),
    )


def overview_rows(
    states: Iterable[State], heads: Mapping[str, Notification], reader: Reader
) -> tuple[OverviewRow, ...]:
    """Every Party with what holds there under a provision, by the State's name in the reader's language."""
    rows = (_overview(state, heads.get(state.iso2), reader) for state in states if state.party)
    return tuple(sorted(rows, key=lambda row: sorting_key(row.state)))


def _overview(state: State, head: Notification | None, reader: Reader) -> OverviewRow:
    status = head.status if head else NotificationStatus.NONE_ON_FILE
    return OverviewRow(
        state=state_name(state.iso2, reader.language),
        state_url=url_for("directory.state", iso2=state.iso2),
        url=url_for("directory.notifications.page", code=head.code) if head else "",
        status=status_chip(status),
        status_value=status.value,
        deposited=day(head.deposited_on, reader.language) if head and head.deposited_on else "",
    )


def _texts(one: Notification, reader: Reader) -> tuple[Text, ...]:
    found = [(one.text, one.language), (one.english, "en")]
    return tuple(
        Text(words, language, text_direction(language), language_name(language.partition("-")[0], reader.language))
        for words, language in found
        if words
    )
