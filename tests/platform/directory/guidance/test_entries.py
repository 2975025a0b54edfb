"""The demonstration's guidance: every demonstration State has some, and many in their own language."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.core.i18n import text_direction
from comity.directory.entries import load_entries
from comity.directory.guidance.entries import load_guidance
from comity.directory.reference import DATA, DataError

ENOUGH_REQUIREMENTS, ENOUGH_STATES = 12, 12


def test_every_demonstration_state_has_guidance() -> None:
    found = {entry.state: entry for entry in load_guidance()}
    assert set(found) == {entry.state for entry in load_entries()}
    assert all(entry.requirements and entry.texts and entry.links for entry in found.values())


def test_many_are_rich_and_in_their_own_language() -> None:
    rich = [
        entry
        for entry in load_guidance()
        if len(entry.requirements) >= ENOUGH_REQUIREMENTS
        and all(set(one.texts) >= {one.original, "en"} and one.original != "en" for one in entry.requirements)
    ]
    assert len(rich) >= ENOUGH_STATES
    originals = {entry.requirements[0].original for entry in rich}
    assert originals >= {"ar", "zh", "th", "es", "fr", "ru", "de", "pt"}
    assert any(text_direction(language) == "rtl" for language in originals)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('element = "authority"', 'element = "nothing"', "element: Please choose"),
        ('case = "urgent"', 'case = "sometimes"', "case: Please choose"),
        ('original = "th"', 'original = "fr"', "no text in this language"),
        ("https://justice.th.example/law/th", "ftp://justice.th.example", "url: A web address"),
        ('key = "facts"', 'key = "bank"', "a key stands twice"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (DATA / "guidance" / "th.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "th.toml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DataError, match=r"th\.toml") as refused:
        load_guidance(tmp_path)
    assert words in str(refused.value)
