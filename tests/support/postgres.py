"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on a free port of the loopback address."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cluster:
    """A running server. url: of its `postgres` database."""

    folder: Path
    url: str

    @classmethod
    def start(cls) -> Cluster:
        """Make a cluster and start it. The server refuses to run as root: it gets the user `postgres` then."""
        folder = Path(tempfile.mkdtemp(prefix="comity-postgres-"))
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data = folder / "data"
        _run("initdb", "-D", data, "-U", "comity", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        _run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"{options} {quick}", "start")
        return cls(folder, f"postgresql+psycopg://comity@127.0.0.1:{port}/postgres")

    def stop(self) -> None:
        _run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _run(program: str, *arguments: str | Path) -> None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    path = str(found[-1]) if found else shutil.which(program)
    if path is None:
        raise RuntimeError("PostgreSQL is missing: `make test` says which packages the tests need")
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    subprocess.run([path, *map(str, arguments)], check=True, cwd="/", stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
