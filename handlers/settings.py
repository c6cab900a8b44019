"""Every setting, typed, from the environment and `.env`; what is wrong is said all at once."""

import re
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.errors import Refused
from bot.domain.legal_calendar.regimes import regimes
from bot.wording import say
from handlers.setting_problems import problem
from handlers.setting_values import checked_steps, days_in, meant_value, named_files, steps_in

MIN_WEBHOOK_SECRET = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ADDRESS = re.compile(r"[^@\s<>:,;\"]+@[^@\s<>:,;\"]+")
Names = Annotated[tuple[str, ...], NoDecode]
Files = Annotated[tuple[Path, ...], NoDecode]
_BETWEEN = re.compile(r"[,;，、\s]+")
"""Between several names; no id, handle or day holds any of it."""
_AROUND_A_NAME = " \"'“”‘’`[]()"


class SettingsRefused(Refused):
    """Everything that is missing or wrong, in one list."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("settings.wrong", count=len(problems))
        self.problems = problems


class Settings(BaseSettings):
    """The desk's settings. Secrets are never printed."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8-sig",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    # The company
    company_name: str = Field("SmartISP ERP CRM", description="The name clients know you by.")
    policy_file: Path | None = Field(
        None, description="Your privacy policy, text or Markdown, UTF-8. Default: the shipped one."
    )
    policy_translations_file: Path | None = Field(
        None, description="Reviewed Bangla summaries of the policy's sections (Markdown)."
    )
    canned_replies_file: Path | None = Field(
        None, description="Your own canned replies (TOML) in place of the shipped ones."
    )
    retention_days: int = Field(
        730,
        ge=1,
        description="How many days talk is meant to be kept; said to every client at /start. It "
        "is not deleted by itself yet.",
    )

    # The store
    database_url: str = Field(
        "sqlite:///privacydesk.db",
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )
    sqlite_driver: Literal["onetrip", "plain"] = Field(
        "onetrip", description="plain: SQLAlchemy's own, slower; for when an update breaks ours."
    )
    privacydesk_master_key: SecretStr = Field(
        SecretStr(""), description="The one secret (32 bytes, base64). Or name a file below."
    )
    privacydesk_master_key_file: Path | None = Field(
        None,
        description="File with the secret. SQLite: made beside the database at first start.",
    )
    erasure_ledger: Path | None = Field(
        None,
        description="File that remembers who was erased, outside the database, so that a restored "
        "backup brings nobody back. Default: beside the SQLite file, or the master key's.",
    )
    certificate_key_file: Path | None = Field(
        None,
        description="Ed25519 key that certificates of erasure are signed with (PEM or base64). "
        "Default: made beside the master key at first use.",
    )

    # Telegram, the clients' side
    telegram_bot_token: SecretStr = Field(SecretStr(""), description="From @BotFather.")
    telegram_api_base_url: str = Field(
        "https://api.telegram.org", description="Root of the Bot API; http only to loopback."
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="polling needs no public address."
    )
    telegram_webhook_url: str = Field("", description="Public https address for webhook mode.")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="At least 32 characters of A-Z a-z 0-9 _ - for webhook mode."
    )

    # Slack, the staff's side
    slack_bot_token: SecretStr = Field(SecretStr(""), description="xoxb-...")
    slack_app_token: SecretStr = Field(SecretStr(""), description="xapp-..., for socket mode.")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="For HTTP mode.")
    slack_api_base_url: str = Field(
        "https://slack.com", description="Root of the Web API, with or without /api/."
    )
    slack_mode: Literal["socket", "http"] = Field(
        "socket", description="socket needs no public address; http listens on HOST and PORT."
    )
    slack_support_channel: str = Field("", description="Channel id or #name for ticket cards.")
    slack_privacy_channel: str = Field("", description="Channel id or #name for privacy requests.")
    slack_agents: Names = Field((), description="User ids or user-group handles, comma-separated.")
    slack_approvers: Names = Field((), description="Likewise; approvers decide on data requests.")
    host: str = Field("127.0.0.1", description="Where HTTP mode and webhooks listen.")
    port: int = Field(8080, ge=0, le=65535, description="The port of that.")

    # Mail
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://. Empty: no codes.",
    )
    mail_from: str = Field("", description="Sender of codes and notices.")
    mail_greeting_name: str = Field(
        "", description="What the desk calls itself at EHLO. Default: the domain of MAIL_FROM."
    )
    alert_email: Names = Field(
        (),
        description="Whom to mail when Slack cannot be reached, comma-separated; needs SMTP_URL.",
    )

    # The desk's ways
    reply_undo_seconds: int = Field(5, ge=0, le=60, description="How long a reply can be undone.")
    reply_signature: Literal["name", "team", "none"] = Field(
        "name", description="Above a reply: name (a colleague's display name), team or none."
    )
    time_zone: str = Field("Asia/Dhaka", description="Of business hours and of times shown.")
    working_days: Names = Field(
        ("sun", "mon", "tue", "wed", "thu"),
        description="Comma-separated, of mon tue wed thu fri sat sun; sun-thu also.",
    )
    working_hours: str = Field("09:00-18:00", description="From-to, in the time zone above.")
    holidays_file: Path | None = Field(
        None, description="One date a line (2026-12-16 Victory Day)."
    )
    messages_per_minute: int = Field(20, ge=1, description="Above this a chat is answered later.")
    tickets_per_day: int = Field(5, ge=1, description="New tickets a chat may open in a day.")

    # Data requests
    default_regime: str = Field("bd-pdpa-2026", description="Law that sets the clock of requests.")
    access_approvals: Literal[1, 2] = Field(1, description="How many approve an access request.")
    manual_steps: Names = Field(
        (),
        description="What a person does for an erasure where the desk has no connector, and whom "
        "to tell of it, comma-separated: Paper files, Tell: Bank X.",
    )
    clients_database_url: SecretStr = Field(
        SecretStr(""), description="Your CRM's database, read only, for the client list."
    )
    clients_query: str = Field("", description="SELECT that gives the client list's columns.")
    clients_remove: Literal["never", "marked"] = Field(
        "never", description="What that SELECT may take away: never, or what it has marked."
    )
    clients_remove_percent: int = Field(
        5, ge=0, le=100, description="Above that share of clients a list takes no contacts away."
    )
    contact_kept_days: int = Field(
        30, ge=1, le=365, description="So long an address that left the list gets every notice."
    )

    # Company databases
    company_sources: Files = Field(
        (), description="Data maps of your databases that hold clients' data, comma-separated."
    )
    scanned_paths: Files = Field(
        (), description="Files and folders searched after an erasure: logs, exports, shares."
    )

    # The shell
    privacydesk_as: str = Field(
        "", description="Slack user id in whose name commands act that are given no --as."
    )

    # Running
    sandbox: Literal["auto", "never"] = Field(
        "auto", description="auto: without any token a sandbox starts; never: refuse instead."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged; never personal data, never a token."
    )
    privacydesk_testing: bool = Field(
        default=False, description="Test rigs only: honours the clock offset on loopback."
    )
    privacydesk_clock_offset: str = Field("", description="Test rigs only: +73h, -2d.")

    @field_validator("*", mode="before")
    @classmethod
    def _as_meant(cls, value: object, about: ValidationInfo) -> object:
        """Without what an editor or a shell leaves at the ends; what cannot be meant is refused."""
        if not isinstance(value, str):
            return value
        meant = meant_value(value, str(about.field_name))
        choices = get_args(cls.model_fields[str(about.field_name)].annotation)
        return next((one for one in choices if one == meant.lower() or one == meant.upper()), meant)

    @field_validator(
        "slack_agents", "slack_approvers", "working_days", "alert_email", mode="before"
    )
    @classmethod
    def _split(cls, value: object, about: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        meant = meant_value(value, str(about.field_name))
        parts = (part.strip(_AROUND_A_NAME) for part in _BETWEEN.split(meant))
        return tuple(part for part in parts if part)

    @field_validator("manual_steps", mode="before")
    @classmethod
    def _steps(cls, value: object, about: ValidationInfo) -> object:
        return steps_in(value, str(about.field_name)) if isinstance(value, str) else value

    @field_validator("manual_steps")
    @classmethod
    def _known_steps(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return checked_steps(value)

    @field_validator("company_sources", "scanned_paths", mode="before")
    @classmethod
    def _split_files(cls, value: object, about: ValidationInfo) -> object:
        name = str(about.field_name)
        return named_files(value, name) if isinstance(value, str) else value

    @field_validator("access_approvals", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        """The environment holds text only, which is none of the numbers."""
        return (
            {"1": 1, "2": 2}.get(meant_value(value, "access_approvals"), value)
            if isinstance(value, str)
            else value
        )

    @field_validator("alert_email")
    @classmethod
    def _known_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not _ADDRESS.fullmatch(address) for address in value):
            msg = say("settings.not_addresses")
            raise ValueError(msg)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            msg = say("settings.not_a_zone")
            raise ValueError(msg)
        return value

    @field_validator("default_regime")
    @classmethod
    def _known_regime(cls, value: str) -> str:
        if value not in regimes():
            msg = say("settings.not_one_of", choices=", ".join(sorted(regimes())))
            raise ValueError(msg)
        return value

    @field_validator("working_days")
    @classmethod
    def _known_days(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        msg = say("settings.not_days")
        try:
            days = tuple(day for named in value for day in days_in(named))
        except ValueError:
            raise ValueError(msg) from None
        if not days:
            raise ValueError(msg)
        return days

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def read_settings(**overrides: object) -> Settings:
    """The settings.

    Raises:
        SettingsRefused: with every problem that was found.
    """
    try:
        return Settings(**overrides)  # pyright: ignore[reportArgumentType]  # names and values of settings
    except ValidationError as error:
        fields = Settings.model_fields
        raise SettingsRefused([problem(item, fields) for item in error.errors()]) from None
    except UnicodeDecodeError:
        raise SettingsRefused([say("settings.env_not_utf8")]) from None
