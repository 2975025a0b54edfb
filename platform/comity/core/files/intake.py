"""A file comes in: measured, judged, sealed, written and scanned, piece by piece. Nobody sees it before the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from comity.core.errors import Invalid
from comity.core.files import kinds, names, stream
from comity.core.files.kinds import Kind, Unacceptable
from comity.core.files.scanning import Scanner
from comity.core.files.store import Store
from comity.core.i18n import N_
from comity.core.keys import Cipher, Place

MEGABYTE = 1_000_000


class TooLarge(Invalid):
    """A file beyond the installation's limit. most: in bytes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "file-too-large"
    message = N_("“%(name)s” was not taken: a file has at most %(most)d MB.")

    def __init__(self, name: str, most: int) -> None:
        super().__init__(field="files", name=name, most=most // MEGABYTE)


EMPTY = N_("“%(name)s” was not taken: it is empty.")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is written and not published. name: cleaned. size: in bytes. digest: SHA-256 of the sealed bytes."""

    file_id: str
    name: str
    kind: Kind
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What an installation takes in, and how. most: bytes of one file."""

    store: Store
    scanner: Scanner
    most: int

    def receive(self, cipher: Cipher, place: Place, file_id: str, name: str, content: Iterable[bytes]) -> Received:
        """Take in a file. name: as the browser sent it. content: in pieces of any size.

        Raises Unacceptable, TooLarge and ScannerDown; then nothing is left of it.
        """
        name = names.clean(name)
        measured = _Measured(name, self.most, content)
        head = measured.head()
        kind = kinds.judge(name, head)
        written = self.store.write(file_id, stream.seal(cipher, place, measured.all(head)))
        try:
            with self.store.reading(file_id) as source:
                self.scanner.look(name, stream.unseal(cipher, place, source, measured.size))
        except BaseException:
            self.store.remove(file_id)
            raise
        return Received(file_id, name, kind, measured.size, written.digest)


class _Measured:
    """Counts what comes, and stops at the limit. size: of what has come."""

    def __init__(self, name: str, most: int, content: Iterable[bytes]) -> None:
        self._name, self._most, self._content = name, most, iter(content)
        self.size = 0

    def head(self) -> bytes:
        """Enough of the beginning to judge it by. Raises Unacceptable for an empty file."""
        found = bytearray()
        for piece in self._counted():
            found += piece
            if len(found) >= kinds.HEAD:
                break
        if not found:
            raise Unacceptable(EMPTY, name=self._name)
        return bytes(found)

    def all(self, head: bytes) -> Iterator[bytes]:
        """The head, and the rest."""
        yield head
        yield from self._counted()

    def _counted(self) -> Iterator[bytes]:
        for piece in self._content:
            self.size += len(piece)
            if self.size > self._most:
                raise TooLarge(self._name, self._most)
            yield piece
