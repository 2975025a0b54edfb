"""Where processes run and how readily: what keeps other work on the machine out of the figures."""

from __future__ import annotations

import os
from pathlib import Path

_NICE = -15


def raise_priority(pid: int) -> bool:
    """Put a process and its session before others; both servers are treated alike. False when we may not.

    The session's own niceness counts where the kernel groups processes by session (sched(7), autogroup).
    """
    group = Path(f"/proc/{pid}/autogroup")
    try:
        os.setpriority(os.PRIO_PROCESS, pid, _NICE)
        if group.exists():
            group.write_text(str(_NICE))
    except OSError:
        return False
    return True


def cores() -> list[int]:
    """The cores we may run on."""
    return sorted(os.sched_getaffinity(0))


def stay_on(core: int | None) -> None:
    """Keep this process, and what it starts, on one core; None changes nothing."""
    if core is not None:
        os.sched_setaffinity(0, {core})
