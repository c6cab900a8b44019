"""A plan in words: what goes, what stays and under which law; for the client, staff and terminals.

The words are made of the plan alone, so that whoever reads them reads what is hashed and approved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.application.fulfilment.plan_making import DESK, FILES, SLACK, TELEGRAM
from bot.domain.addresses import Language
from bot.domain.fulfilment.plan import (
    Drift,
    DriftKind,
    Plan,
    PlanAction,
    PlanItem,
    SourceKind,
    SourcePlan,
)
from bot.domain.fulfilment.retention import retention_rules
from bot.domain.text import reveal
from bot.wording import say, texts
from bot.wording.times import day

MOST_PLACES = 12
"""Named in one line for people; a terminal shows all."""
MOST_DIFFERENCES = 5
TO_CLIENT, TO_STAFF = 2_600, 2_200
"""Characters: a message of Telegram holds 4,096 with what stands around it, a section of Slack
3,000, in which signs of markup take up to five."""
_OWN = {
    DESK: SourceKind.DESK,
    SLACK: SourceKind.SLACK,
    TELEGRAM: SourceKind.TELEGRAM,
    FILES: SourceKind.FILES,
}
_UNCOUNTED = frozenset({PlanAction.BY_HAND, PlanAction.STATED})
"""Of these nobody knows how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the words are."""

    language: Language
    zone: ZoneInfo
    is_staff: bool = False
    sees_all: bool = False
    """Also places in which nothing was found, and however many there are."""


@dataclass(frozen=True, slots=True)
class SourceWords:
    """One source: its name, and a line for each thing that happens there."""

    heading: str
    lines: tuple[str, ...]


def plan_words(plan: Plan, reader: Reader) -> list[SourceWords]:
    """Every source in the order in which it is carried out; what is done by hand as one."""
    by_hand = [one for one in plan.sources if one.kind is SourceKind.MANUAL]
    rest = [one for one in plan.sources if one.kind is not SourceKind.MANUAL]
    found = [SourceWords(_heading(one, reader), tuple(_lines(one, reader))) for one in rest]
    if by_hand:
        steps = tuple(reveal(item.place) for one in by_hand for item in one.items)
        found.append(SourceWords(say("plan.source_manual", reader.language), steps))
    return [one for one in found if one.lines]


def told_to_client(plan: Plan, language: Language, zone: ZoneInfo) -> str:
    """What the subject reads before they confirm; short enough for one message."""
    words = plan_words(plan, Reader(language=language, zone=zone))
    lines, left = _fitted(words, TO_CLIENT, language, "{}")
    return "\n".join([*lines, *([say("plan.more", language, count=left)] if left else [])])


def told_to_staff(plan: Plan, number: str, language: Language, zone: ZoneInfo) -> str:
    """Lines for a card, with headings in Slack's bold; it still has to be escaped."""
    words = plan_words(plan, Reader(language=language, zone=zone, is_staff=True))
    lines, left = _fitted(words, TO_STAFF, language, "*{}*")
    if left:
        lines.append(say("plan.more_command", language, count=left, number=number))
    return "\n".join(lines)


def on_terminal(plan: Plan, language: Language, zone: ZoneInfo) -> Iterator[str]:
    """All of it."""
    reader = Reader(language=language, zone=zone, is_staff=True, sees_all=True)
    for one in plan_words(plan, reader):
        yield one.heading
        yield from (f"  {say('plan.line', language, text=line)}" for line in one.lines)


def differences(drifts: Sequence[Drift], language: Language) -> list[str]:
    """Why it is another plan than the one that was approved; the first few."""
    said = [_difference(one, language) for one in drifts[:MOST_DIFFERENCES]]
    left = len(drifts) - len(said)
    return [*said, *([say("plan.more_places", language, count=left)] if left else [])]


def place_name(place: str, kind: SourceKind, language: Language) -> str:
    """A place of the desk in plain words; a company's own table by its name."""
    key = f"place_{place.replace('.', '_')}"
    if kind is not SourceKind.COMPANY and key in texts(Language.EN, "plan"):
        return say(f"plan.{key}", language)
    return reveal(place)


def _called(item: PlanItem, kind: SourceKind, reader: Reader) -> str:
    """As the data map calls it, if it does; staff see the table beside it."""
    name = place_name(item.place, kind, reader.language)
    said = reveal(dict(item.called).get(reader.language, ""))
    if not said:
        return name
    return f"{name}: {said}" if reader.is_staff else said


