"""The directory in pages, with filters: what the API's callers read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory.access import may_view_directory
from comity.directory.models import Authority


@dataclass(frozen=True, slots=True)
class Filter:
    """What authorities to list: values of the directory's terms; empty for any. state: alpha-2 code, in upper case."""

    state: str = ""
    part: str = ""
    kind: str = ""
    function: str = ""

    def fits(self, authority: Authority) -> bool:
        return (
            self.state in {"", authority.state_iso2}
            and self.part in {"", authority.part.value}
            and self.kind in {"", authority.kind.value}
            and (not self.function or self.function in authority.functions)
        )


def authorities(session: Session, actor: Actor, wanted: Filter, after: int, most: int) -> Sequence[Authority]:
    """The authorities behind an id, in the order of ids. Raises NotFound for who may not view the directory."""
    if not may_view_directory(actor):
        raise NotFound
    query = select(Authority).where(Authority.id > after, *_conditions(wanted)).order_by(Authority.id).limit(most)
    return session.scalars(query).all()


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    columns = ((wanted.state, Authority.state_iso2), (wanted.part, Authority.part), (wanted.kind, Authority.kind))
    found = [column == value for value, column in columns if value]
    if wanted.function:
        # The list is kept as JSON on both engines; a term has no character that JSON or LIKE would change.
        found.append(cast(Authority.functions, String).contains(f'"{wanted.function}"', autoescape=True))
    return found
