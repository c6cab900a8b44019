"""How the queues stand, for whoever looks: every figure for scripts, a sentence for people."""

from collections.abc import Sequence
from datetime import timedelta

from bot.application.ports.backlog import Unsettled, WaitingWords
from bot.application.ports.reports import HealthCheck
from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.silence import (
    OLDEST_WORD_LINE,
    UNDELIVERED_LINE,
    WATCHED,
    LaneFigures,
    QueueFigures,
    queue_figures,
)
from bot.application.standing_troubles import standing_troubles
from bot.application.views.trouble_words import trouble_finding
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.times import lapse

MINUTE = timedelta(minutes=1)
SLACK = "slack"
OF_SLACK = (TroubleKind.CHANNEL, TroubleKind.RATE_LIMIT, TroubleKind.SCOPES)
"""They are about a channel or a feature; the others name their platform."""


async def queue_findings(work: UnitOfWork) -> list[HealthCheck]:
    """What `doctor` says of the queues, with figures: counts, ages and names of kinds."""
    figures = await queue_figures(work)
    return [
        _oldest(figures),
        _lanes(figures, await standing_troubles(work)),
        _dead_letters(figures),
        _replies(figures),
        _aside(figures),
    ]


async def home_health(work: UnitOfWork) -> tuple[HealthCheck, ...]:
    """What is in the way of words, as the home view says it; or that nothing is."""
    figures, language = await queue_figures(work), work.rules.staff_language
    stands = [
        trouble_finding(one, work.rules.zone, language)
        for one in await standing_troubles(work)
        if one.trouble.kind not in WATCHED
    ]
    late = [
        HealthCheck(
            lane.name,
            is_good=False,
            key="home.words_wait",
            params=(
                ("lane", say(f"home.lane_{lane.name}", language)),
                ("age", lapse(figures.age(lane.since), language)),
                ("count", lane.waiting),
            ),
        )
        for lane in figures.lanes
        if figures.age(lane.since) > OLDEST_WORD_LINE
    ]
    lost = [
        HealthCheck(
            name, is_good=False, key=f"home.{name}", params=_counted(figures, one, language)
        )
        for name, one in (
            ("given_up", figures.dead),
            ("replies_back", figures.replies_back),
            ("updates_aside", figures.aside),
        )
        if one.count
    ]
    well = HealthCheck(
        "queues",
        is_good=True,
        key="home.words_get_through",
        params=(("minutes", OLDEST_WORD_LINE // MINUTE),),
    )
    return (*stands, *late, *lost) or (well,)


def _oldest(figures: QueueFigures) -> HealthCheck:
    oldest, waiting = figures.oldest, sum(one.count for one in figures.waiting)
    age = timedelta(0) if oldest is None else figures.age(oldest.since)
    is_late = age > OLDEST_WORD_LINE
    key = "oldest_word_late" if is_late else "oldest_word" if oldest else "nothing_waits"
    params = () if oldest is None else (("age", _age(age)), ("count", waiting), _where(oldest))
    return HealthCheck(
        "oldest waiting word",
        is_good=not is_late,
        key=f"doctor.{key}",
        params=params,
        figures={
            "waiting": waiting,
            "age_seconds": _seconds(age),
            "line_seconds": _seconds(OLDEST_WORD_LINE),
            "queue": oldest and oldest.queue,
            "lane": oldest and oldest.lane,
            "kind": oldest and oldest.kind,
        },
    )


def _lanes(figures: QueueFigures, standing: Sequence[StandingTrouble]) -> HealthCheck:
    troubles = {one.name: _troubles(figures, one, standing) for one in figures.lanes}
    named = [say(f"home.lane_{name}", Language.EN) for name, found in troubles.items() if found]
    return HealthCheck(
        "lanes",
        is_good=not named,
        key="doctor.lanes_in_trouble" if named else "doctor.lanes_well",
        params=(("lanes", ", ".join(named)),),
        figures={
            one.name: {
                "waiting": one.waiting,
                "oldest_age_seconds": _seconds(figures.age(one.since)),
                "troubles": troubles[one.name],
            }
            for one in figures.lanes
        },
    )


def _troubles(
    figures: QueueFigures, lane: LaneFigures, standing: Sequence[StandingTrouble]
) -> list[str]:
    """The kinds of what stands in a lane's way, as the running desk and the queues say."""
    found = {one.trouble.kind for one in standing if _is_of(one.trouble, lane.name)}
    if figures.age(lane.since) > OLDEST_WORD_LINE:
        found.add(TroubleKind.OLDEST_WORD)
    return sorted(found - {TroubleKind.UNDELIVERED, TroubleKind.REFUSED_EVENTS})


def _is_of(trouble: Trouble, lane: str) -> bool:
    return lane == (SLACK if trouble.kind in OF_SLACK else trouble.about)


def _dead_letters(figures: QueueFigures) -> HealthCheck:
    return HealthCheck(
        "dead letters",
        is_good=not figures.dead.count,
        key="doctor.dead_letters",
        params=(("count", figures.dead.count),),
        figures=_figures(figures, figures.dead),
    )


def _replies(figures: QueueFigures) -> HealthCheck:
    back = figures.replies_back
    is_late = figures.age(back.since) > UNDELIVERED_LINE
    key = "doctor.replies_back" if back.count else "doctor.no_reply_back"
    return HealthCheck(
        "undelivered replies",
        is_good=not is_late,
        key=key,
        params=_counted(figures, back, Language.EN),
        figures=_figures(figures, back)
        | {
            "line_seconds": _seconds(UNDELIVERED_LINE),
            **{state: one.count for state, one in sorted(figures.replies.items())},
        },
    )


def _aside(figures: QueueFigures) -> HealthCheck:
    key = "doctor.poison_waits" if figures.aside.count else "doctor.poison"
    return HealthCheck(
        "updates put aside",
        is_good=not figures.aside.count,
        key=key,
        params=_counted(figures, figures.aside, Language.EN),
        figures=_figures(figures, figures.aside),
    )


def _figures(figures: QueueFigures, one: Unsettled) -> dict[str, object]:
    return {"count": one.count, "oldest_age_seconds": _seconds(figures.age(one.since))}


def _counted(
    figures: QueueFigures, one: Unsettled, language: Language
) -> tuple[tuple[str, str | int], ...]:
    return ("count", one.count), ("age", lapse(figures.age(one.since), language))


def _where(words: WaitingWords) -> tuple[str, str]:
    lane = say(f"home.lane_{words.lane}", Language.EN)
    return "where", say(f"doctor.in_{words.queue}", Language.EN, lane=lane)


def _age(age: timedelta) -> str:
    return lapse(age, Language.EN)


def _seconds(age: timedelta) -> int:
    return int(age.total_seconds())
