"""`python -m comity.media`: the media server with the settings of the environment."""

import sys

from comity.core.config import ConfigurationError, load

from .errors import SettingsError
from .server import run
from .settings import MediaSettings


def main() -> int:
    """Run until told to stop. Returns the exit status."""
    try:
        settings = MediaSettings.from_config(load())
    except (ConfigurationError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        run(settings)
    except OSError as error:
        print(f"media server cannot listen: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
