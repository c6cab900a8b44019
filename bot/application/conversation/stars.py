"""The buttons of a rating, wherever it is asked: `ticket.rate` with `T-000123:5`."""

from bot.application.outbound.messages import Choice, Press

MOST_STARS = 5


def star_rows(number: str) -> tuple[tuple[Choice, ...], ...]:
    """One to five stars; each label says its number, so that it reads without its shape."""
    return (
        tuple(
            Choice(f"{stars} ★", Press("ticket.rate", f"{number}:{stars}"))
            for stars in range(1, MOST_STARS + 1)
        ),
    )
