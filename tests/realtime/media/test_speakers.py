"""Active speakers and connection quality."""

from __future__ import annotations

import pytest
from livekit.protocol import models

from comity.media import quality
from comity.media.speakers import LevelMeter, Speaker, SpeakerBoard


def test_a_meter_rises_at_once_and_falls_slowly() -> None:
    meter = LevelMeter()
    meter.note(12, 1.0)
    assert meter.read(1.0) == pytest.approx(0.8)
    meter.note(127, 1.02)
    assert 0.7 < meter.read(1.02) < 0.8
    assert meter.read(2.0) == 0.0  # no packets: discontinuous transmission


def test_a_board_reports_changes_only_and_does_not_flicker() -> None:
    board = SpeakerBoard()
    assert board.update({"a": 0.1, "b": 0.2}) == []
    assert board.update({"a": 0.5, "b": 0.9}) == [Speaker("b", 0.9, True), Speaker("a", 0.5, True)]
    assert board.update({"a": 0.55, "b": 0.9}) == []
    assert board.update({"a": 0.2, "b": 0.9}) == [Speaker("a", 0.2, True)]
    assert board.update({"a": 0.1, "b": 0.9}) == [Speaker("a", 0.0, False)]
    assert board.update({}) == [Speaker("b", 0.0, False)]


@pytest.mark.parametrize(
    ("up", "down", "silent", "expected"),
    [
        (0.0, 0.0, 1.0, models.ConnectionQuality.EXCELLENT),
        (0.03, 0.0, 1.0, models.ConnectionQuality.GOOD),
        (0.0, 0.2, 1.0, models.ConnectionQuality.POOR),
        (0.0, 0.0, 20.0, models.ConnectionQuality.LOST),
    ],
)
def test_quality_is_the_worse_way(up: float, down: float, silent: float, expected: models.ConnectionQuality) -> None:
    judged = quality.judge(up, down, silent)
    assert judged == expected
    assert 0 <= quality.score(judged) <= 5
