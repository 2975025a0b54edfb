"""Documents that cannot be used are refused with the place and the reason; the command says so and writes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from comity.app.cli import main
from comity.sessions.margins.problem import Problem, ProblemError, parse
from tests.support.margins import faults, generated

GOOD: dict[str, Any] = generated(1, delegations=4, wishes=3, slots=2, rooms=1)
BROKEN = [
    ({"slots": {}}, "slots"),
    ({"slots": ["S0"]}, "slots[0]"),
    ({"slots": [{"id": "S0"}, {"id": "S0"}]}, "slots[1].id"),
    ({"slots": [{"id": "S0", "start": "2026-10-12T09:00", "end": None}]}, "slots[0].start"),
    ({"slots": [{"id": "S0", "start": "noon"}]}, "slots[0].start"),
    ({"slots": [{"id": "S0", "start": "2026-10-12T09:00Z", "end": "2026-10-12T08:00Z"}]}, "slots[0].end"),
    ({"rooms": [{"id": "R", "slots": ["S9"]}]}, "rooms[0].slots.item"),
    ({"wishes": [{"id": "W", "delegations": ["D1"], "priority": 1}]}, "wishes[0].delegations"),
    ({"wishes": [{"id": "W", "delegations": ["D1", "D1"], "priority": 1}]}, "wishes[0].delegations"),
    ({"wishes": [{"id": "W", "delegations": ["D1", "XX"], "priority": 1}]}, "wishes[0].delegations.item"),
    ({"wishes": [{"id": "W", "delegations": ["D1", "D2"], "priority": 6}]}, "wishes[0].priority"),
    ({"wishes": [{"id": "W", "delegations": ["D1", "D2"], "priority": True}]}, "wishes[0].priority"),
    ({"wishes": [{"delegations": ["D1", "D2"], "priority": 1}]}, "wishes[0].id"),
    ({"absences": [{"delegation": "XX", "slot": "S0"}]}, "absences[0].delegation"),
    ({"pinned": [{"wish": "W0", "slot": "S0", "room": "XX"}]}, "pinned[0].room"),
    ({"previous": [{"wish": "W9", "slot": "S0", "room": "R0"}]}, "previous[0].wish"),
]


@pytest.mark.parametrize(("changes", "where"), BROKEN)
def test_the_place_is_named(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(ProblemError) as caught:
        parse({**GOOD, **changes})
    assert caught.value.where == where


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["slots", "rooms", "wishes", "delegations", "id", "priority", "absences", "pinned"]),
                inner,
            )
        ),
    )
)
def test_any_document_is_a_problem_or_refused(document: object) -> None:
    try:
        found: Problem | ProblemError = parse(document)
    except ProblemError as error:
        found = error
    assert isinstance(found, Problem) or found.where


def test_the_command_solves_a_file(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(GOOD))
    result = CliRunner().invoke(main, ["margins", "solve", str(source), str(target)])
    assert result.exit_code == 0, result.output
    answer = json.loads(target.read_text("utf-8"))
    assert faults(GOOD, answer) == []
    assert set(answer) >= {"status", "objective", "bound", "seconds", "meetings", "unmet"}


@pytest.mark.parametrize("content", ["{", '{"slots": [{}]}'])
def test_the_command_says_what_is_wrong(tmp_path: Path, content: str) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(content)
    result = CliRunner().invoke(main, ["margins", "solve", str(source), str(target)])
    assert result.exit_code == 1
    assert "in.json" in result.output
    assert not target.exists()
