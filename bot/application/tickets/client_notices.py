"""What the desk says to a client because of something staff or time did.

The buttons' verbs are those of conversation/buttons.py: a rating's ref is `T-000123:4`.
"""

from bot.application.outbound.to_client import Choice, Press, Reply
from bot.domain.addresses import Language
from bot.domain.tickets.ticket import REOPEN_WINDOW, Ticket
from bot.wording import say

RATE, BROKEN = "ticket.rate", "ticket.broken"
REOPEN, SHOW = "ticket.reopen", "ticket.show"
MOST_STARS = 5


def tell_resolved(ticket: Ticket, language: Language) -> Reply:
    """Done; how did it go, and is it still broken?"""
    return _reply(
        ticket,
        say("tickets.told_resolved", language, number=ticket.number),
        [
            star_row(ticket.number),
            (_still_broken(ticket, language),),
        ],
    )


def ask_for_stars(ticket: Ticket, language: Language, *, again: bool = False) -> Reply:
    """One to five stars, with the way back for whom it is not done."""
    key = "tickets.stars_reminder" if again else "tickets.stars_question"
    return _reply(
        ticket,
        say(key, language, number=ticket.number),
        [
            star_row(ticket.number),
            (_still_broken(ticket, language),),
        ],
    )


def star_row(number: str) -> tuple[Choice, ...]:
    """One to five stars; each label says its number, so that it reads without its shape."""
    return tuple(
        Choice(f"{count} ★", Press(RATE, f"{number}:{count}")) for count in range(1, MOST_STARS + 1)
    )


def tell_closed(ticket: Ticket, language: Language, *, reason: str) -> Reply:
    """It was closed by quiet or by staff; for fourteen days a tap brings it back."""
    key = "tickets.told_closed_quiet" if reason == "quiet" else "tickets.told_closed_staff"
    text = say(key, language, number=ticket.number, days=REOPEN_WINDOW.days)
    return _reply(ticket, text, [(_reopen(ticket, language),)])


def tell_merged(ticket: Ticket, into: Ticket, language: Language) -> Reply:
    """The matter goes on elsewhere; an answer to this joins the ticket in which it goes on."""
    text = say("tickets.told_merged", language, number=ticket.number, into=into.number)
    label = say("tickets.button_show_ticket", language, number=into.number)
    return _reply(into, text, [(Choice(label, Press(SHOW, into.number)),)])


def tell_parted(ticket: Ticket, language: Language) -> Reply:
    """A merge was taken back."""
    return _reply(ticket, say("tickets.told_parted", language, number=ticket.number), [])


def tell_reopened(ticket: Ticket, language: Language) -> Reply:
    """Staff went back to work on it."""
    return _reply(ticket, say("tickets.told_reopened", language, number=ticket.number), [])


def _reply(ticket: Ticket, text: str, rows: list[tuple[Choice, ...]]) -> Reply:
    return Reply(text=text, rows=tuple(rows), about=ticket.id)


def _still_broken(ticket: Ticket, language: Language) -> Choice:
    return Choice(say("tickets.button_still_broken", language), Press(BROKEN, ticket.number))


def _reopen(ticket: Ticket, language: Language) -> Choice:
    return Choice(say("tickets.button_reopen", language), Press(REOPEN, ticket.number))
