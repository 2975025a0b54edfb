"""The receive side of one incoming RTP stream: order, losses, duplicates, statistics. Pure."""

from __future__ import annotations

from .resend import KeyframeThrottle
from .rtcp import ReportBlock, SenderInfo

WINDOW = 1024  # packets remembered to recognise duplicates; a power of two
MAX_GAP = 512  # a longer gap is a jump, nothing is asked for
NACK_DELAY = 0.02  # seconds a packet may be merely late
NACK_INTERVAL = 0.08
NACK_TRIES = 8
NACK_AGE = 1.0
_MASK = WINDOW - 1


class _Missing:
    __slots__ = ("asked", "since", "tries")

    def __init__(self, now: float) -> None:
        self.since, self.asked, self.tries = now, now - NACK_INTERVAL + NACK_DELAY, 0


class ReceiveStream:
    """One incoming SSRC: a simulcast layer, or a publication's only encoding.

    rid: the layer's name, "" for an only encoding. clock_rate: RTP clock in Hz.
    nack: whether losses are asked for again.
    """

    def __init__(self, rid: str, clock_rate: int, nack: bool) -> None:
        self.rid, self.clock_rate, self._nack = rid, clock_rate, nack
        self.ssrc = 0  # 0: not bound yet
        self.repair_ssrc = 0
        self.keyframes = KeyframeThrottle()
        self.last_seen = -1e9
        self.bitrate = 0.0  # bits per second, smoothed
        self._restart()

    def _restart(self) -> None:
        self.run = object()  # stands for one numbering: another SSRC begins another
        self.highest = -1
        self._base = 0
        self._received = 0
        self._window: list[int] = [-1] * WINDOW
        self._missing: dict[int, _Missing] = {}
        self._transit: float | None = None
        self._jitter = 0.0
        self._expected_before = self._received_before = 0
        self._lsr, self._lsr_at = 0, 0.0
        self._octets, self._measured_at = 0, -1.0

    def bind(self, ssrc: int) -> None:
        """Take this SSRC as the stream's from now on; everything counted before is forgotten."""
        self.ssrc = ssrc
        self._restart()

    @property
    def received(self) -> int:
        """Packets received in all, each counted once."""
        return self._received

    @property
    def lost(self) -> int:
        """Packets lost in all (negative when more came than were expected)."""
        return self.highest - self._base + 1 - self._received if self.highest >= 0 else 0

    def receive(self, sequence: int, timestamp: int, size: int, now: float) -> int | None:
        """Note a packet and extend its 16-bit sequence number. None: a duplicate, or older than the window."""
        highest = self.highest
        if highest < 0:
            self.highest = self._base = extended = sequence + 0x10000
        else:
            step = (sequence - highest) & 0xFFFF
            if 0 < step < 0x8000:
                extended = highest + step
                if step > 1 and self._nack and step < MAX_GAP:
                    for number in range(highest + 1, extended):
                        self._missing[number] = _Missing(now)
                self.highest = extended
                self._note_jitter(timestamp, now)
            else:
                extended = highest + step - (0x10000 if step else 0)
                if extended <= highest - WINDOW or extended < self._base:
                    return None
        if self._window[extended & _MASK] == extended:
            return None
        self._window[extended & _MASK] = extended
        if self._missing:
            self._missing.pop(extended, None)
        self._received += 1
        self._octets += size
        self.last_seen = now
        return extended

    def _note_jitter(self, timestamp: int, now: float) -> None:
        transit = now * self.clock_rate - timestamp
        if self._transit is not None:
            change = abs(transit - self._transit)
            if change < self.clock_rate * 10:  # not where the timestamp wraps
                self._jitter += (change - self._jitter) / 16
        self._transit = transit

    def wanted(self, now: float) -> list[int]:
        """The 16-bit sequence numbers to ask for again at `now`; call it every few tens of milliseconds."""
        asked = []
        for number, missing in list(self._missing.items()):
            if missing.tries >= NACK_TRIES or now - missing.since > NACK_AGE:
                del self._missing[number]
            elif now - missing.asked >= NACK_INTERVAL:
                missing.tries, missing.asked = missing.tries + 1, now
                asked.append(number & 0xFFFF)
        return asked

    def is_missing(self, sequence: int) -> bool:
        """Whether a retransmitted packet with this 16-bit number would fill a gap."""
        if self.highest < 0:
            return False
        step = (sequence - self.highest) & 0xFFFF
        return self.highest + step - (0x10000 if step >= 0x8000 else 0) in self._missing

    def note_sender_report(self, info: SenderInfo, now: float) -> None:
        """Remember a sender report for the next reception report (RFC 3550, section 6.4.1, LSR)."""
        self._lsr, self._lsr_at = (info.ntp >> 16) & 0xFFFFFFFF, now

    def measure(self, now: float) -> None:
        """Update the bitrate; call it about once a second."""
        if self._measured_at >= 0 and now > self._measured_at:
            rate = self._octets * 8 / (now - self._measured_at)
            self.bitrate = rate if not self.bitrate else self.bitrate * 0.5 + rate * 0.5
        self._octets, self._measured_at = 0, now

    def report(self, now: float) -> ReportBlock | None:
        """The reception report since the last one, or None while nothing came."""
        if self.highest < 0:
            return None
        expected = self.highest - self._base + 1
        expected_now, received_now = expected - self._expected_before, self._received - self._received_before
        self._expected_before, self._received_before = expected, self._received
        lost_now = expected_now - received_now
        fraction = min(255, (lost_now << 8) // expected_now) if expected_now > 0 and lost_now > 0 else 0
        delay = int((now - self._lsr_at) * 65536) if self._lsr else 0
        highest = self.highest - 0x10000  # the first sequence number was lifted by one cycle
        return ReportBlock(self.ssrc, fraction, self.lost, highest, int(self._jitter), self._lsr, delay)
