"""Text: Markdown becomes clean HTML, whatever was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.text import to_html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**yes** and *no*", "<p><strong>yes</strong> and <em>no</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        (
            "[law](https://law.example)",
            '<p><a href="https://law.example" rel="noopener noreferrer nofollow">law</a></p>\n',
        ),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
    ],
)
def test_markdown(typed: str, shown: str) -> None:
    assert to_html(typed) == shown


@pytest.mark.parametrize(
    "typed", ["[x](javascript:alert(1))", "[x](data:text/html,y)", "![x](https://spy.example/p.png)"]
)
def test_no_script_no_data_no_remote_picture(typed: str) -> None:
    assert not re.search(r"href=|src=|<img", to_html(typed))


@given(st.text(max_size=200))
def test_nothing_that_runs_ever_comes_out(typed: str) -> None:
    assert not re.search(
        r"<(script|style|iframe|img|svg|object|form|input)|<[^>]* on\w+=", to_html(typed), re.IGNORECASE
    )
