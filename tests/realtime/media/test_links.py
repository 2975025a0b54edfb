"""From a publisher's packets to a subscriber's, over lossy links in memory: layers, losses, pauses, retransmission."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.media import rtcp
from comity.media.downlink import Downlink, DownTrack, Wire
from comity.media.forward import Format
from comity.media.rtp import MID, REPAIRED_RID, RID, parse, vp8_descriptor
from comity.media.uplink import Uplink, UpTrack

from .packets import MEANINGS, payload_of, rtp, section, sequence_of, vp8

RIDS = ["q", "h", "f"]
FORMAT = Format(96, send_time_id=2)


class Call:
    """A publisher with one video track, and one subscriber to it. `sent` is all the subscriber was sent."""

    def __init__(self, rids: list[str] | None = None, repair_type: int | None = 97) -> None:
        self.asked: list[bytes] = []
        self.sent: list[bytes] = []
        self.reports: list[bytes] = []
        self.now = 100.0
        self.uplink = Uplink(self.asked.append)
        ssrcs = None if rids else [1000]
        self.track = UpTrack(section(rids=rids, ssrcs=ssrcs), 96, 97)
        self.uplink.add(section(rids=rids, ssrcs=ssrcs), self.track)
        self.downlink = Downlink(Wire(self.sent.append, self.reports.append))
        self.down = self.subscribe(self.downlink, repair_type)
        self.sequences = {rid: 65000 + 9 * index for index, rid in enumerate(rids or [""])}
        self.pictures = dict.fromkeys(self.sequences, 0)
        self.restarts = 0

    def subscribe(self, downlink: Downlink, repair_type: int | None = 97) -> DownTrack:
        down = downlink.add("5", self.track, FORMAT, repair_type)
        downlink.set_open(True, self.now)
        return down

    def publish(self, rid: str = "", keyframe: bool = False, lost: bool = False, padding: int = 0) -> bytes:
        """One packet of a layer; its frame is its only one."""
        index = list(self.sequences).index(rid)
        self.sequences[rid] += 1
        self.pictures[rid] += 1
        body = vp8(self.pictures[rid], keyframe, rest=f"{rid}{self.sequences[rid]}".encode())
        extensions = {MID: b"0", RID: rid.encode()} if rid else {MID: b"0"}
        data = rtp(
            self.sequences[rid],
            int(self.now * 90000),
            b"" if padding else body,
            ssrc=1000 + 10 * index + self.restarts,
            extensions=extensions,
            padding=padding,
        )
        if not lost:
            self.deliver(data)
        return data

    def deliver(self, data: bytes) -> None:
        self.uplink.receive(parse(data, MEANINGS), len(data), self.now, 0)

    def repeat(self, data: bytes, ssrc: int = 1001) -> None:
        """What the publisher sends when asked for a lost packet again (RFC 4588)."""
        lost = parse(data, MEANINGS)
        extensions = {MID: b"0"} | ({REPAIRED_RID: lost.rid} if lost.rid else {})
        again = lost.sequence.to_bytes(2, "big") + lost.body
        self.deliver(rtp(7, lost.timestamp, again, ssrc=ssrc, payload_type=97, extensions=extensions))

    def feedback(self, packet: bytes) -> None:
        for count, packet_type, whole in rtcp.split(packet):
            self.downlink.receive_feedback(count, packet_type, whole, self.now)

    def keyframes_asked(self) -> list[int]:
        found = [item for packet in self.asked for item in rtcp.split(packet) if item[1] == rtcp.PAYLOAD_FEEDBACK]
        return [ssrc for fmt, _type, packet in found for ssrc in rtcp.keyframe_requests(fmt, packet)]

    def numbers(self) -> list[int]:
        return [sequence_of(data)[1] for data in self.sent]


def test_a_subscriber_gets_what_is_published_and_a_key_frame_is_asked_for() -> None:
    call = Call()
    assert call.keyframes_asked() == [1000]
    for _ in range(3):
        call.publish()
    assert [payload_of(data)[-5:] for data in call.sent] == [b"65001", b"65002", b"65003"]
    assert {sequence_of(data)[0] for data in call.sent} == {call.track.ssrc}


def test_the_request_is_repeated_until_the_subscriber_reports() -> None:
    call = Call()
    call.now += 0.6
    call.downlink.tick(call.now)
    assert len(call.keyframes_asked()) == 2
    call.feedback(rtcp.receiver_report(1, [rtcp.ReportBlock(call.track.ssrc, 0, 0, 0, 0, 0, 0)]))
    call.now += 0.6
    call.downlink.tick(call.now)
    assert len(call.keyframes_asked()) == 2


def test_one_that_cannot_decode_does_not_cost_the_others() -> None:
    call = Call()
    for _ in range(60):
        call.now += 1.0
        call.feedback(rtcp.picture_loss(1, call.track.ssrc))
    assert 15 <= len(call.keyframes_asked()) <= 30


def test_many_subscribers_share_the_very_same_bytes() -> None:
    call = Call()
    second: list[bytes] = []
    call.subscribe(Downlink(Wire(second.append, second.append)))
    call.publish()
    assert call.sent[0] is second[0]


def test_what_the_uplink_lost_is_asked_for_and_repaired_in_place() -> None:
    call = Call()
    call.publish()
    lost = call.publish(lost=True)
    call.publish()
    call.now += 0.05
    call.uplink.feedback(call.now)
    asked = [rtcp.nacked(packet)[1] for packet in call.asked if packet[1] == rtcp.TRANSPORT_FEEDBACK]
    assert asked == [[parse(lost, MEANINGS).sequence]]
    call.repeat(lost)
    call.repeat(lost)  # a second copy is not wanted any more
    assert call.numbers() == [65001, 65003, 65002]
    assert payload_of(call.sent[2])[-5:] == b"65002"


def test_what_the_downlink_lost_is_sent_again_under_a_source_of_its_own() -> None:
    call = Call()
    call.publish()
    call.publish()
    call.feedback(rtcp.nack(1, call.track.ssrc, [65001, 65002]))
    again = call.sent[2:]
    assert [sequence_of(data)[0] for data in again] == [call.track.repair_ssrc] * 2
    assert payload_of(again[0]) == (65001).to_bytes(2, "big") + payload_of(call.sent[0])
    assert len(set(map(sequence_of, again))) == 2


def test_without_a_retransmission_format_the_very_same_bytes_go_again() -> None:
    call = Call(repair_type=None)
    call.publish()
    call.feedback(rtcp.nack(1, call.track.ssrc, [65001]))
    assert call.sent[1] == call.sent[0]


def test_padding_is_left_out() -> None:
    call = Call()
    call.publish()
    call.publish(padding=100)
    call.publish()
    assert call.numbers() == [65001, 65002]


def test_a_pause_leaves_no_gap() -> None:
    call = Call()
    call.publish(keyframe=True)
    call.down.enabled = False
    call.downlink.refresh(call.down, call.now)
    for _ in range(5):
        call.publish()
    call.down.enabled = True
    call.now += 1
    call.downlink.refresh(call.down, call.now)
    call.publish()  # a picture that refers to ones the subscriber has never seen
    call.publish(keyframe=True)
    assert call.numbers() == [65001, 65002]
    pictures = [vp8_descriptor(payload_of(data)).picture_id for data in call.sent]
    assert pictures[1] == pictures[0] + 1


def test_a_pause_of_one_does_not_disturb_the_other() -> None:
    call = Call()
    other: list[bytes] = []
    link = Downlink(Wire(other.append, other.append))
    down = call.subscribe(link)
    call.publish(keyframe=True)
    down.enabled = False
    link.refresh(down, call.now)
    call.publish()
    down.enabled = True
    link.refresh(down, call.now)
    call.publish(keyframe=True)
    assert call.numbers() == [65001, 65002, 65003]
    assert [sequence_of(data)[1] for data in other] == [65001, 65002]


@pytest.mark.parametrize("rid", ["", "q"])
def test_a_publisher_that_restarts_its_stream_is_followed(rid: str) -> None:
    call = Call(RIDS if rid else None)
    call.publish(rid, keyframe=True)
    again = {MID: b"0", RID: b"q"} if rid else {MID: b"0"}
    call.deliver(rtp(9, 0, vp8(1, keyframe=True), ssrc=4242, extensions=again))
    assert len(call.sent) == 2
    assert call.numbers()[1] == call.numbers()[0] + 1


def test_a_layer_is_changed_at_a_key_frame_only() -> None:
    call = Call(RIDS)
    for rid in RIDS:
        call.publish(rid, keyframe=True)
    call.now += 0.1
    call.downlink.tick(call.now)  # now all layers are known to be active
    assert call.down.target.rid == "f"
    call.publish("q")
    call.publish("f")
    assert [payload_of(data)[7:8] for data in call.sent] == [b"q", b"q"]
    call.publish("f", keyframe=True)
    call.publish("q")
    call.publish("f")
    assert [payload_of(data)[7:8] for data in call.sent] == [b"q", b"q", b"f", b"f"]
    numbers = call.numbers()
    assert [b - a for a, b in pairwise(numbers)] == [1, 1, 1]


def test_the_wish_and_the_budget_limit_the_layer() -> None:
    call = Call(RIDS)
    for rid in RIDS:
        call.publish(rid, keyframe=True)
    for wanted, given_, expected in ((2, 2, "f"), (1, 2, "h"), (2, 0, "q"), (0, 2, "q")):
        call.down.wanted_layer, call.down.layer = wanted, given_
        call.down.retarget(call.now)
        assert call.down.target.rid == expected


def test_a_layer_that_falls_silent_is_left() -> None:
    call = Call(RIDS)
    for rid in RIDS:
        call.publish(rid, keyframe=True)
    call.downlink.tick(call.now)
    call.now += 2
    call.publish("q")
    call.downlink.tick(call.now)
    assert call.down.target.rid == "q"


def test_sender_reports_are_passed_on_as_the_outgoing_streams() -> None:
    call = Call()
    call.publish()
    info = rtcp.SenderInfo(1000, 5 << 32, 12345, 10, 1000)
    call.uplink.receive_report(rtcp.sender_report(info), call.now)
    [report] = [rtcp.sender_info(packet) for packet in call.reports]
    assert (report.ssrc, report.ntp, report.rtp_time, report.packets) == (call.track.ssrc, 5 << 32, 12345, 1)


def test_an_ended_track_reaches_nobody() -> None:
    call = Call()
    call.uplink.remove("0")
    call.publish()
    assert call.sent == []
    assert call.uplink.unknown == 1


@pytest.mark.parametrize("extensions", [{}, {MID: b"9"}, {MID: b"0", RID: b"x"}, {MID: b"\xff"}])
def test_a_packet_that_belongs_to_nothing_is_dropped(extensions: dict[int, bytes]) -> None:
    call = Call(RIDS)
    call.deliver(rtp(1, 0, vp8(1), ssrc=31337, extensions=extensions))
    assert (call.sent, call.uplink.unknown) == ([], 1)


def shuffled(packets: list[bytes], chance: random.Random) -> list[bytes]:
    """Packets as a bad network delivers them: some lost, some twice, some late by a few."""
    keyed = []
    for index, data in enumerate(packets):
        for _ in range(chance.choices((0, 1, 2), (10, 85, 5))[0]):
            keyed.append((index + chance.choice((0, 0, 0, 2.5, 6.5)), data))
    return [data for _key, data in sorted(keyed, key=lambda item: item[0])]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1 << 30), st.booleans())
def test_no_number_ever_stands_for_two_byte_strings(seed: int, simulcast: bool) -> None:
    """Loss, duplicates, reordering, pauses, layer changes and repairs on both links, all at random."""
    chance = random.Random(seed)
    call = Call(RIDS if simulcast else None, repair_type=chance.choice((97, None)))
    actions: list[Callable[[], object]] = [
        lambda: call.down.__setattr__("wanted_layer", chance.randrange(3)),
        lambda: call.down.__setattr__("enabled", not call.down.enabled),
        lambda: call.downlink.refresh(call.down, call.now),
        lambda: call.downlink.tick(call.now),
        lambda: (
            call.feedback(rtcp.nack(1, call.track.ssrc, [sequence_of(chance.choice(call.sent))[1]]))
            if call.sent
            else None
        ),
    ]
    for _round in range(12):
        batch = []
        for _ in range(20):
            rid = chance.choice(RIDS) if simulcast else ""
            keyframe, padding = chance.random() < 0.1, chance.choice((0, 0, 0, 0, 30))
            batch.append(call.publish(rid, keyframe, lost=True, padding=padding))
        if chance.random() < 0.2:
            call.restarts += 100  # the publisher begins anew, with numbers it has used before
            call.sequences = {rid: chance.choice((number - 30, 5)) for rid, number in call.sequences.items()}
        for data in shuffled(batch, chance):
            call.now += 0.01
            call.deliver(data)
            if chance.random() < 0.2:
                chance.choice(actions)()
        repair_ssrcs = {"q": 1001, "h": 1011, "f": 1021}
        for data in chance.sample(batch, 4):
            found = parse(data, MEANINGS)
            if len(found.body) != found.padded:
                call.repeat(data, repair_ssrcs[found.rid.decode()] if found.rid else 1001)
    seen: dict[tuple[int, int], bytes] = {}
    for data in call.sent:
        assert seen.setdefault(sequence_of(data), data) == data
    assert call.sent
