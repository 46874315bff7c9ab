"""Everything that differs between a laptop and production, read from `MOJBOK_…` variables and `.env`."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from cryptography.fernet import Fernet
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The settings cannot be used; the message is one sentence that says what to do."""


class Profile(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"


class Settings(BaseSettings):
    """Names, addresses, limits and secrets. Durations are in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="MOJBOK_", env_file=ROOT / ".env", extra="ignore", hide_input_in_errors=True
    )

    profile: Profile = Profile.PRODUCTION

    # Where things are
    data_dir: Path = ROOT / "var"
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    internal_port: int = 8001
    actions_port: int = 5055
    rasa_port: int = 5005
    public_url: str = ""
    cors_origins: list[str] = []

    # Secrets. `vault_keys` may hold several, separated by commas: the first encrypts, all decrypt.
    vault_keys: SecretStr = SecretStr("")
    hash_key: SecretStr = SecretStr("")
    internal_secret: SecretStr = SecretStr("")

    # Who we are; the wording takes these as $company, $phone, …
    company: str = "Polenergia Sprzedaż Sp. z o.o."
    site_url: AnyHttpUrl = AnyHttpUrl("https://polenergia-sprzedaz.pl/")
    portal_url: AnyHttpUrl = AnyHttpUrl("https://polenergia-ebok.azurewebsites.net/Account/Login")
    phone: str = "+48 718 898 888"
    cok_email: str = "cok@polenergia-sprzedaz.pl"
    bok_email: str = "bok@polenergia-sprzedaz.pl"
    seller_address: str = ""
    seller_nip: str = ""
    mail_from: str = "mojBOK <nie-odpowiadaj@polenergia-sprzedaz.pl>"
    cutover: dt.date = dt.date(2024, 9, 1)

    # Letters go out by SMTP in production; without a host they wait
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")

    # Messengers; a channel is on once its token is there. Secrets may be several, separated by commas: all are good
    telegram_token: SecretStr = SecretStr("")
    telegram_secrets: SecretStr = SecretStr("")
    telegram_bot: str = ""
    telegram_url: str = "https://api.telegram.org"
    meta_secrets: SecretStr = SecretStr("")
    meta_verify_token: SecretStr = SecretStr("")
    meta_url: str = "https://graph.facebook.com/v24.0"
    messenger_token: SecretStr = SecretStr("")
    messenger_page: str = ""
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_phone_id: str = ""
    whatsapp_number: str = ""

    # How many proxies of ours stand in front; each adds one address to X-Forwarded-For
    proxies: int = Field(default=0, ge=0)

    # A turn
    turn_patience: float = 120.0
    turn_wait_notice: float = 10.0
    turn_timeout: float = 20.0
    turns_at_once: int = Field(default=8, ge=1)

    # Grants and codes
    grant_idle: dt.timedelta = dt.timedelta(minutes=15)
    grant_longest: dt.timedelta = dt.timedelta(hours=8)
    code_lifetime: dt.timedelta = dt.timedelta(minutes=10)
    code_tries: int = 5
    codes_per_quarter_hour: int = 3
    codes_per_day: int = 10

    # The office
    staff_session_idle: dt.timedelta = dt.timedelta(minutes=30)
    staff_session_longest: dt.timedelta = dt.timedelta(hours=10)
    answer_days: int = Field(default=5, ge=1, le=60)

    # Accounts
    session_idle: dt.timedelta = dt.timedelta(minutes=15)
    session_longest: dt.timedelta = dt.timedelta(hours=8)
    activation_lifetime: dt.timedelta = dt.timedelta(hours=24)
    terms_version: str = "2026-11-01"
    document_years: int = Field(default=5, ge=0)

    # How long what is no accounting document is kept, after its last activity
    retention_conversations: dt.timedelta = dt.timedelta(days=365)
    retention_tickets: dt.timedelta = dt.timedelta(days=3 * 365)
    retention_callbacks: dt.timedelta = dt.timedelta(days=90)
    retention_security_events: dt.timedelta = dt.timedelta(days=2 * 365)

    @property
    def development(self) -> bool:
        return self.profile is Profile.DEVELOPMENT

    @property
    def base_url(self) -> str:
        """The address customers see, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def mailbox(self, team: str) -> str:
        """Where letters to a team of the office go."""
        return self.bok_email if team == "bok" else self.cok_email

    @property
    def internal_url(self) -> str:
        return f"http://127.0.0.1:{self.internal_port}"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def log_file(self) -> Path:
        """The log of the present run, all processes together."""
        return self.data_dir / "run.log"


SECRETS = {
    "vault_keys": lambda: Fernet.generate_key().decode(),
    "hash_key": lambda: secrets.token_urlsafe(32),
    "internal_secret": lambda: secrets.token_urlsafe(32),
}


@cache
def load() -> Settings:
    """The settings of this process.

    In the development profile missing secrets are made once and kept in `data_dir/secrets.json`.

    Raises:
        SettingsError: a value is missing or wrong, or development would listen beyond this machine.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        names = ", ".join(f"MOJBOK_{'_'.join(map(str, e['loc'])).upper()}" for e in error.errors())
        raise SettingsError(f"These settings have a wrong value: {names}.") from None
    if settings.development:
        if settings.host not in ("127.0.0.1", "localhost", "::1"):
            raise SettingsError("The development profile listens on 127.0.0.1 only: unset MOJBOK_HOST.")
        _fill_development_secrets(settings)
    missing = [f"MOJBOK_{name.upper()}" for name in SECRETS if not getattr(settings, name).get_secret_value()]
    if missing:
        raise SettingsError(
            f"Set {', '.join(missing)} (docs/settings.md says how), or MOJBOK_PROFILE=development to try things out."
        )
    if not settings.database_url:
        settings.database_url = f"sqlite+aiosqlite:///{settings.data_dir / 'mojbok.sqlite'}"
    return settings


def _fill_development_secrets(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if missing := SECRETS.keys() - kept.keys():
        kept |= {name: SECRETS[name]() for name in missing}
        path.touch(mode=0o600)
        path.write_text(json.dumps(kept, indent=2))
    for name, value in kept.items():
        if name in SECRETS and not getattr(settings, name).get_secret_value():
            setattr(settings, name, SecretStr(value))
