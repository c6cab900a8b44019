"""What a trouble is called for people: what is wrong since when, what it means, what to do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.application.ports.reports import HealthCheck, TamperedRow
from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from bot.domain.addresses import Language
from bot.wording import say, texts
from bot.wording.times import moment

BY_PLATFORM = (TroubleKind.PLATFORM, TroubleKind.TOKEN, TroubleKind.HEARING)
"""Kinds whose words differ from platform to platform."""
MINUTE = timedelta(minutes=1)


def trouble_text(one: StandingTrouble, zone: ZoneInfo, language: Language) -> str:
    """For whoever must do something about it."""
    trouble = one.trouble
    since = moment(one.since, zone, language)
    return say(_key(trouble), language, since=since, **_named(trouble, language))


def over_text(one: StandingTrouble, until: datetime, zone: ZoneInfo, language: Language) -> str:
    """It is over; what was missed, and what happens with that."""
    minutes = max(1, round((until - one.since) / MINUTE))
    since = moment(one.since, zone, language)
    key = f"{_key(one.trouble)}_over"
    return say(key, language, since=since, minutes=minutes, **_named(one.trouble, language))


def trouble_finding(
    one: StandingTrouble, zone: ZoneInfo, language: Language = Language.EN
) -> HealthCheck:
    """As `doctor` and the home view show it."""
    params = {"since": moment(one.since, zone, language), **_named(one.trouble, language)}
    return HealthCheck("trouble", is_good=False, key=_key(one.trouble), params=(*params.items(),))


def tampered_text(row: TamperedRow, language: Language = Language.EN) -> str:
    """A row that is not as the desk wrote it: of what it is, and what is wrong with it."""
    name = f"guarded_{row.table}"
    known = name in texts(Language.EN, "store")
    what = say(f"store.{name}", language) if known else row.table
    return say(f"store.row_{row.how}", language, what=what, row=row.row)


def _key(trouble: Trouble) -> str:
    name = f"{trouble.kind}_{trouble.about}"
    is_known = trouble.kind in BY_PLATFORM and name in texts(Language.EN, "troubles")
    return f"troubles.{name if is_known else trouble.kind}"


def _named(trouble: Trouble, language: Language) -> dict[str, str]:
    """A trouble of the store in the store's own sentence; any other error as it was said."""
    area, _, name = trouble.error.partition(".")
    is_ours = area == "store" and name in texts(Language.EN, area)
    error = say(trouble.error, language) if is_ours else trouble.error or "-"
    return {"error": error, "about": trouble.about}
