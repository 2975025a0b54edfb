"""The moment at which these tests happen."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Vienna and 16:00 in Bangkok."""
