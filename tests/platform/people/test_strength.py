"""Passwords are judged in words that every reader gets in their language."""

from __future__ import annotations

import ast
import inspect

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from zxcvbn import feedback

from comity.people.strength import REASONS, SUGGESTIONS, WeakPassword, judge, own_words, require_strong

AMINA = own_words("Amina Diallo", "amina.diallo@justice.example.org")


@pytest.mark.parametrize(
    "password", ["lantern orchard gravel tide", "Kupfer7 regnet leise", "فانوس بستان حصى مد", "灯笼果园与碎石潮汐之间"]
)
def test_uncommon_words_are_good_enough(password: str) -> None:
    require_strong(password, AMINA)
    assert judge(password, AMINA).good_enough


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("password", "This is one of the ten most common passwords."),
        ("P@ssword1", "This is close to a common password."),
        ("qwertyuiop[]", "Straight rows of keys are easy to guess."),
        ("aaaaaaaaaaaa", "Repeated characters like “aaa” are easy to guess."),
        ("abcabcabcabc", "Repeats like “abcabcabc” are hardly harder to guess than “abc”."),
        ("AminaDiallo", "Your own name, address or office is easy to guess."),
        ("amina.diallo2", "Your own name, address or office is easy to guess."),
        ("justice.example", "Your own name, address or office is easy to guess."),
        ("comity2026", "This password is easy to guess."),
    ],
)
def test_weak_ones_are_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword) as caught:
        require_strong(password, AMINA)
    assert caught.value.message == reason
    assert caught.value.field == "password"
    assert caught.value.suggestions


@pytest.mark.parametrize(("password", "limit"), [("T7#kz!q", "8"), ("ab " * 200, "500")])
def test_too_short_and_too_long_are_refused_with_the_limit(password: str, limit: str) -> None:
    with pytest.raises(WeakPassword, match=limit):
        require_strong(password, ())


def test_every_message_of_zxcvbn_has_words_of_ours() -> None:
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(feedback))) if isinstance(node, ast.Call))
    messages = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "_" and isinstance(call.args[0], ast.Constant)
    }
    assert messages == set(REASONS) | set(SUGGESTIONS)


@settings(max_examples=40, deadline=None)
@example("İstanbul", [])
@given(st.text(max_size=120), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_can_be_judged(password: str, words: list[str]) -> None:
    strength = judge(password, own_words(*words))
    assert strength.good_enough == (strength.reason == "")
    assert 0 <= strength.score <= 4
