"""What gunicorn serves. The patch comes first: everything below must find cooperative sockets."""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

from comity.app.factory import create_app
from comity.core import config

app = create_app(config.load())
