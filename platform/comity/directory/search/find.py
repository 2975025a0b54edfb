"""Finding: names first, wider below twenty hits, two hundred unranked at most, then put in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from comity.directory.fold import fold
from comity.directory.models import SearchKind
from comity.directory.search import terms
from comity.directory.search.rank import score
from comity.directory.search.spelling import Spelling
from comity.directory.search.terms import MOST_LETTERS, Group

FEW, MOST = 20, 200

_COLUMNS = "SELECT row.id, row.kind, row.ref, row.part, row.names, row.more FROM directory_search AS row "
_SQLITE = text(
    _COLUMNS + "JOIN directory_search_fts ON directory_search_fts.rowid = row.id "
    "WHERE directory_search_fts MATCH :query LIMIT :most"
)
_POSTGRESQL = text(_COLUMNS + "WHERE row.document @@ CAST(:query AS tsquery) LIMIT :most")
Form = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ref: alpha-2 code of a State, id of an authority. part: a or b, for an authority."""

    kind: SearchKind
    ref: str
    part: str | None
    score: float


def find(session: Session, spelling: Spelling, asked: str) -> list[Hit]:
    """What answers to a query, best first.

    asked: as typed, in any language and script; the last letters of a word may be missing.
    """
    wanted = terms.phrases(asked)
    if not wanted:
        return []
    groups = terms.with_alternatives(wanted, spelling.vocabulary(session).instead_of)
    rows = _rows(session, groups)
    folded = fold(asked[:MOST_LETTERS])
    corrected = " ".join(" ".join(group[0].words) for group in groups)
    hits = [
        Hit(
            SearchKind(row.kind), row.ref, row.part, max(score(ask, row.names, row.more) for ask in {folded, corrected})
        )
        for row in rows.values()
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.kind is SearchKind.AUTHORITY, hit.part or "", hit.ref))


def _rows(session: Session, groups: Sequence[Group]) -> dict[int, Row[Any]]:
    statement, form = _dialect(session)
    found: dict[int, Row[Any]] = {}

    def take(query: str) -> None:
        for row in session.execute(statement, {"query": query, "most": MOST}):
            found.setdefault(row.id, row)

    take(form(groups, names_only=True))
    if len(found) < FEW:
        take(form(groups, names_only=False))
    if not found and len(loose := terms.loosened(groups)) > 1:
        take(form(loose, names_only=False, every=False))
    return found


def _dialect(session: Session) -> tuple[TextClause, Form]:
    if session.get_bind().dialect.name == "postgresql":
        return _POSTGRESQL, terms.tsquery
    return _SQLITE, terms.fts5
