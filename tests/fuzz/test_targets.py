"""Every target takes its corpus, changed bytes of it, and bytes without sense. `make fuzz` does it for longer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
_UNHURRIED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def seeds(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def _changed(name: str) -> st.SearchStrategy[bytes]:
    def put(seed: bytes, at: int, gone: int, new: bytes) -> bytes:
        start = at % (len(seed) + 1)
        return seed[:start] + new + seed[start + gone :]

    return st.builds(put, st.sampled_from(seeds(name)), st.integers(0, 500), st.integers(0, 6), st.binary(max_size=12))


def test_every_target_has_a_corpus() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_is_taken_or_refused_in_good_order(name: str) -> None:
    found = seeds(name)
    assert found
    for data in found:
        TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
@_UNHURRIED
@given(data=st.data())
def test_changed_bytes_break_nothing(name: str, data: st.DataObject) -> None:
    TARGETS[name](data.draw(st.one_of(_changed(name), st.binary(max_size=300))))
