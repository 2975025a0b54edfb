"""One target under atheris, led by what the parsers do: `python -m tests.fuzz TARGET -max_total_time=30`.

libFuzzer writes what breaks a target into a file `crash-…`: add it to the corpus, which the normal tests try.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["comity", "werkzeug", "itsdangerous", "jwt"]):
    from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


def main(arguments: list[str]) -> None:
    """Entry point. arguments: a target and options of libFuzzer, or `--list`."""
    if arguments[1:] == ["--list"]:
        print("\n".join(TARGETS))
        return
    name, *options = arguments[1:]
    with tempfile.TemporaryDirectory(prefix="comity-fuzz-") as found:
        print(f"{name}:", file=sys.stderr)
        told = ["-max_len=2000", "-verbosity=0", "-print_final_stats=1", *options, found, str(CORPUS / name)]
        atheris.Setup([arguments[0], *told], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
