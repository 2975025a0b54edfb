"""Session descriptions of the load generator: what is read from a server's, and how its own are written (RFC 8866)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

OPUS, VP8 = 111, 96
"""Payload types that the load generator offers."""

LEVEL, SEND_TIME, TRANSPORT, MID = 1, 2, 3, 4
EXTENSIONS = {
    LEVEL: "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    SEND_TIME: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    TRANSPORT: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    MID: "urn:ietf:params:rtp-hdrext:sdes:mid",
}
"""Header extensions offered, by the id they are offered under (RFC 8285)."""
_OFFERED = {"audio": (LEVEL, SEND_TIME, TRANSPORT, MID), "video": (SEND_TIME, TRANSPORT, MID)}


@dataclass(frozen=True, slots=True)
class Section:
    """One media section of a server's description."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    mid: str
    direction: str
    lines: tuple[str, ...]

    @property
    def extensions(self) -> dict[str, int]:
        """Negotiated header extension ids by URI."""
        pairs = (re.match(r"a=extmap:(\d+)(?:/\w+)? (\S+)", line) for line in self.lines)
        return {pair[2]: int(pair[1]) for pair in pairs if pair}

    def payload_type(self, codec: str) -> int | None:
        """The payload type of a codec, by its name in any case; None when it is not there."""
        for line in self.lines:
            if (found := re.match(rf"a=rtpmap:(\d+) {codec}/", line, re.IGNORECASE)) and found[1] in self.formats:
                return int(found[1])
        return None


@dataclass(frozen=True, slots=True)
class Description:
    """What the load generator needs of a server's offer or answer."""

    ufrag: str
    pwd: str
    fingerprints: tuple[tuple[str, str], ...]
    setup: str
    candidates: tuple[tuple[str, int], ...]
    sections: tuple[Section, ...]


def parse(text: str) -> Description:
    """Read a bundled description. Raises ValueError when a transport attribute is missing."""
    head, *parts = re.split(r"(?m)^(?=m=)", text.replace("\r\n", "\n"))
    if not parts:
        raise ValueError("a description without media sections")
    transport = head + parts[0]
    candidates = re.findall(r"(?m)^a=candidate:\S+ 1 udp \d+ ([\d.]+) (\d+) typ host", transport, re.IGNORECASE)
    return Description(
        ufrag=_one(r"a=ice-ufrag:(\S+)", transport),
        pwd=_one(r"a=ice-pwd:(\S+)", transport),
        fingerprints=tuple(re.findall(r"(?m)^a=fingerprint:(\S+) (\S+)$", transport)),
        setup=_one(r"a=setup:(\S+)", transport),
        candidates=tuple(dict.fromkeys((host, int(port)) for host, port in candidates)),
        sections=tuple(_section(part) for part in parts),
    )


def _one(pattern: str, text: str) -> str:
    found = re.search(rf"(?m)^{pattern}$", text)
    if not found:
        raise ValueError(f"no {pattern} in the description")
    return found[1]


def _section(text: str) -> Section:
    kind, port, protocol, *formats = text.partition("\n")[0].removeprefix("m=").split()
    direction = re.search(r"(?m)^a=(sendrecv|sendonly|recvonly|inactive)$", text)
    return Section(
        kind=kind,
        port=int(port),
        protocol=protocol,
        formats=tuple(formats),
        mid=_one(r"a=mid:(\S+)", text),
        direction=direction[1] if direction else "sendrecv",
        lines=tuple(text.splitlines()),
    )


@dataclass(frozen=True, slots=True)
class Credentials:
    """The load generator's side of the transport."""

    ufrag: str
    pwd: str
    fingerprint: str
    candidate: str

    def lines(self, setup: str) -> list[str]:
        """Transport attributes of a media section; setup: the DTLS role (RFC 8842)."""
        return [
            "c=IN IP4 127.0.0.1",
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.pwd}",
            f"a=fingerprint:sha-256 {self.fingerprint}",
            f"a=setup:{setup}",
            f"a=candidate:{self.candidate}",
            "a=end-of-candidates",
        ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A media section to offer. ssrc and track are set when the load generator sends on it."""

    kind: str
    ssrc: int | None = None
    track: str = ""


def _session(version: int, mids: Sequence[str]) -> list[str]:
    bundle = "a=group:BUNDLE " + " ".join(mids)
    return ["v=0", f"o=- 1 {version} IN IP4 127.0.0.1", "s=-", "t=0 0", bundle, "a=msid-semantic: WMS *"]


def offer(credentials: Credentials, sections: Sequence[Wanted], version: int, *, feedback: bool) -> str:
    """Write an offer; the mid of a section is its index.

    version: raised with each offer of a session. feedback: whether to take transport-wide numbers where we receive.
    """
    out = _session(version, [str(index) for index in range(len(sections))])
    for index, section in enumerate(sections):
        if section.kind == "application":
            out += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", *credentials.lines("actpass")]
            out += [f"a=mid:{index}", "a=sctp-port:5000", "a=max-message-size:262144"]
            continue
        payload = OPUS if section.kind == "audio" else VP8
        out += [f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {payload}", *credentials.lines("actpass")]
        out += [f"a=mid:{index}", "a=rtcp-mux", "a=rtcp-rsize"]
        numbered = feedback or section.ssrc is not None
        out += [f"a=extmap:{i} {EXTENSIONS[i]}" for i in _OFFERED[section.kind] if numbered or i != TRANSPORT]
        out.append("a=recvonly" if section.ssrc is None else "a=sendonly")
        if section.kind == "audio":
            out += [f"a=rtpmap:{OPUS} opus/48000/2", f"a=rtcp-fb:{OPUS} transport-cc"]
            out.append(f"a=fmtp:{OPUS} minptime=10;useinbandfec=1")
        else:
            kinds = ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")
            out += [f"a=rtpmap:{VP8} VP8/90000", *(f"a=rtcp-fb:{VP8} {kind}" for kind in kinds)]
        if section.ssrc is not None:
            out += [f"a=msid:- {section.track}", f"a=ssrc:{section.ssrc} cname:load"]
            out.append(f"a=ssrc:{section.ssrc} msid:- {section.track}")
    return "\r\n".join(out) + "\r\n"


def answer(credentials: Credentials, offered: Description, *, feedback: bool) -> str:
    """Answer a server's offer of media to receive: everything it offers is accepted, as a browser does.

    feedback: False leaves transport-wide numbers out.
    """
    refused = () if feedback else (EXTENSIONS[TRANSPORT], "transport-cc")
    out = _session(1, [section.mid for section in offered.sections])
    for section in offered.sections:
        out += [f"m={section.kind} 9 {section.protocol} {' '.join(section.formats)}", *credentials.lines("active")]
        out += [f"a=mid:{section.mid}", "a=rtcp-mux", "a=rtcp-rsize", "a=recvonly"]
        accepted = (line for line in section.lines if re.match(r"a=(extmap|rtpmap|fmtp|rtcp-fb):", line))
        out += [line for line in accepted if not line.endswith(refused)]
    return "\r\n".join(out) + "\r\n"
