"""Configuration: what is accepted, and that a wrong variable is refused with its name and the reason."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest

from comity.core.config import SECRETS, Config, ConfigurationError, load
from comity.core.keys import key_id, written

SECRET = "s" * 32


def test_an_empty_environment_serves_this_machine(tmp_path: Path) -> None:
    config = load({"COMITY_DATA": str(tmp_path)})
    assert config.bind == ("127.0.0.1", 8470)
    assert config.database_url == f"sqlite:///{tmp_path}/comity.sqlite3"
    assert not config.demo
    assert not config.secure


def test_secrets_are_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = (load({"COMITY_DATA": str(tmp_path)}) for _ in range(2))
    assert first.master_keys.ids == second.master_keys.ids
    assert first.secret_key == second.secret_key != first.media_secret == second.media_secret
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_the_value_is_frozen(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load({"COMITY_DATA": str(tmp_path)}).demo = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x", "sqlite:////tmp/x"),
    ],
)
def test_database_urls_name_their_driver(tmp_path: Path, given: str, expected: str) -> None:
    assert load({"COMITY_DATA": str(tmp_path), "COMITY_DATABASE_URL": given}).database_url == expected


KEY = written(bytes(range(32)))
PUBLIC = {
    "COMITY_BASE_URL": "https://comity.example",
    "COMITY_SECRET_KEY": SECRET,
    "COMITY_MASTER_KEY": KEY,
    "COMITY_MEDIA_SECRET": SECRET,
    "COMITY_AUDIT_KEY": SECRET,
}


def test_behind_tls_with_its_own_secrets(tmp_path: Path) -> None:
    config = load({"COMITY_DATA": str(tmp_path), **PUBLIC})
    assert config.secure
    assert config.secret_key == SECRET
    assert config.master_keys.ids == (key_id(bytes(range(32))),)


def test_a_configuration_that_is_printed_shows_no_master_key(tmp_path: Path) -> None:
    assert KEY not in repr(load({"COMITY_DATA": str(tmp_path), **PUBLIC}))


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("COMITY_BASE_URL", "http://comity.example", "https"),
        ("COMITY_BASE_URL", "ftp://127.0.0.1", "http://HOST"),
        ("COMITY_BASE_URL", "http://127.0.0.1/path", "without a path"),
        ("COMITY_DATABASE_URL", "mysql://x", "sqlite"),
        ("COMITY_SECRET_KEY", "short", "32 characters"),
        ("COMITY_MASTER_KEY", "short", "32 bytes in Base64"),
        ("COMITY_MASTER_KEY", KEY + " " + KEY[4:], "32 bytes in Base64"),
        ("COMITY_AUDIT_KEY", f"{SECRET} short", "32 characters"),
        ("COMITY_SMTP_RELAY", "mail.example:25", "smtp://"),
        ("COMITY_MEDIA_URL", "http://media.example", "ws://"),
        ("COMITY_MEDIA_ANNOUNCE", "media.example", "no IP address"),
        ("COMITY_MEDIA_UDP_PORT", "70000", "0 to 65535"),
        ("COMITY_BIND", "8470", "HOST:PORT"),
        ("COMITY_DEMO", "maybe", "1 or 0"),
        ("COMITY_REDIS_URL", "http://redis", "redis://"),
        ("COMITY_WEB_WORKERS", "2", "COMITY_REDIS_URL"),
        ("COMITY_WEB_WORKERS", "none", "whole number"),
        ("COMITY_AWAY_AFTER", "0", "from 1"),
        ("COMITY_SQLITE_SYNCHRONOUS", "OFF", "NORMAL or FULL"),
    ],
)
def test_a_wrong_variable_is_refused_by_name(tmp_path: Path, name: str, value: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({"COMITY_DATA": str(tmp_path), name: value})
    assert caught.value.name == name
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "missing", ["COMITY_SECRET_KEY", "COMITY_MASTER_KEY", "COMITY_MEDIA_SECRET", "COMITY_AUDIT_KEY"]
)
def test_a_public_installation_needs_its_own_secrets(tmp_path: Path, missing: str) -> None:
    environ = {"COMITY_DATA": str(tmp_path), **PUBLIC}
    del environ[missing]
    with pytest.raises(ConfigurationError) as caught:
        load(environ)
    assert caught.value.name == missing


def _values(config: Config) -> dict[str, object]:
    values = {one.name: getattr(config, one.name) for one in dataclasses.fields(config)}
    return values | {"master_keys": config.master_keys.ids}


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    values = {
        "COMITY_MASTER_KEY": KEY,
        "COMITY_DATABASE_URL": "postgresql://comity:secret@db/comity",
        "COMITY_SMTP_RELAY": "smtp://comity:secret@relay",
        "COMITY_REDIS_URL": "redis://:secret@redis",
    }
    given = values.get(name, SECRET)
    (tmp_path / "secret").write_text(f"{given}\n")
    both = {**PUBLIC, "COMITY_DATA": str(tmp_path), **{key: value for key, value in values.items() if key != name}}
    both.pop(name, None)
    by_file = load({**both, f"{name}_FILE": str(tmp_path / "secret")})
    assert _values(by_file) == _values(load({**both, name: given}))
    with pytest.raises(ConfigurationError, match="not both"):
        load({**both, name: given, f"{name}_FILE": str(tmp_path / "secret")})


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "cannot be read"), (b"  \n", "empty"), (b"\xff\xfe", "cannot be read")]
)
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=reason) as refused:
        load({"COMITY_DATA": str(tmp_path), "COMITY_SECRET_KEY_FILE": str(path)})
    assert refused.value.name == "COMITY_SECRET_KEY_FILE"


def test_files_have_a_limit_and_a_folder(tmp_path: Path) -> None:
    found = load({"COMITY_DATA": str(tmp_path), "COMITY_MAX_FILE": "25"})
    assert found.max_file == 25_000_000
    assert found.files_url == f"file://{tmp_path}/files"
    assert found.clamd is None
    for name, wrong in (
        ("COMITY_MAX_FILE", "0"), ("COMITY_MAX_FILE", "many"), ("COMITY_CLAMD", "localhost:3310"),
        ("COMITY_CLAMD", "unix://"), ("COMITY_CLAMD", "tcp://"),
    ):  # fmt: skip
        with pytest.raises(ConfigurationError, match=name):
            load({"COMITY_DATA": str(tmp_path), name: wrong})
