"""Settings: defaults, what the environment changes, and errors that a person can act on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.settings import load_settings, variable_names
from segmentation.errors import InvalidInputError


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)


def test_defaults_are_one_laptop_with_sqlite() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.web_concurrency, settings.max_upload_mb, settings.job_lease_s) == (
        "127.0.0.1",
        8050,
        2,
        500,
        60,
    )
    assert settings.database_url == f"sqlite:///{Path('var').resolve()}/clientele.sqlite"
    assert settings.demo
    assert not settings.store_may_vanish


def test_store_lives_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLIENTELE_DATA_DIR", str(tmp_path))
    assert load_settings().database_url == f"sqlite:///{tmp_path}/clientele.sqlite"


def test_own_port_wins_over_the_port_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    assert load_settings().port == 5000
    monkeypatch.setenv("CLIENTELE_PORT", "6000")
    assert load_settings().port == 6000


@pytest.mark.parametrize(("url", "vanishes"), [("", True), ("sqlite:///here.sqlite", True), ("postgres://u:p@h/n", False)])
def test_sqlite_on_a_hosting_platform_may_vanish(url: str, vanishes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("DATABASE_URL", url)
    assert load_settings().store_may_vanish is vanishes


def test_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTELE_MAX_UPLOAD_MB", "")
    assert load_settings().max_upload_mb == 500


def test_proxies_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTELE_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1")
    assert [str(network) for network in load_settings().trusted_proxies] == ["10.0.0.0/8", "127.0.0.1/32"]


@pytest.mark.parametrize(
    ("name", "value", "must_be"),
    [
        ("CLIENTELE_PORT", "70000", "a number from 1 to 65535"),
        ("PORT", "http", "a number from 1 to 65535"),
        ("WEB_CONCURRENCY", "0", "a number of processes"),
        ("CLIENTELE_CACHE_URL", "memcached://:hidden@h", "an address like redis://"),
        ("CLIENTELE_PUBLIC_URL", "https:example.org", "the outside address"),
        ("CLIENTELE_TRUSTED_PROXIES", "10.0.0.0/8,nginx", "addresses or networks"),
        ("CLIENTELE_DEMO", "perhaps", "1 or 0"),
        ("CLIENTELE_MAX_UPLOAD_MB", "0", "a number of megabytes"),
        ("CLIENTELE_SECRET_KEY", "hidden", "at least 32 random characters"),
        ("CLIENTELE_LOG_LEVEL", "loud", "debug, info, warning or error"),
    ],
)
def test_unusable_value_is_named_with_what_it_must_be(name: str, value: str, must_be: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInputError) as error:
        load_settings()
    assert f"{name} must be {must_be}" in str(error.value)
    assert "hidden" not in str(error.value), "a value may be a secret"


def test_all_unusable_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("CLIENTELE_DEMO", "x")
    with pytest.raises(InvalidInputError, match=r"PORT must be .* CLIENTELE_DEMO must be"):
        load_settings()


def test_sign_on_by_half_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTELE_OIDC_ISSUER", "https://login.example.org")
    with pytest.raises(InvalidInputError, match="needs CLIENTELE_OIDC_CLIENT_ID"):
        load_settings()


def test_secrets_do_not_show_when_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:hidden@h/n")
    monkeypatch.setenv("CLIENTELE_SECRET_KEY", "hidden" * 6)
    assert "hidden" not in repr(load_settings())


def test_settings_import_nothing_heavy() -> None:
    heavy = {"numpy", "pandas", "pyarrow", "numba", "flask", "dash", "sqlalchemy"}
    program = f"import sys, dashboard.settings; print({heavy} & set(sys.modules))"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "set()"
