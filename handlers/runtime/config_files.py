"""The company's choices: its settings, and its own files of holidays, replies and summaries."""

import os
import re
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path

from dotenv import dotenv_values

from bot.answering.document.translations import read_translations
from bot.application.canned_replies import CannedReplies, parse_replies, shipped_replies
from bot.application.config import DeskConfig, ReplySignature
from bot.domain.errors import Refused
from bot.domain.requests.rules import RequestRules
from bot.domain.tickets.business_hours import BusinessHours, parse_holidays
from handlers.setting_values import DAYS
from handlers.settings import Settings, SettingsRefused

MAX_FILE_BYTES = 1_000_000
"""Bytes."""


def desk_config(settings: Settings) -> DeskConfig:
    """The company's choices, as the core wants them."""
    return DeskConfig(
        company=settings.company_name,
        reply_undo=timedelta(seconds=settings.reply_undo_seconds),
        reply_signature=ReplySignature(settings.reply_signature),
        zone=settings.zone,
        messages_per_minute=settings.messages_per_minute,
        tickets_per_day=settings.tickets_per_day,
        retention_days=settings.retention_days,
        hours=business_hours(settings),
        canned=canned_replies(settings),
        requests=RequestRules(access_approvals=settings.access_approvals),
        manual_steps=settings.manual_steps,
        default_regime=settings.default_regime,
        removal_percent=settings.clients_remove_percent,
        contact_kept=timedelta(days=settings.contact_kept_days),
        mail_works=bool(settings.smtp_url.get_secret_value()),
    )


def named_values() -> Mapping[str, str]:
    """What a `${NAME}` of a company's file may stand for: the environment, before `.env`."""
    file = Path(str(Settings.model_config.get("env_file")))
    written = dotenv_values(file) if file.is_file() else {}
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def business_hours(settings: Settings) -> BusinessHours:
    """When the desk is staffed.

    Raises:
        SettingsRefused: the hours cannot be read.
        Refused: they leave no time to work, or the holidays file cannot be used.
    """
    opens, closes = _from_and_to(settings.working_hours)
    holidays = settings.holidays_file
    return BusinessHours(
        zone=settings.zone,
        weekdays=frozenset(DAYS.index(day) for day in settings.working_days),
        opens=opens,
        closes=closes,
        holidays=parse_holidays(read_text(holidays)) if holidays else frozenset(),
    )


def canned_replies(settings: Settings) -> CannedReplies:
    """Their own, or the shipped ones. Raises Refused: the file cannot be used."""
    file = settings.canned_replies_file
    return parse_replies(read_text(file)) if file else shipped_replies()


def reviewed_summaries(settings: Settings) -> Mapping[str, str]:
    """What people wrote in Bangla of the policy's sections, by heading; none without a file.

    Raises:
        Refused: the file cannot be used; the text says why.
    """
    file = settings.policy_translations_file
    return read_translations(file).summaries if file else {}


def read_text(path: Path) -> str:
    """A small UTF-8 file. Raises Refused: it is missing, unreadable, too large or not text."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
        if len(raw) > MAX_FILE_BYTES:
            raise Refused("settings.file_too_large", path=str(path))
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("settings.file_not_utf8", path=str(path)) from error
    except OSError as error:
        raise Refused("settings.file_unreadable", path=str(path)) from error


def _from_and_to(text: str) -> tuple[time, time]:
    opens, _, closes = re.sub("[–—]", "-", text).partition("-")
    try:
        return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        raise SettingsRefused(["WORKING_HOURS: from-to, such as 09:00-18:00"]) from None
