"""Helper processes for the hashing of passwords, beside the real one."""

from __future__ import annotations

import sys

_SERVE = """
import sys
from comity.people.hashing import ArgonHasher
from comity.people.hashing_helper import serve
serve(ArgonHasher(time_cost=1, memory_cost=8, parallelism=1), sys.stdin.buffer, sys.stdout.buffer)
"""
_ECHO = """
import json, os, sys
for line in sys.stdin:
    what, password = json.loads(line)
    if password == "end":
        os._exit(1)
    if password != "never":
        print(json.dumps(f"{os.getpid()} {password}"), flush=True)
"""
_TELL = """
import json, os, sys
for line in sys.stdin:
    print(json.dumps(" ".join(sorted(os.environ))), flush=True)
"""

QUICK = [sys.executable, "-I", "-c", _SERVE]
"""Hashes with the least work that argon2id allows."""

ECHO = [sys.executable, "-I", "-S", "-c", _ECHO]
"""A "hash" is the number of the process and the password. Of "never" there is none; at "end" the process ends."""

TELL = [sys.executable, "-I", "-S", "-c", _TELL]
"""A "hash" is the names in the helper's environment."""
