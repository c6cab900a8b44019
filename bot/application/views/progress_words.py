"""How far an erasure came, line by line, for cards and terminals; people are mentioned in it."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.application.views.fulfilment_progress import (
    Progress,
    SourceShown,
    SourceState,
    WordTold,
)
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.findings import reason_text
from bot.wording.times import moment

PLACES = 8
"""So many places of a source are named with their counts."""


def source_lines(progress: Progress, zone: ZoneInfo, language: Language) -> list[str]:
    """Each source and its state."""
    return [_source_line(one, zone, language) for one in progress.sources]


def look_lines(progress: Progress, number: str, zone: ZoneInfo, language: Language) -> list[str]:
    """What was looked through and masked, certified and told, and what a law keeps."""
    lines = list[str]()

    def add(name: str, **params: object) -> None:
        lines.append(say(f"fulfilment.{name}", language, **params))

    if progress.looked_at is not None:
        at = moment(progress.looked_at, zone, language)
        add("looked", at=at, cells=progress.cells, masked=progress.masked)
    if progress.ticked:
        add("ticked", count=progress.ticked)
    if progress.certified_at is not None:
        add("certified", at=moment(progress.certified_at, zone, language), number=number)
        lines += [_told_line(one, zone, language) for one in progress.told]
        if not progress.is_told:
            add("not_told_yet")
    if progress.looked_last_at is not None:
        add("looked_last", at=moment(progress.looked_last_at, zone, language))
    if progress.kept_until is not None:
        add("kept_until", until=moment(progress.kept_until, zone, language))
    return lines


def _source_line(one: SourceShown, zone: ZoneInfo, language: Language) -> str:
    said = [f"{one.source}: {_state_text(one, zone, language)}"]
    if one.kept_until is not None:
        until = moment(one.kept_until, zone, language)
        said.append(say("fulfilment.source_keeps", language, until=until))
    said += [reason_text(key, one.source, language) for key in one.stated]
    return " · ".join(said)


def _state_text(one: SourceShown, zone: ZoneInfo, language: Language) -> str:
    at = moment(one.at, zone, language) if one.at is not None else "–"
    params: dict[str, object] = {"at": at}
    match one.state:
        case SourceState.DONE:
            params |= {"count": one.rows, "places": _places(one.places)}
        case SourceState.DONE_BY_HAND:
            how = say(f"fulfilment.outcome_{one.note}", language) if one.note else "–"
            params |= {"who": one.by or "–", "how": how}
        case SourceState.FAILED | SourceState.NOT_LOOKED:
            again = say("fulfilment.alert_no_more", language)
            if one.again_at is not None:
                when = moment(one.again_at, zone, language)
                again = say("fulfilment.alert_again", language, at=when)
            params |= {"why": reason_text(one.error, one.source, language), "again": again}
        case _:
            pass
    return say(f"fulfilment.source_{one.state}", language, **params)


def _places(places: Mapping[str, int]) -> str:
    """`invoice.delete 10, customer.mask 1`."""
    named = [f"{place} {count}" for place, count in places.items() if count]
    return ", ".join(named[:PLACES]) + ("…" if len(named) > PLACES else "") or "–"


def _told_line(one: WordTold, zone: ZoneInfo, language: Language) -> str:
    key = "arrived" if one.arrived else "unsayable"
    way = say(f"fulfilment.way_{one.way}", language)
    at = moment(one.at, zone, language)
    return say(f"fulfilment.told_{key}", language, way=way, at=at)
