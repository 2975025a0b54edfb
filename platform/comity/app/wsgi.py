"""What gunicorn serves. The patch comes first: everything below must find cooperative sockets."""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

from comity.app import starting
from comity.app.factory import create_app
from comity.core import config
from comity.core.clock import SystemClock

_config = config.load()
starting.require_keys(_config, SystemClock().now())
app = create_app(_config)
