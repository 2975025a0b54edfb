"""Offers of real clients, offers made up, and answers that keep to what was offered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.media import sdp
from comity.media.answer import Local, Reply, acceptable, build_answer
from comity.media.errors import BadOffer
from comity.media.rtp import EXTENSION_URIS, MID, REPAIRED_RID, RID

from .packets import offer

RECORDED = ["chromium_join", "chromium_simulcast", "native_join", "native_publish", "firefox"]
LOCAL = Local("UfRaG123", "PaSsWoRd", "sha-256 AA:BB", ["1 1 udp 2130706431 192.0.2.7 7882 typ host"], 5, 2)


def read(answer: str) -> tuple[list[str], list[list[str]]]:
    """The session part and the media sections of an answer, as lines."""
    assert answer.endswith("\r\n")
    parts = answer.removesuffix("\r\n").replace("\r\nm=", "\0m=").split("\0")
    return parts[0].split("\r\n"), [part.split("\r\n") for part in parts[1:]]


def values(lines: list[str], name: str) -> list[str]:
    return [line.removeprefix(f"a={name}:") for line in lines if line.startswith(f"a={name}:")]


def check(parsed: sdp.Offer, replies: dict[str, Reply]) -> None:
    """What every answer owes its offer (RFC 8829, section 5.3.1)."""
    head, sections = read(build_answer(parsed, replies, LOCAL))
    assert head[0] == "v=0"
    assert "a=ice-lite" in head
    assert len(sections) == len(parsed.sections)
    [group] = [line for line in head if line.startswith("a=group:BUNDLE")]
    bundled = group.split()[1:]
    for asked, lines in zip(parsed.sections, sections, strict=True):
        kind, port, protocol, *formats = lines[0].removeprefix("m=").split()
        assert (kind, protocol, values(lines, "mid")) == (asked.kind, asked.protocol, [asked.mid])
        assert set(formats) <= set(asked.formats) | {"0"}
        assert (port != "0") == acceptable(asked) == (asked.mid in bundled)
        if port == "0" or kind == "application":
            continue
        check_media(asked, lines, replies.get(asked.mid, Reply()))


def check_media(asked: sdp.Section, lines: list[str], reply: Reply) -> None:
    assert values(lines, "setup") == ["passive"]
    assert (values(lines, "ice-ufrag"), values(lines, "ice-pwd")) == ([LOCAL.ufrag], [LOCAL.password])
    numbers = {uri: int(number) for number, uri in (line.split() for line in values(lines, "extmap"))}
    assert len(set(numbers.values())) == len(numbers)
    offered = {EXTENSION_URIS[meaning]: number for meaning, number in asked.extensions.items()}
    assert numbers.items() <= offered.items()
    direction = [line[2:] for line in lines if line[2:] in ("sendonly", "recvonly", "inactive", "sendrecv")]
    assert direction == [reply.direction]
    assert {line.split()[0] for line in values(lines, "rid")} <= set(asked.rids)
    if reply.direction == "sendonly" and reply.stream:
        assert values(lines, "msid") == [" ".join(reply.stream)]
        assert values(lines, "ssrc")[0].startswith(f"{reply.ssrc} cname:")


@pytest.mark.parametrize("name", RECORDED)
def test_answers_recorded_offers(name: str) -> None:
    parsed = sdp.parse_offer(offer(name))
    replies = {
        section.mid: Reply("recvonly") if section.sends else Reply("sendonly", ("PA_1|TR_1", "TR_1"), 77, 78)
        for section in parsed.sections
        if section.kind != "application"
    }
    check(parsed, replies)
    assert parsed.sctp_port == 5000
    assert len(parsed.ufrag) >= 4
    assert parsed.fingerprints[0][0] == "sha-256"


def test_reads_simulcast_from_chromium() -> None:
    [section] = [s for s in sdp.parse_offer(offer("chromium_simulcast")).sections if s.rids]
    assert section.rids == ["q", "h", "f"]
    assert section.ssrcs == []
    assert (section.payload_type, section.repair_type) == (96, 97)
    assert {MID, RID, REPAIRED_RID} <= set(section.extensions)


def test_echoes_the_layer_extensions_before_any_simulcast() -> None:
    """Chromium offers later only what the bundle negotiated first."""
    _head, sections = read(build_answer(sdp.parse_offer(offer("chromium_join")), {}, LOCAL))
    video = next(lines for lines in sections if lines[0].startswith("m=video"))
    assert any(EXTENSION_URIS[RID] in line for line in video)
    assert any(EXTENSION_URIS[REPAIRED_RID] in line for line in video)


def test_asks_simulcast_publishers_for_every_layer() -> None:
    parsed = sdp.parse_offer(offer("chromium_simulcast"))
    mid = next(s.mid for s in parsed.sections if s.rids)
    assert "a=simulcast:recv q;h;f\r\n" in build_answer(parsed, {mid: Reply("recvonly")}, LOCAL)


def test_bundle_only_is_no_rejection_and_the_fingerprint_may_stand_above() -> None:
    parsed = sdp.parse_offer(offer("firefox"))
    assert [section.rejected for section in parsed.sections] == [False] * 3
    assert parsed.fingerprints[0][1].startswith("4D:41")
    video = parsed.sections[1]
    assert (video.payload_type, video.repair_type, video.repairs) == (120, 124, {2566337613: 3566337614})
    assert video.msid.split()[-1] == "{0d4a4c58-21a7-4c56-8c5c-0a0f3d6c9e22}"


def test_maps_ids_of_this_client_to_what_they_mean() -> None:
    assert sdp.parse_offer(offer("firefox")).extension_meanings()[3] == MID
    assert sdp.parse_offer(offer("chromium_join")).extension_meanings()[4] == MID


def change(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("v=0\r\n", "v=1\r\n"),
        ("a=mid:1\r\n", "a=mid:0\r\n"),
        ("a=mid:1\r\n", ""),
        ("a=mid:1\r\n", "a=mid:a b\r\n"),
        ("a=ice-ufrag:1c2d3e4f\r\n", ""),
        ("a=fingerprint:sha-256", "a=fingerprint:md5"),
        ("a=setup:actpass", "a=setup:passive"),
        ("m=video 0 ", "m=video zero "),
        ("a=sctp-port:5000", "a=sctp-port:70000"),
        ("a=bundle-only\r\na=sendonly", "a=bundle-only\r\na=rid:a;b send\r\na=sendonly"),
        ("m=", "x="),
    ],
)
def test_refuses_what_cannot_be_answered(old: str, new: str) -> None:
    with pytest.raises(BadOffer):
        sdp.parse_offer(change(offer("firefox"), old, new))


def test_refuses_what_is_too_large() -> None:
    with pytest.raises(BadOffer):
        sdp.parse_offer("v=0\r\n" + "a" * sdp.MAX_OFFER)
    section = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
    with pytest.raises(BadOffer):
        sdp.parse_offer("v=0\r\n" + section * (sdp.MAX_SECTIONS + 1))


def test_a_section_the_client_gave_up_is_rejected_and_left_out_of_the_bundle() -> None:
    parsed = sdp.parse_offer(change(offer("firefox"), "a=bundle-only\r\na=sendonly", "a=sendonly"))
    assert parsed.sections[1].rejected
    check(parsed, {})


Kind = st.sampled_from(["audio", "video", "application", "text"])
Uri = st.sampled_from([*EXTENSION_URIS.values(), "urn:3gpp:video-orientation", "urn:example"])


@st.composite
def made_up_section(draw: st.DrawFn, mid: str) -> str:
    kind = draw(Kind)
    port = draw(st.sampled_from([9, 9, 9, 0]))
    common = f"a=mid:{mid}\r\na=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\na=setup:actpass\r\n"
    common += "a=fingerprint:sha-256 AA:BB\r\n" + draw(st.sampled_from(["", "a=bundle-only\r\n"]))
    if kind == "application":
        return f"m=application {port} UDP/DTLS/SCTP webrtc-datachannel\r\n{common}a=sctp-port:5000\r\n"
    types = draw(st.lists(st.integers(0, 127), min_size=1, max_size=6, unique=True))
    names = ["opus/48000/2", "VP8/90000", "VP9/90000", "rtx/90000", "PCMU/8000"]
    lines = [f"a=rtpmap:{number} {draw(st.sampled_from(names))}" for number in types]
    lines += [f"a=fmtp:{number} apt={draw(st.sampled_from(types))}" for number in types]
    ids = draw(st.lists(st.integers(1, 255), max_size=7, unique=True))
    uris = draw(st.lists(Uri, min_size=len(ids), max_size=len(ids), unique=True))
    lines += [f"a=extmap:{number} {uri}" for number, uri in zip(ids, uris, strict=True)]
    lines.append("a=" + draw(st.sampled_from(["sendrecv", "sendonly", "recvonly", "inactive"])))
    if kind == "video" and draw(st.booleans()):
        rids = draw(st.lists(st.sampled_from(["q", "h", "f", "hi", "lo-1"]), max_size=4, unique=True))
        lines += [f"a=rid:{rid} send" for rid in rids]
    numbers = " ".join(map(str, types))
    return f"m={kind} {port} UDP/TLS/RTP/SAVPF {numbers}\r\n{common}" + "\r\n".join(lines) + "\r\n"


@st.composite
def made_up_offer(draw: st.DrawFn) -> str:
    mids = draw(st.lists(st.from_regex(r"[A-Za-z0-9]{1,6}", fullmatch=True), min_size=1, max_size=8, unique=True))
    return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + "".join(draw(made_up_section(mid)) for mid in mids)


@settings(max_examples=150)
@given(made_up_offer(), st.data())
def test_answers_made_up_offers_within_what_was_offered(text: str, data: st.DataObject) -> None:
    parsed = sdp.parse_offer(text)
    replies = {}
    for section in parsed.sections:
        if data.draw(st.booleans()):
            sending = Reply("sendonly", ("PA_x|TR_y", "TR_y"), 1234, 5678)
            replies[section.mid] = Reply("recvonly") if section.sends else sending
    check(parsed, replies)


@given(st.text(max_size=400))
def test_any_text_is_an_offer_or_refused(text: str) -> None:
    with pytest.raises(BadOffer):
        sdp.parse_offer(text)


@settings(max_examples=100)
@given(st.sampled_from(RECORDED), st.integers(0, 20_000), st.text(max_size=5))
def test_a_damaged_offer_is_answered_or_refused(name: str, position: int, noise: str) -> None:
    text = offer(name)
    damaged = text[: position % len(text)] + noise + text[position % len(text) + len(noise) :]
    try:
        parsed = sdp.parse_offer(damaged)
    except BadOffer:
        return
    check(parsed, {})
