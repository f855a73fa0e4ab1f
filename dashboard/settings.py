"""The one place that reads environment variables. All are optional; the README lists them.

Importing this module costs 0.1 s (pydantic): what needs no setting, such as ``segment`` without ``--store``, does not import it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, IPvAnyNetwork, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from segmentation.errors import InvalidInputError


def _variable(name: str, must_be: str, **limits: Any) -> Any:
    """Describe a variable; ``must_be`` ends the sentence "NAME must be ..." that a person reads when it is not."""
    return Field(validation_alias=name, description=must_be, **limits)


def _split_commas(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _address_of(*schemes: str) -> AfterValidator:
    """Check the scheme of an address and that a host follows. (The store's address is checked where it is opened: `database/engine.py`.)"""

    def check(value: SecretStr | str | None) -> SecretStr | str | None:
        if value is None:
            return value
        address = urlsplit(value.get_secret_value() if isinstance(value, SecretStr) else value)
        if address.scheme not in schemes or not address.netloc:
            raise ValueError(f"not one of {schemes}")
        return value

    return AfterValidator(check)


_WEB = _address_of("http", "https")
_CACHE = _address_of("redis", "rediss")


class Settings(BaseSettings):
    """What the environment says, checked."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    data_dir: Annotated[Path, _variable("CLIENTELE_DATA_DIR", "a folder")] = Path("var")
    database_address: Annotated[SecretStr | None, _variable("DATABASE_URL", "an address like postgresql://user:password@host/name")] = None
    host: Annotated[str, _variable("CLIENTELE_HOST", "an address of this machine, like 127.0.0.1")] = "127.0.0.1"
    own_port: Annotated[int | None, _variable("CLIENTELE_PORT", "a number from 1 to 65535", ge=1, le=65535)] = None
    platform_port: Annotated[int | None, _variable("PORT", "a number from 1 to 65535", ge=1, le=65535)] = None
    web_concurrency: Annotated[int, _variable("WEB_CONCURRENCY", "a number of processes from 1 to 256", ge=1, le=256)] = 2
    public_url: Annotated[
        str | None, _variable("CLIENTELE_PUBLIC_URL", "the outside address, like https://example.org/clientele"), _WEB
    ] = None
    trusted_proxies: Annotated[
        tuple[IPvAnyNetwork, ...],
        _variable("CLIENTELE_TRUSTED_PROXIES", "addresses or networks with commas between, like 10.0.0.0/8"),
        NoDecode,
        BeforeValidator(_split_commas),
    ] = ()
    cache_url: Annotated[SecretStr | None, _variable("CLIENTELE_CACHE_URL", "an address like redis://host:6379/0"), _CACHE] = None
    demo: Annotated[bool, _variable("CLIENTELE_DEMO", "1 or 0")] = True
    max_upload_mb: Annotated[int, _variable("CLIENTELE_MAX_UPLOAD_MB", "a number of megabytes, 1 or more", ge=1)] = 500
    secret_key: Annotated[SecretStr | None, _variable("CLIENTELE_SECRET_KEY", "at least 32 random characters", min_length=32)] = None
    oidc_issuer: Annotated[
        str | None, _variable("CLIENTELE_OIDC_ISSUER", "the address of the sign-on service, like https://login.example.org"), _WEB
    ] = None
    oidc_client_id: Annotated[str | None, _variable("CLIENTELE_OIDC_CLIENT_ID", "a name")] = None
    oidc_client_secret: Annotated[SecretStr | None, _variable("CLIENTELE_OIDC_CLIENT_SECRET", "a secret")] = None
    oidc_roles: Annotated[str | None, _variable("CLIENTELE_OIDC_ROLES", "a text")] = None
    job_lease_s: Annotated[int, _variable("CLIENTELE_JOB_LEASE_S", "a number of seconds, 1 or more", ge=1)] = 60
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        _variable("CLIENTELE_LOG_LEVEL", "debug, info, warning or error"),
        BeforeValidator(str.lower),
    ] = "info"
    real_data: Annotated[Path, _variable("CLIENTELE_REAL_DATA", "a folder")] = Path("../shared/data")

    @model_validator(mode="after")
    def _sign_on_is_whole(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("CLIENTELE_OIDC_ISSUER needs CLIENTELE_OIDC_CLIENT_ID and CLIENTELE_OIDC_CLIENT_SECRET beside it.")
        return self

    @property
    def port(self) -> int:
        """The port to listen on: one's own choice, else the one a hosting platform gives."""
        return self.own_port or self.platform_port or 8050

    @property
    def database_url(self) -> str:
        """The address of the store: SQLite in the data folder unless another one was given."""
        if self.database_address is not None:
            return self.database_address.get_secret_value()
        return f"sqlite:///{(self.data_dir.resolve() / 'clientele.sqlite').as_posix()}"

    @property
    def store_may_vanish(self) -> bool:
        """Whether a hosting platform (it gives PORT) would keep the SQLite file on a disk that it empties at each release."""
        return self.platform_port is not None and self.database_url.startswith("sqlite")


def load_settings() -> Settings:
    """Read the environment; raise one error in plain words that names every variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        raise InvalidInputError(
            "bad_setting", "A setting cannot be used.", " ".join(_problems(error)), "Correct the environment variable or unset it."
        ) from None


def variable_names() -> tuple[str, ...]:
    """Return the names of all environment variables that are read."""
    return tuple(str(field.validation_alias) for field in Settings.model_fields.values())


def _problems(error: ValidationError) -> list[str]:
    """Say for each variable what it must be. Values are left out: they may be secrets."""
    wanted = {str(field.validation_alias): field.description for field in Settings.model_fields.values()}
    found = [(str(problem["loc"][0]) if problem["loc"] else None, problem["msg"]) for problem in error.errors()]
    return list(dict.fromkeys(f"{name} must be {wanted[name]}." if name else message.partition(", ")[2] for name, message in found))
