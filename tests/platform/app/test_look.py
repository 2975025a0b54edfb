"""What style sheets and templates keep to: right-to-left, content security policy, small files, signs that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHEETS = sorted((ROOT / "static/styles").glob("*.css"))
TEMPLATES = sorted(ROOT.glob("*/comity/**/templates/**/*.html"))
ISLANDS = sorted((ROOT / "static/islands").rglob("*.ts"))

PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border|inset|scroll-padding)-(left|right|top|bottom)\b"
    r"|(left|right|top|bottom|width|height|(min|max)-(width|height))\s*:(?!.*\)\s*\{)"
    r"|(text-align|float|clear)\s*:\s*(left|right))"
)
SIGN = re.compile(r"""\bicon\(\s*["']([\w-]+)["']""")


def signs() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/public/icons.svg").read_text("utf-8")))


@pytest.mark.parametrize(
    "line", ["margin-left: 1px;", "  width: 2rem;", "text-align: right;", "border-top: 0;", "top: 0;"]
)
def test_physical_directions_are_recognised(line: str) -> None:
    assert PHYSICAL.search(line)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_is_short_and_knows_no_left_or_right(sheet: Path) -> None:
    lines = sheet.read_text("utf-8").splitlines()
    physical = [line for line in lines if PHYSICAL.search(line) and not line.startswith("@media")]
    assert physical == []
    assert len(lines) <= 250


def test_every_style_sheet_is_imported_once() -> None:
    imported = re.findall(r'@import "\./(.+?)"', (ROOT / "static/styles/main.css").read_text("utf-8"))
    assert sorted(imported) == [sheet.name for sheet in SHEETS if sheet.name != "main.css"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_template_has_nothing_that_the_content_security_policy_forbids(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<style\b", text)
    assert re.findall(r"<script\b(?![^>]*type=\"application/json\")[^>]*>", text) == []


@pytest.mark.parametrize("source", [*TEMPLATES, *ISLANDS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sign_that_is_asked_for_is_in_the_sprite(source: Path) -> None:
    assert set(SIGN.findall(source.read_text("utf-8"))) <= signs()
