"""What a token may open: the one table that the consent page, the API's description and the docs show. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from comity.core.i18n import N_


class Scope(StrEnum):
    """A part of what its person or post may do; never more than that (RFC 6749, 3.3)."""

    PROFILE = "profile.read"
    DIRECTORY = "directory.read"
    CONSULTATIONS_READ = "consultations.read"
    CONSULTATIONS_WRITE = "consultations.write"
    STATISTICS = "statistics.read"
    DAV = "dav"
    """Of application passwords alone."""


WORDS: Mapping[Scope, str] = {
    Scope.PROFILE: N_("See your name, language, time zone and posts"),
    Scope.DIRECTORY: N_("Read and search the directory"),
    Scope.CONSULTATIONS_READ: N_("Read the consultations of your authority"),
    Scope.CONSULTATIONS_WRITE: N_("Start consultations and write in them on behalf of your authority"),
    Scope.STATISTICS: N_("Count the consultations of your authority"),
    Scope.DAV: N_("Read the directory with an application password"),
}

FOR_CLIENTS: tuple[Scope, ...] = tuple(scope for scope in Scope if scope is not Scope.DAV)
"""What a case system or tool can be registered for."""


def split(words: str | None) -> tuple[str, ...]:
    """The scopes of a space-separated list, each once, in the table's order; unknown ones last (RFC 6749, 3.3)."""
    asked = set((words or "").split())
    known = [scope.value for scope in Scope if scope.value in asked]
    return (*known, *sorted(asked.difference(known)))


def joined(scopes: Iterable[str]) -> str:
    """The list as it stands in requests and answers."""
    return " ".join(split(" ".join(scopes)))
