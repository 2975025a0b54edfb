"""Session descriptions: what a client offers (RFC 8829, RFC 8866, RFC 8843). Pure. The answer is in answer.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .errors import BadOffer
from .rtp import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    EXTENSION_URIS,
    MAX_ONE_BYTE_ID,
    MID,
    REPAIRED_RID,
    RID,
    TRANSPORT_SEQUENCE,
)

MAX_OFFER = 1 << 20  # octets
MAX_SECTIONS = 600
MAX_RIDS = 3
VIDEO_CLOCK = 90000
FINGERPRINTS = ("sha-256", "sha-384", "sha-512")

CODECS = {"audio": "opus", "video": "vp8"}
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_MEANINGS = {uri: meaning for meaning, uri in EXTENSION_URIS.items()}
_EXTENSIONS = {
    "audio": (MID, AUDIO_LEVEL, ABS_SEND_TIME, TRANSPORT_SEQUENCE),
    # without RID and its repaired twin in the first answer Chromium offers no simulcast later
    "video": (MID, ABS_SEND_TIME, TRANSPORT_SEQUENCE, RID, REPAIRED_RID),
}
_RID_ORDER = {"q": 0, "h": 1, "f": 2}  # LiveKit's names for quarter, half and full size
_MID = re.compile(r"[!-~]{1,64}")  # a token, RFC 5888, section 4; 16 octets would do (RFC 8843, section 15.2)
_RID = re.compile(r"[A-Za-z0-9_-]{1,16}")  # RFC 8851, section 10
_MEDIA = re.compile(r"m=([a-z]+) (\d{1,5}) (\S+) (.*)")
_MAP = re.compile(r"(\d{1,3}) ([^/\s]+)/(\d+)(?:/(\d+))?")
_EXTMAP = re.compile(r"(\d{1,5})(?:/[a-z]+)? (\S+)")


@dataclass(slots=True)
class Section:
    """One `m=` section of an offer, reduced to what the answer needs.

    codecs: payload type to lower-case name. extensions: our meaning to the client's id. repairs: SSRC to the SSRC of
    its retransmissions (RFC 4588). rids: simulcast layers the client would send, from low to high.
    """

    kind: str
    port: int
    protocol: str
    formats: list[str]
    mid: str = ""
    direction: str = "sendrecv"
    bundle_only: bool = False
    ufrag: str = ""
    setup: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    codecs: dict[int, tuple[str, str]] = field(default_factory=dict)
    parameters: dict[int, str] = field(default_factory=dict)
    extensions: dict[int, int] = field(default_factory=dict)
    msid: str = ""
    ssrcs: list[int] = field(default_factory=list)
    repairs: dict[int, int] = field(default_factory=dict)
    rids: list[str] = field(default_factory=list)
    sctp_port: int = 5000

    @property
    def rejected(self) -> bool:
        """Whether the client gave this section up; Firefox marks new bundled ones with port 0 too (RFC 8843, 6)."""
        return self.port == 0 and not self.bundle_only

    @property
    def sends(self) -> bool:
        """Whether the client would send media in this section."""
        return self.direction in ("sendrecv", "sendonly")

    @property
    def payload_type(self) -> int | None:
        """The client's payload type for the one codec we forward of this kind."""
        wanted = CODECS.get(self.kind)
        for item in self.formats:
            if item.isdecimal() and self.codecs.get(int(item), ("", ""))[0] == wanted:
                return int(item)
        return None

    @property
    def accepted_extensions(self) -> dict[int, int]:
        """Our meaning to the client's id, for those of its extensions that we use and can write in one-byte form."""
        known = _EXTENSIONS.get(self.kind, ())
        return {m: self.extensions[m] for m in known if 0 < self.extensions.get(m, 0) <= MAX_ONE_BYTE_ID}

    @property
    def repair_type(self) -> int | None:
        """The payload type of retransmissions of `payload_type` (RFC 4588, section 8.1)."""
        wanted = self.payload_type
        for number, (name, _rest) in self.codecs.items():
            if name == "rtx" and re.search(rf"(?:^|;)\s*apt={wanted}\s*(?:;|$)", self.parameters.get(number, "")):
                return number
        return None


@dataclass(frozen=True, slots=True)
class Offer:
    """A parsed offer. ufrag changes when the client restarts ICE (RFC 8839, section 4.4.1.1.1)."""

    sections: tuple[Section, ...]
    ufrag: str
    fingerprints: tuple[tuple[str, str], ...]

    @property
    def sctp_port(self) -> int | None:
        """The client's SCTP port, None without data channels (RFC 8841)."""
        return next((s.sctp_port for s in self.sections if s.kind == "application" and not s.rejected), None)

    def extension_meanings(self) -> list[int]:
        """For each extension id what it stands for in this bundle, 0 for nothing of ours."""
        meanings = [0] * 256
        for section in self.sections:
            for meaning, number in section.accepted_extensions.items():
                meanings[number] = meaning
        return meanings


