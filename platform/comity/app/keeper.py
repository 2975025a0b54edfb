"""Keeps one process running: what dies is started again after a short pause.

`python -m comity.app.keeper PIDFILE COMMAND...`: imports nothing of Comity, so that it weighs little.
"""

from __future__ import annotations

import signal
import subprocess  # fixed commands alone  # nosec B404
import sys
import threading
import time
from pathlib import Path
from types import FrameType

_FIRST_PAUSE, _LAST_PAUSE, _HEALTHY_AFTER = 0.5, 10.0, 30.0


def keep(written: Path, command: list[str]) -> int:
    """Run a command until a signal ends the keeper.

    written: file that holds the number of the process while it runs. Returns the exit code, always 0.
    """
    written.parent.mkdir(parents=True, exist_ok=True)
    ending = threading.Event()
    child: list[subprocess.Popen[bytes]] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ending.set()
        if child and child[0].poll() is None:
            child[0].send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    pause = _FIRST_PAUSE
    while not ending.is_set():
        started = time.monotonic()
        child[:] = [subprocess.Popen(command)]  # noqa: S603 - our own command  # nosec B603
        written.write_text(str(child[0].pid))
        code = child[0].wait()
        if ending.is_set():
            break
        healthy = time.monotonic() - started > _HEALTHY_AFTER
        pause = _FIRST_PAUSE if healthy else pause
        print(f"ended with {code}; starting it again in {pause:.1f} s", flush=True)
        ending.wait(pause)
        pause = min(pause * 2, _LAST_PAUSE)
    written.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), sys.argv[2:]))