def law_name(code: str, language: Language) -> str:
    """The law that a rule stands for; a map's own rule is called by what it says."""
    rule = retention_rules().get(code)
    return reveal(code) if rule is None else rule.law[language]


def _heading(source: SourcePlan, reader: Reader) -> str:
    name = reveal(source.source)
    return say(f"plan.source_{source.kind}", reader.language, source=name)


def _lines(source: SourcePlan, reader: Reader) -> Iterator[str]:
    language = reader.language
    if source.kind is SourceKind.COMPANY and source.subjects == 0:
        yield say("plan.nobody", language)
        return
    if reader.is_staff and source.kind is SourceKind.COMPANY and source.subjects > 1:
        yield say("plan.several", language, count=source.subjects)
    is_anything = False
    for items in _alike(source, reader):
        is_anything = True
        yield _line(items, source.kind, reader)
    if not is_anything:
        yield say("plan.nothing", language)


def _alike(source: SourcePlan, reader: Reader) -> list[list[PlanItem]]:
    """Items to which the same happens, in the order of the actions."""
    groups: dict[tuple[int, str, str], list[PlanItem]] = {}
    for item in source.items:
        if _is_counted(item, source.kind) and not item.rows and not reader.sees_all:
            continue
        until = day(item.until, reader.zone, reader.language) if item.until else ""
        order = list(PlanAction).index(item.action)
        groups.setdefault((order, item.law, until), []).append(item)
    return [groups[key] for key in sorted(groups, key=lambda one: one[0])]


def _line(items: list[PlanItem], kind: SourceKind, reader: Reader) -> str:
    first, language = items[0], reader.language
    places = _places(items, kind, reader)
    if first.action is not PlanAction.KEEP:
        return say(f"plan.{first.action}", language, places=places)
    law = law_name(first.law, language)
    if reader.is_staff and _needs_counsel(first.law):
        law = f"{law}; {say('plan.keep_confirm', language)}"
    until = day(first.until, reader.zone, language) if first.until else ""
    key = "keep" if until else "keep_undated"
    said = say(f"plan.{key}", language, law=law, places=places, until=until)
    is_less = any(item.columns for item in items)
    return say("plan.keep_minimised", language, said=said) if is_less else said


def _is_counted(item: PlanItem, kind: SourceKind) -> bool:
    """Files are looked through when they are erased, and not before."""
    return item.action not in _UNCOUNTED and kind is not SourceKind.FILES


def _needs_counsel(code: str) -> bool:
    rule = retention_rules().get(code)
    return rule is None or rule.confirm


def _places(items: list[PlanItem], kind: SourceKind, reader: Reader) -> str:
    """Places that are called the same are one."""
    rows: dict[str, int] = {}
    is_counted = any(_is_counted(item, kind) for item in items)
    for item in items:
        name = _called(item, kind, reader)
        rows[name] = rows.get(name, 0) + item.rows
    said = [
        say("plan.counted", reader.language, place=name, count=count) if is_counted else name
        for name, count in rows.items()
    ]
    shown = said if reader.sees_all else said[:MOST_PLACES]
    left = len(said) - len(shown)
    more = [say("plan.more_places", reader.language, count=left)] if left else []
    return "; ".join([*shown, *more])


def _fitted(
    words: list[SourceWords], most: int, language: Language, heading: str
) -> tuple[list[str], int]:
    """As many lines as fit, and how many are left out; a heading stands with a line of its own."""
    lines = list[str]()
    taken = left = 0
    for one in words:
        said = [say("plan.line", language, text=text) for text in one.lines]
        head = heading.format(one.heading)
        for number, line in enumerate(said):
            block = [head, line] if number == 0 else [line]
            size = sum(len(each) + 1 for each in block)
            if left or taken + size > most:
                left += 1
                continue
            lines += block
            taken += size
    return lines, left


def _difference(one: Drift, language: Language) -> str:
    kind = _OWN.get(one.source, SourceKind.COMPANY)
    where = source = say(f"plan.source_{kind}", language, source=reveal(one.source))
    if one.place:
        place = place_name(one.place, kind, language)
        where = say("plan.where", language, place=place, source=source)
    counts = {"was": one.was, "now": one.now}
    if one.kind in {DriftKind.SUBJECTS, DriftKind.ROWS}:
        return say(f"plan.drift_{one.kind}", language, where=where, **counts)
    return say(f"plan.drift_{one.kind}", language, where=where)
