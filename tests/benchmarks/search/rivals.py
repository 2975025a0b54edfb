"""The ways not taken, over the same rows: `LIKE`, and trigrams (FTS5's tokenizer, PostgreSQL's pg_trgm)."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

Rival = Callable[[Session, str], list[int]]


def prepare(session: Session) -> None:
    """Build the trigram index of the engine at hand."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        session.execute(text("CREATE INDEX bench_trgm ON directory_search USING gin (names gin_trgm_ops)"))
        return
    session.execute(text("CREATE VIRTUAL TABLE bench_trgm USING fts5(names, tokenize='trigram')"))
    session.execute(text("INSERT INTO bench_trgm(rowid, names) SELECT id, names FROM directory_search"))


def like(session: Session, folded: str) -> list[int]:
    """Rows whose names hold what is asked, letter for letter."""
    query = text("SELECT id FROM directory_search WHERE names LIKE :like LIMIT 10")
    return [row[0] for row in session.execute(query, {"like": f"%{folded}%"})]


def trigrams(session: Session, folded: str) -> list[int]:
    """The ten rows that share most trigrams, as the engine ranks them."""
    if session.get_bind().dialect.name == "postgresql":
        query = text(
            "SELECT id FROM directory_search WHERE :asked <% names "
            "ORDER BY word_similarity(:asked, names) DESC LIMIT 10"
        )
        return [row[0] for row in session.execute(query, {"asked": folded})]
    grams = {folded[at : at + 3] for at in range(len(folded) - 2)}
    if not grams:
        return []
    query = text("SELECT rowid FROM bench_trgm WHERE bench_trgm MATCH :grams ORDER BY rank LIMIT 10")
    asked = " OR ".join(f'"{gram}"' for gram in sorted(grams))
    return [row[0] for row in session.execute(query, {"grams": asked})]