def parse_offer(text: str) -> Offer:
    """Read an offer. Raises BadOffer with the reason."""
    if len(text) > MAX_OFFER:
        raise BadOffer("session description too long")
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] != "v=0":
        raise BadOffer("session description does not begin with v=0")
    head: list[str] = []
    sections: list[Section] = []
    for line in lines:
        if line.startswith("m="):
            if len(sections) == MAX_SECTIONS:
                raise BadOffer("too many media sections")
            sections.append(_open_section(line))
        elif not sections:
            head.append(line)
        elif line.startswith("a="):
            _read_attribute(sections[-1], line[2:])
    return _checked(head, sections)


def _open_section(line: str) -> Section:
    found = _MEDIA.fullmatch(line)
    if found is None:
        raise BadOffer("media line does not parse")
    kind, port, protocol, formats = found.groups()
    return Section(kind, int(port), protocol, formats.split())


def _read_attribute(section: Section, line: str) -> None:
    name, _, value = line.partition(":")
    if name in _DIRECTIONS:
        section.direction = name
        return
    if name == "bundle-only":
        section.bundle_only = True
        return
    reader = _READERS.get(name)
    if reader is not None:
        reader(section, value)


def _read_mid(section: Section, value: str) -> None:
    if not _MID.fullmatch(value):
        raise BadOffer("mid is no token")
    section.mid = value


def _read_rtpmap(section: Section, value: str) -> None:
    found = _MAP.fullmatch(value)
    if found and int(found[1]) < 128:
        channels = f"/{found[4]}" if found[4] else ""
        section.codecs[int(found[1])] = (found[2].lower(), f"{found[2]}/{found[3]}{channels}")


def _read_fmtp(section: Section, value: str) -> None:
    number, _, rest = value.partition(" ")
    if number.isdecimal():
        section.parameters[int(number)] = rest


def _read_extmap(section: Section, value: str) -> None:
    found = _EXTMAP.match(value)
    if found and (meaning := _MEANINGS.get(found[2])) and 0 < int(found[1]) < 256:
        section.extensions[meaning] = int(found[1])


def _read_ssrc(section: Section, value: str) -> None:
    number = value.partition(" ")[0]
    if number.isdecimal() and 0 < int(number) < 1 << 32 and int(number) not in section.ssrcs:
        section.ssrcs.append(int(number))


def _read_ssrc_group(section: Section, value: str) -> None:
    parts = value.split()
    if len(parts) == 3 and parts[0] == "FID" and parts[1].isdecimal() and parts[2].isdecimal():
        section.repairs[int(parts[1])] = int(parts[2])


def _read_rid(section: Section, value: str) -> None:
    parts = value.split()
    if len(parts) >= 2 and parts[1] == "send" and len(section.rids) < MAX_RIDS:
        if not _RID.fullmatch(parts[0]):
            raise BadOffer("rid is no token")
        if parts[0] not in section.rids:
            section.rids.append(parts[0])


def _read_fingerprint(section: Section, value: str) -> None:
    algorithm, _, digest = value.partition(" ")
    section.fingerprints.append((algorithm.lower(), digest.strip()))


def _read_sctp_port(section: Section, value: str) -> None:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise BadOffer("sctp-port is no port")
    section.sctp_port = int(value)


def _text(name: str) -> Callable[[Section, str], None]:
    def read(section: Section, value: str) -> None:
        setattr(section, name, value.strip())

    return read


_READERS: Mapping[str, Callable[[Section, str], None]] = {
    "mid": _read_mid,
    "ice-ufrag": _text("ufrag"),
    "setup": _text("setup"),
    "msid": _text("msid"),
    "fingerprint": _read_fingerprint,
    "rtpmap": _read_rtpmap,
    "fmtp": _read_fmtp,
    "extmap": _read_extmap,
    "ssrc": _read_ssrc,
    "ssrc-group": _read_ssrc_group,
    "rid": _read_rid,
    "sctp-port": _read_sctp_port,
}


def _checked(head: list[str], sections: list[Section]) -> Offer:
    """Fill in what stands at session level (Firefox puts the fingerprint there) and refuse what we cannot answer."""
    if not sections:
        raise BadOffer("no media section")
    mids = [section.mid for section in sections]
    if "" in mids or len(set(mids)) != len(mids):
        raise BadOffer("each media section needs a mid of its own")
    session = Section("session", 9, "", [])
    for line in head:
        if line.startswith(("a=ice-ufrag:", "a=fingerprint:", "a=setup:")):
            _read_attribute(session, line[2:])
    carrier = next((section for section in sections if section.ufrag), session)
    ufrag = carrier.ufrag or session.ufrag
    fingerprints = carrier.fingerprints or session.fingerprints
    if not ufrag:
        raise BadOffer("no ice-ufrag")
    if not any(algorithm in FINGERPRINTS for algorithm, _digest in fingerprints):
        raise BadOffer("no fingerprint of a known algorithm")
    if (carrier.setup or session.setup) == "passive":
        raise BadOffer("the client must be able to begin the DTLS handshake")
    for section in sections:
        section.rids.sort(key=lambda rid: _RID_ORDER.get(rid, 0))
    return Offer(tuple(sections), ufrag, tuple(fingerprints))
