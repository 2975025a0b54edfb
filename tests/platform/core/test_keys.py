"""Sealing: what was sealed opens in its place alone, unchanged, and with its key alone."""

from __future__ import annotations

import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.core.keys import Cipher, KeyMissing, MasterKeys, Place, Unreadable, fresh_key, key_id, written

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
places = st.lists(st.text(max_size=8) | st.integers(), max_size=4).map(tuple)


@given(text=st.text(), place=places)
def test_what_was_sealed_opens_again(text: str, place: Place) -> None:
    cipher = Cipher(fresh_key())
    assert cipher.open_text(cipher.seal_text(text, place), place) == text


@given(content=st.binary(max_size=60), place=places, where=st.integers(min_value=0), change=st.integers(1, 255))
def test_a_change_to_any_byte_is_refused(content: bytes, place: Place, where: int, change: int) -> None:
    sealed = bytearray(Cipher(KEY).seal(content, place))
    sealed[where % len(sealed)] ^= change
    with pytest.raises(Unreadable):
        Cipher(KEY).open(bytes(sealed), place)


def test_a_change_to_each_single_byte_and_each_shorter_form_is_refused() -> None:
    sealed = Cipher(KEY).seal(b"Yes.", ("a", 1))
    for where in range(len(sealed)):
        changed = bytearray(sealed)
        changed[where] ^= 1
        with pytest.raises(Unreadable):
            Cipher(KEY).open(bytes(changed), ("a", 1))
        with pytest.raises(Unreadable):
            Cipher(KEY).open(sealed[:where], ("a", 1))
    assert Cipher(KEY).open(sealed, ("a", 1)) == b"Yes."


@given(one=places, other=places)
def test_it_opens_in_no_other_place(one: Place, other: Place) -> None:
    assume(one != other)
    with pytest.raises(Unreadable):
        Cipher(KEY).open(Cipher(KEY).seal(b"here", one), other)


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), (("ab", "c"), ("abc",)), (("a", "1"), ("a", 1)), (("a",), ("a", ""))]
)
def test_places_that_look_alike_are_not_the_same(one: Place, other: Place) -> None:
    with pytest.raises(Unreadable):
        Cipher(KEY).open(Cipher(KEY).seal(b"here", one), other)


@given(content=st.binary(max_size=60))
def test_another_key_opens_nothing(content: bytes) -> None:
    with pytest.raises(Unreadable):
        Cipher(OTHER).open(Cipher(KEY).seal(content, ()), ())


def test_the_same_words_never_look_the_same() -> None:
    cipher = Cipher(KEY)
    assert len({cipher.seal(b"Yes.", ()) for _ in range(500)}) == 500
    assert len(cipher.seal(b"Yes.", ())) == len(b"Yes.") + 29


def test_the_first_master_key_wraps_and_all_unwrap() -> None:
    old, both = MasterKeys([KEY]), MasterKeys([OTHER, KEY])
    key = fresh_key()
    wrapped = old.wrap(key, "consultation:a")
    assert both.unwrap(old.first, wrapped, "consultation:a") == key
    assert both.first == key_id(OTHER) != old.first
    with pytest.raises(KeyMissing) as missing:
        old.unwrap(both.first, both.wrap(key, "consultation:a"), "consultation:a")
    assert missing.value.master == key_id(OTHER)
    assert key_id(OTHER) in str(missing.value)


def test_a_wrapped_key_is_good_for_its_own_scope_alone() -> None:
    keys = MasterKeys([KEY])
    with pytest.raises(Unreadable):
        keys.unwrap(keys.first, keys.wrap(fresh_key(), "consultation:a"), "consultation:b")


@given(keys=st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4, unique=True))
def test_keys_are_read_as_they_were_written_in_either_alphabet(keys: list[bytes]) -> None:
    ids = tuple(key_id(key) for key in keys)
    assert MasterKeys.parse(" ".join(map(written, keys))).ids == ids
    url_safe = "  ".join(base64.urlsafe_b64encode(key).decode().rstrip("=") for key in keys)
    assert MasterKeys.parse(f" {url_safe}\n").ids == ids


@pytest.mark.parametrize("wrong", ["", "  ", "short", "!" * 44, written(KEY) + " x", written(KEY[1:])])
def test_what_is_no_key_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"Base64|32|one key"):
        MasterKeys.parse(wrong)
    with pytest.raises(ValueError, match="32"):
        Cipher(b"short")


def test_neither_ids_nor_what_is_printed_show_a_key() -> None:
    shown = repr(MasterKeys([KEY])) + repr(Cipher(KEY)) + key_id(KEY)
    assert written(KEY) not in shown
    assert KEY.hex()[:8] not in shown
    assert len(key_id(KEY)) == 16
