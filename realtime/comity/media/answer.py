"""The answer to an offer (RFC 8829, section 5.3). Pure.

The server only ever answers. It is ICE-lite (RFC 8445, section 2.5), always the DTLS server (RFC 8842), and bundles
everything into one transport (RFC 8843).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .rtp import EXTENSION_URIS, TRANSPORT_SEQUENCE
from .sdp import Offer, Section

MAX_MESSAGE_SIZE = 65536  # octets of one data channel message (RFC 8841, section 6)
OPUS_PARAMETERS = "minptime=10;useinbandfec=1;usedtx=1"
_VIDEO_FEEDBACK = ("ccm fir", "nack", "nack pli", "goog-remb")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the answer says of one media section.

    direction: from our side. stream: participant and track id for the client (`msid`), with `ssrc` and `repair_ssrc`
    of what we send there.
    """

    direction: str = "inactive"
    stream: tuple[str, str] | None = None
    ssrc: int = 0
    repair_ssrc: int = 0


@dataclass(frozen=True, slots=True)
class Local:
    """Our side of the transport. fingerprint: algorithm and digest. candidates: values of `a=candidate`."""

    ufrag: str
    password: str
    fingerprint: str
    candidates: Sequence[str]
    session_id: int
    version: int


INACTIVE = Reply()


def acceptable(section: Section) -> bool:
    """Whether we can use a section at all: still wanted by the client, and of a kind and codec that we know."""
    if section.rejected:
        return False
    if section.kind == "application":
        return "webrtc-datachannel" in section.formats and "SCTP" in section.protocol
    return section.payload_type is not None


def build_answer(offer: Offer, replies: Mapping[str, Reply], local: Local) -> str:
    """Answer every section of the offer, in its order.

    replies: by mid; a section without one is answered inactive, one that is not acceptable is rejected with port 0.
    """
    bundled = [section.mid for section in offer.sections if acceptable(section)]
    lines = [
        "v=0",
        f"o=- {local.session_id} {local.version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE " + " ".join(bundled) if bundled else "a=group:BUNDLE",
        "a=msid-semantic: WMS *",
        "a=extmap-allow-mixed",
    ]
    transport = _transport(local)
    for section in offer.sections:
        if not acceptable(section):
            lines += _rejected(section)
        elif section.kind == "application":
            lines += [f"m=application 9 {section.protocol} webrtc-datachannel", *transport, f"a=mid:{section.mid}"]
            lines += ["a=sctp-port:5000", f"a=max-message-size:{MAX_MESSAGE_SIZE}"]
        else:
            lines += _media(section, replies.get(section.mid, INACTIVE), transport)
    return "\r\n".join(lines) + "\r\n"


def _transport(local: Local) -> list[str]:
    return [
        "c=IN IP4 0.0.0.0",
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.password}",
        f"a=fingerprint:{local.fingerprint}",
        "a=setup:passive",
        *(f"a=candidate:{candidate}" for candidate in local.candidates),
        "a=end-of-candidates",
    ]


def _rejected(section: Section) -> list[str]:
    formats = " ".join(section.formats) or "0"
    return [
        f"m={section.kind} 0 {section.protocol} {formats}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        "a=inactive",
    ]


def _media(section: Section, reply: Reply, transport: list[str]) -> list[str]:
    payload_type, repair_type = section.payload_type, section.repair_type if section.kind == "video" else None
    formats = f"{payload_type} {repair_type}" if repair_type is not None else f"{payload_type}"
    lines = [f"m={section.kind} 9 {section.protocol} {formats}", *transport, f"a=mid:{section.mid}"]
    lines += ["a=rtcp-mux", "a=rtcp-rsize"]
    lines += [f"a=extmap:{number} {EXTENSION_URIS[meaning]}" for meaning, number in section.accepted_extensions.items()]
    lines += _codec(section, payload_type, repair_type)
    lines.append(f"a={reply.direction}")
    if reply.direction == "recvonly" and section.rids:
        lines += [f"a=rid:{rid} recv" for rid in section.rids]
        lines.append("a=simulcast:recv " + ";".join(section.rids))
    if reply.direction == "sendonly" and reply.stream is not None:
        participant, track = reply.stream
        lines.append(f"a=msid:{participant} {track}")
        if repair_type is not None:
            lines.append(f"a=ssrc-group:FID {reply.ssrc} {reply.repair_ssrc}")
        lines.append(f"a=ssrc:{reply.ssrc} cname:{participant.partition('|')[0]}")
        if repair_type is not None:
            lines.append(f"a=ssrc:{reply.repair_ssrc} cname:{participant.partition('|')[0]}")
    return lines


def _codec(section: Section, payload_type: int | None, repair_type: int | None) -> list[str]:
    _name, spelled = section.codecs[payload_type or 0]
    lines = [f"a=rtpmap:{payload_type} {spelled}"]
    if TRANSPORT_SEQUENCE in section.accepted_extensions:
        lines.append(f"a=rtcp-fb:{payload_type} transport-cc")
    if section.kind == "audio":
        return [*lines, f"a=fmtp:{payload_type} {OPUS_PARAMETERS}"]
    lines += [f"a=rtcp-fb:{payload_type} {feedback}" for feedback in _VIDEO_FEEDBACK]
    if repair_type is not None:
        lines += [f"a=rtpmap:{repair_type} rtx/90000", f"a=fmtp:{repair_type} apt={payload_type}"]
    return lines
