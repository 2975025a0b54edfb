"""Run all benchmarks: `python -m tests.benchmarks`."""

from __future__ import annotations

import sys

from tests.benchmarks import atrest, exchange, files, journal, looking, signin
from tests.benchmarks.media import __main__ as media
from tests.benchmarks.search import __main__ as search

if __name__ == "__main__":
    # All run, even when one fails; any failure is told by the exit code.
    benchmarks = (
        media.main, journal.main, atrest.main, files.main, looking.main, signin.main, search.main, exchange.main,
    )  # fmt: skip
    codes = [benchmark([]) for benchmark in benchmarks]
    sys.exit(max(codes))
