"""What the load benchmark reads from the stand-ins' records."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.slack.record import Call, Record as SlackRecord
from handlers.sandbox.telegram.state.record import Record as TelegramRecord

NUMBER = re.compile(r"number (\d+)\.")
WAITS_LONG = 5.0
"""Seconds after which a new card counts as waiting in a backlog."""


@dataclass
class Seen:
    """What reached Slack, by the number of the word: when, and as what."""

    posts: dict[int, float] = field(default_factory=dict[int, float])
    cards: dict[int, float] = field(default_factory=dict[int, float])
    in_threads: dict[int, float] = field(default_factory=dict[int, float])
    edits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    doubled: int = 0
    last_at: float = 0.0


def seen_in(calls: Iterable[Call], said: Mapping[int, float]) -> Seen:
    """Calls that were refused do not count."""
    seen = Seen()
    for call in calls:
        if call.error is None and call.status == 200:
            _take(seen, call, said)
    return seen


def _take(seen: Seen, call: Call, said: Mapping[int, float]) -> None:
    is_post = call.method == "chat.postMessage"
    if not is_post and call.method != "chat.update":
        return
    seen.last_at = call.at
    if not is_post:
        if _key(call.args).startswith("card:"):
            seen.edits[str(call.args.get("ts"))].append(call.at)
        return
    for number in {int(found) for found in NUMBER.findall(str(call.args.get("blocks")))}:
        if number in said:
            kind = seen.in_threads if call.args.get("thread_ts") else seen.cards
            seen.doubled += number in kind
            kind.setdefault(number, call.at)
            seen.posts.setdefault(number, call.at)


def _key(args: Mapping[str, Any]) -> str:
    held = args.get("metadata") or {}
    metadata = json.loads(held) if isinstance(held, str) else held
    return str((metadata.get("event_payload") or {}).get("key", ""))


def figures(
    said: Mapping[int, float],
    by: Mapping[int, int],
    seen: Seen,
    telegram: TelegramRecord,
    slack: SlackRecord,
) -> list[str]:
    """One line each."""
    words = [at - said[number] for number, at in seen.posts.items()]
    new = [at - said[number] for number, at in seen.cards.items()]
    waits = [at - said[number] for number, at in seen.posts.items() if number not in seen.cards]
    return [
        _arrived(said, by, seen),
        f"word to Slack: {_shares(words)}",
        f"new cards: {len(new)}, {_shares(new)}; words in a thread: {_shares(waits)}",
        f"card edits: {_edits(seen)}",
        _hurried(said, seen),
        _acks(slack.ack_seconds, len(slack.undelivered)),
        _telegram(telegram),
        _slack(slack.calls),
        _violations(telegram, slack),
    ]


def _arrived(said: Mapping[int, float], by: Mapping[int, int], seen: Seen) -> str:
    late = _out_of_order(by, seen)
    return f"{len(seen.posts)} of {len(said)} words arrived, {seen.doubled} doubled, {late} late"


def _shares(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    named = ((f"p{share}", ordered[(len(ordered) - 1) * share // 100]) for share in (50, 95, 99))
    return " ".join(f"{name} {value:.2f} s" for name, value in named)


def _out_of_order(by: Mapping[int, int], seen: Seen) -> int:
    """Words of one client that came after one they said later."""
    newest: Counter[int] = Counter()
    late = 0
    for number in sorted((one for one in seen.posts if one in by), key=lambda one: seen.posts[one]):
        late += number < newest[by[number]]
        newest[by[number]] = max(newest[by[number]], number)
    return late


def _edits(seen: Seen) -> str:
    gaps = [
        later - at
        for times in seen.edits.values()
        for at, later in zip(sorted(times), sorted(times)[1:], strict=False)
    ]
    shortest = f"{min(gaps):.2f} s" if gaps else "none"
    count = sum(map(len, seen.edits.values()))
    return f"{count} on {len(seen.edits)} cards, shortest time between two of one card {shortest}"


def _hurried(said: Mapping[int, float], seen: Seen) -> str:
    waiting = [(said[number] + WAITS_LONG, at) for number, at in seen.cards.items()]
    times = [at for each in seen.edits.values() for at in each]
    before = sum(any(since < at < until for since, until in waiting) for at in times)
    return (
        f"edits made while a new card had waited {WAITS_LONG:.0f} s or more: "
        f"{before} of {len(times)}"
    )


def _acks(seconds: Sequence[float], missing: int) -> str:
    if not seconds:
        return "Slack acks: none"
    ordered = sorted(seconds)
    p50, p99 = (ordered[(len(ordered) - 1) * share // 100] for share in (50, 99))
    return (
        f"Slack acks: {len(ordered)}, p50 {1000 * p50:.0f} ms, p99 {1000 * p99:.0f} ms, "
        f"longest {1000 * ordered[-1]:.0f} ms, never acknowledged {missing}"
    )


def _telegram(record: TelegramRecord) -> str:
    sent = record.total - record.by_method["getUpdates"]
    return f"Telegram: {sent} calls, {_share(record.too_many, sent)} 429"


def _slack(calls: Sequence[Call] | Iterable[Call]) -> str:
    counts = Counter(call.method for call in calls)
    refused = Counter(call.method for call in calls if call.error == "ratelimited")
    total = sum(counts.values())
    busiest = ", ".join(
        f"{name} {count} ({refused[name]} 429)" for name, count in counts.most_common(4)
    )
    return f"Slack: {total} calls, {_share(sum(refused.values()), total)} 429; {busiest}"


def _violations(telegram: TelegramRecord, slack: SlackRecord) -> str:
    rules = Counter(f"Telegram {one.method}: {one.what}" for one in telegram.violations)
    rules += Counter(f"Slack {one.where}: {one.rule}" for one in slack.violations)
    named = ", ".join(f"{name} ({times})" for name, times in rules.most_common(5))
    return f"violations: {named or 'none'}"


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / max(1, whole):.2f} %)"
