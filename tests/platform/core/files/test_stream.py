"""The format of a file at rest: everything comes back, and nothing that was changed does."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from comity.core.files.stream import CHUNK, HEADER, TAG, seal, sealed_size, unseal
from comity.core.keys import Cipher, Unreadable

CIPHER = Cipher(bytes(range(32)))
PLACE, OTHER = ("consultation:x", "file", "a"), ("consultation:x", "file", "b")
SEALED_CHUNK = CHUNK + TAG


def content_of(size: int) -> bytes:
    return (b"0123456789abcdef" * (size // 16 + 1))[:size]


def sealed(content: bytes, place: tuple[str, ...] = PLACE, piece: int = CHUNK) -> bytes:
    pieces = (content[at : at + piece] for at in range(0, len(content), piece))
    return b"".join(seal(CIPHER, place, pieces))


def opened(found: bytes, size: int, **part: int) -> bytes:
    return b"".join(unseal(CIPHER, PLACE, io.BytesIO(found), size, **part))


SIZES = some.one_of(
    some.integers(0, 4 * CHUNK),
    some.builds(lambda chunks, off: max(0, chunks * CHUNK + off), some.integers(0, 4), some.integers(-2, 2)),
)


@given(size=SIZES, piece=some.sampled_from([1009, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK]))
def test_everything_comes_back_however_it_came(size: int, piece: int) -> None:
    content = content_of(size)
    found = sealed(content, piece=piece)
    assert len(found) == sealed_size(size)
    assert opened(found, size) == content


@given(size=SIZES, bounds=some.tuples(some.integers(0, 4 * CHUNK), some.integers(0, 4 * CHUNK)))
def test_a_part_is_that_part(size: int, bounds: tuple[int, int]) -> None:
    start, stop = sorted(min(bound, size) for bound in bounds)
    content = content_of(size)
    assert opened(sealed(content), size, start=start, stop=stop) == content[start:stop]


def test_the_same_content_never_looks_the_same() -> None:
    first, second = (sealed(content_of(100)) for _ in range(2))
    assert first[HEADER:] != second[HEADER:]
    assert content_of(100)[:32] not in first


def chunk(found: bytes, number: int) -> bytes:
    begin = HEADER + number * SEALED_CHUNK
    return found[begin : begin + SEALED_CHUNK]


def with_chunks(found: bytes, *numbers: int) -> bytes:
    return found[:HEADER] + b"".join(chunk(found, number) for number in numbers)


def _first_from(found: bytes, other: bytes) -> bytes:
    return found[:HEADER] + chunk(other, 0) + found[HEADER + SEALED_CHUNK :]


SIZE = 3 * CHUNK + 100
"""Four chunks, the last one short."""

TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the first chunk": lambda f: f[: HEADER + 5] + bytes([f[HEADER + 5] ^ 1]) + f[HEADER + 6 :],
    "a bit of the last tag": lambda f: f[:-1] + bytes([f[-1] ^ 1]),
    "a bit of the salt": lambda f: f[:3] + bytes([f[3] ^ 1]) + f[4:],
    "another version": lambda f: b"\x02" + f[1:],
    "without the last byte": lambda f: f[:-1],
    "without the last chunk": lambda f: with_chunks(f, 0, 1, 2),
    "without the first chunk": lambda f: with_chunks(f, 1, 2, 3),
    "without a chunk between": lambda f: with_chunks(f, 0, 2, 3),
    "two chunks exchanged": lambda f: with_chunks(f, 1, 0, 2, 3),
    "a chunk twice": lambda f: with_chunks(f, 0, 0, 2, 3),
    "a byte appended": lambda f: f + b"\0",
    "the last chunk appended": lambda f: f + chunk(f, 3),
    "nothing but the header": lambda f: f[:HEADER],
    "half a header": lambda f: f[: HEADER // 2],
    "nothing": lambda f: b"",
    "a chunk of another file": lambda f: _first_from(f, sealed(content_of(SIZE), OTHER)),
    "a chunk of the same file, sealed at another time": lambda f: _first_from(f, sealed(content_of(SIZE))),
    "another file": lambda f: sealed(content_of(SIZE), OTHER),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_changed_does_not_open(what: str) -> None:
    found = TAMPERINGS[what](sealed(content_of(SIZE)))
    given_out: list[bytes] = []
    with pytest.raises(Unreadable):
        given_out.extend(unseal(CIPHER, PLACE, io.BytesIO(found), SIZE))
    assert content_of(SIZE).startswith(b"".join(given_out))


@pytest.mark.parametrize("told", [0, 1, SIZE - 1, SIZE + 1, 3 * CHUNK, 4 * CHUNK, SIZE + 10 * CHUNK])
def test_a_size_that_is_not_the_files_does_not_open(told: int) -> None:
    with pytest.raises(Unreadable):
        opened(sealed(content_of(SIZE)), told)


def test_with_another_key_it_does_not_open() -> None:
    with pytest.raises(Unreadable):
        list(unseal(Cipher(bytes(32)), PLACE, io.BytesIO(sealed(b"x")), 1))
