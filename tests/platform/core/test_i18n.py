"""Languages."""

from __future__ import annotations

import pytest

from comity.core.i18n import LANGUAGES, best_language, own_name, text_direction


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(["fr-CA", "en"], "fr"), (["th", "zh-Hant"], "zh"), (["de", "pt-BR"], "en"), ([], "en"), (["AR_eg"], "ar")],
)
def test_the_first_language_that_comity_speaks(wanted: list[str], found: str) -> None:
    assert best_language(wanted) == found


def test_arabic_alone_runs_from_right_to_left() -> None:
    assert {code: text_direction(code) for code in LANGUAGES} == {c: "rtl" if c == "ar" else "ltr" for c in LANGUAGES}


def test_languages_name_themselves() -> None:
    assert [own_name(code) for code in LANGUAGES] == ["العربية", "中文", "English", "Français", "Русский", "Español"]
