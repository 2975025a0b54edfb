"""The form of a record: values back and forth, and what is refused at which field."""

from __future__ import annotations

import pytest

from comity.core.errors import Invalid
from comity.core.i18n import LANGUAGES
from comity.directory.alive.parsing import language, parse, together, typed_from
from comity.directory.entries import load_entries
from comity.directory.loading import _describe, _identify
from comity.directory.models import Authority
from comity.directory.snapshots import snapshot

ENTRIES = {entry.code: entry for entry in load_entries()}


def values_of(code: str) -> dict[str, object]:
    entry, authority = ENTRIES[code], Authority(code=code, territories=[], closed_on=[])
    _identify(authority, entry)
    _describe(authority, entry)
    authority.state_iso2 = entry.state
    return snapshot(authority)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("code", ["th-a", "at-b", "cn-a", "us-a"])
def test_a_form_that_is_left_alone_changes_nothing_in_any_language(code: str, spoken: str) -> None:
    base = values_of(code)
    values, problems = parse(typed_from(base, spoken), base, spoken)
    assert problems == {}
    assert values == {name: base[name] for name in values}


def change(**typed: str | list[str]) -> tuple[dict[str, object], dict[str, Invalid]]:
    base = values_of("th-a")
    given = {name: [value] if isinstance(value, str) else value for name, value in typed.items()}
    return parse(typed_from(base, "en") | given, base, "en")


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("telephone", "+43 1 531150", "+43 1 531150"),
        ("telephone", "+4315 3115 0", "+43 1 531150"),
        ("telefax", "", None),
        ("unit", "", ""),
        ("zone", "Asia/Tokyo", "Asia/Tokyo"),
        ("languages_accepted", "thai; 中文، Русский", ["th", "zh", "ru"]),
        ("original_language", "arabe", "ar"),
        ("office_days", ["7", "1", "2"], "127"),
        ("opens", "07:05", "07:05"),
        ("closed_on", "2026-12-31\r\n\r\n2026-12-24", ["2026-12-24", "2026-12-31"]),
        ("territories", " North \n South", ["North", "South"]),
        ("holiday_calendar", "th", "TH"),
        ("functions", ["extradition", "mutual_legal_assistance"], ["mutual_legal_assistance", "extradition"]),
        ("paper_original", "1", True),
        ("encryption", [], False),
        ("mailbox", "MLA@Attorney.th.example", "mla@attorney.th.example"),
        ("months_to_execute", "12", 12),
        ("notified_on", "2026-02-28", "2026-02-28"),
    ],
)
def test_what_is_typed_is_kept_in_its_form(name: str, typed: str | list[str], value: object) -> None:
    values, problems = change(**{name: typed})
    assert problems == {}
    assert values[name] == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("telephone", "02 1412400"),
        ("telephone", "+999 1234567"),
        ("telephone", "+43 ring me"),
        ("telephone", ""),
        ("zone", "Asia/Bangkock"),
        ("zone", "../etc/passwd"),
        ("languages_accepted", "Thai, Elvish"),
        ("languages_accepted", ""),
        ("office_days", []),
        ("office_days", ["8"]),
        ("opens", "25:00"),
        ("closed_on", "24.12.2026"),
        ("holiday_calendar", "Thailand"),
        ("functions", []),
        ("functions", ["everything"]),
        ("mailbox", "nobody at home"),
        ("web", "javascript:alert(1)"),
        ("months_to_execute", "0"),
        ("notified_on", "2026-02-30"),
        ("name_en", "x" * 301),
        ("translation", "perhaps"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(name: str, typed: str | list[str]) -> None:
    _values, problems = change(**{name: typed})
    assert name in problems


def test_what_is_right_by_itself_can_be_wrong_together() -> None:
    assert set(change(opens="17:00", closes="08:00")[1]) == {"closes"}
    assert set(change(kind="police")[1]) == {"part"}
    assert together(values_of("th-a")) == {}


def test_law_and_practice_is_there_as_a_whole_or_not_at_all() -> None:
    base = values_of("th-a") | dict.fromkeys(
        ["untoc_basis_assistance", "untoc_basis_extradition", "dual_criminality", "minimum_penalty", "documents",
         "evidentiary_threshold", "use_limitation", "costs", "video_hearing", "months_to_execute"]
    )  # fmt: skip
    typed = typed_from(base, "en")
    assert parse(typed, base, "en")[1] == {}
    _values, problems = parse(typed | {"minimum_penalty": ["One year"]}, base, "en")
    assert set(problems) == {"dual_criminality", "video_hearing", "costs", "months_to_execute"}
    whole = {"dual_criminality": ["required"], "video_hearing": ["possible"], "costs": ["ordinary_borne"]}
    values, problems = parse(typed | whole | {"months_to_execute": ["6"]}, base, "en")
    assert problems == {}
    assert (values["documents"], values["minimum_penalty"], values["untoc_basis_extradition"]) == ([], "", False)


@pytest.mark.parametrize(("text", "code"), [("EN", "en"), ("Deutsch", "de"), ("الفرنسية", "fr"), ("язык", None)])
def test_a_language_is_known_by_many_names(text: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(Invalid):
            language(text, "x")
    else:
        assert language(text, "x") == code
