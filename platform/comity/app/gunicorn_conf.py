"""gunicorn's settings: gevent workers, no control socket, the collector tuned once a worker is up."""

import gc
import resource
from typing import Any

from comity.core.config import load as _load

_config = _load()

bind = [f"{_config.bind[0]}:{_config.bind[1]}"]
worker_class = "gevent"
workers = _config.web_workers
worker_connections = 10_000
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
graceful_timeout = 5
timeout = 60
proc_name = "comity-web"


def when_ready(_server: Any) -> None:
    """Raise the number of open files to what the system allows: a socket each."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def post_worker_init(_worker: Any) -> None:
    """Long collector pauses cost 589 ms at the 99th percentile with 5,000 clients (docs/decisions.md)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 1_000, 1_000)
