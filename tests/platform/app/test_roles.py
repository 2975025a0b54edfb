"""The documentation of roles is printed from the table that decides."""

from __future__ import annotations

from pathlib import Path

from comity.app.roles import document

ROLES = Path(__file__).parents[3] / "docs" / "roles.md"


def test_the_page_is_current() -> None:
    assert ROLES.read_text(encoding="utf-8") == document(), "run: python -m comity.app.roles > docs/roles.md"
