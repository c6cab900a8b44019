"""Regimes: the time limits of each law as rows of data, with their sources."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from bot.domain.errors import NotFound
from bot.domain.legal_calendar.months import Period


class Basis(StrEnum):
    """Where the number of days comes from."""

    LAW = "law"  # the law sets the days
    HOUSE_RULE = "house_rule"  # the law sets none; the desk promises a month


class Start(StrEnum):
    """When the clock starts."""

    RECEIPT = "receipt"
    RECEIPT_OR_IDENTITY = "receipt_or_identity"  # whichever came last


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number of the row stands written."""

    text: str
    confirm: bool
    """True: secondary text; counsel should confirm it, and the product says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Where a data subject complains."""

    name: Mapping[str, str]
    """By language."""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One law's time limits."""

    code: str
    law: str
    place: str
    """The shipped calendar that goes with it; an operator may count by another."""
    respond: Period
    basis: Basis
    starts_at: Start
    rolls: bool
    """A due date on a day of rest moves to the next working day."""
    pauses_for: frozenset[str]
    """Reasons of a hold for which the law lets the clock stand still."""
    extension: Period
    appeal: Period
    keep_record: Period
    authority: Authority
    sources: tuple[Source, ...]
    acknowledge_business_days: int = 0
    """0: no time set; the desk acknowledges at once anyway."""
    most: Period | None = None
    """The longest allowed from receipt, extension and all."""


@cache
def regimes() -> dict[str, Regime]:
    """Every regime the product knows, by code."""
    file = resources.files("bot.domain.legal_calendar") / "regimes.toml"
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["regime"]
    return {row["code"]: _regime(row) for row in rows}


def regime(code: str) -> Regime:
    """The regime of that code. Raises NotFound."""
    try:
        return regimes()[code]
    except KeyError as error:
        raise NotFound("clock.no_such_regime", regime=code) from error


def _regime(row: dict[str, Any]) -> Regime:
    return Regime(
        code=row["code"],
        law=row["law"],
        place=row["place"],
        respond=Period(**row["respond"]),
        basis=Basis(row["basis"]),
        starts_at=Start(row["starts_at"]),
        rolls=row["rolls"],
        pauses_for=frozenset(row["pauses_for"]),
        extension=Period(**row["extension"]),
        appeal=Period(**row["appeal"]),
        keep_record=Period(**row["keep_record"]),
        authority=Authority(
            name={one: row["authority"][one] for one in ("en", "bn")},
            url=row["authority"].get("url", ""),
        ),
        sources=tuple(Source(**source) for source in row["sources"]),
        acknowledge_business_days=row.get("acknowledge", {}).get("business_days", 0),
        most=Period(**row["most"]) if "most" in row else None,
    )
