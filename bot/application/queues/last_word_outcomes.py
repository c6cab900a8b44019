"""How the last word after an erasure ends: it is tried each hour until its slot is blanked.

Nobody can send it on its way again, so it is never a dead letter: it arrived, it cannot ever, or
its time is over. One that may have arrived says at the next try that it may be a repeat; such
tries come ever more rarely, so that a way that loses every answer does not fill a mailbox.
"""

from datetime import timedelta

from bot.application.fulfilment.last_words import Way, note_said, note_unsayable, sayable_until
from bot.application.outbound.after_erasure import LastMail, LastWord
from bot.application.ports.queues import (
    Arrived,
    Blocked,
    ClaimedDelivery,
    GivenUp,
    LaneTrouble,
    NotSent,
    Outcome,
    Unknown,
)
from bot.application.ports.unit_of_work import UnitOfWork

AGAIN = timedelta(hours=1)
LONGEST_BACK_OFF = timedelta(days=1)
"""Between tries of which nobody knows whether they arrived."""


async def settle_last_word(
    work: UnitOfWork, claimed: ClaimedDelivery, word: LastWord | LastMail, outcome: Outcome
) -> None:
    """Record how a try ended, and whether there is another."""
    now = work.clock.now()
    way = Way.CHAT if isinstance(word, LastWord) else Way.MAIL
    if isinstance(outcome, Arrived):
        await work.outbox.finish(claimed.id, now)
        await note_said(work, word.request, way)
        return
    until = await sayable_until(work, word.request)
    if _is_final(outcome) or until is None or now >= until:
        await work.outbox.give_up(claimed.id, now, error=_error(outcome), end=GivenUp.VOID)
        await note_unsayable(work, word.request, way)
        return
    is_doubtful = _is_doubtful(outcome)
    await work.outbox.retry(
        claimed.id,
        min(now + _wait(claimed, outcome), until),
        error=_error(outcome),
        counts=is_doubtful,
        uncertain=is_doubtful,
    )


def _is_final(outcome: Outcome) -> bool:
    return isinstance(outcome, Blocked) or (isinstance(outcome, NotSent) and outcome.is_final)


def _is_doubtful(outcome: Outcome) -> bool:
    is_barred = isinstance(outcome, LaneTrouble) and outcome.may_have_arrived
    return isinstance(outcome, Unknown) or is_barred


def _wait(claimed: ClaimedDelivery, outcome: Outcome) -> timedelta:
    """A platform's own wish counts; what waits with its lane waits for that alone."""
    if _is_doubtful(outcome):
        return min(AGAIN * 2 ** min(claimed.tries, 10), LONGEST_BACK_OFF)
    if isinstance(outcome, NotSent) and outcome.retry_after is not None:
        return outcome.retry_after
    if isinstance(outcome, LaneTrouble) and not outcome.counts:
        return outcome.rest
    return AGAIN


def _error(outcome: Outcome) -> str:
    return outcome.error if isinstance(outcome, NotSent | Unknown | LaneTrouble) else "blocked"
