"""What every button and menu does, by its verb; dialogs stand in `submissions.forms`."""

from collections.abc import Mapping
from typing import TypeVar

from bot.domain.errors import Refused
from handlers.log_setup import log
from handlers.slack.handling.buttons import BUTTONS, Press
from handlers.slack.handling.fulfilment_actions import FULFILMENT_BUTTONS
from handlers.slack.handling.request_actions import REQUEST_BUTTONS

PRESSES: Mapping[str, Press] = {**BUTTONS, **REQUEST_BUTTONS, **FULFILMENT_BUTTONS}
"""Presses that go through the inbox; those that open or change a dialog are in `dialogs`."""
T = TypeVar("T")


def registered(known: Mapping[str, T], verb: str) -> T:
    """What this verb does.

    Raises:
        Refused: nothing; the button is of a release that knew more, or no button of ours.
    """
    if verb not in known:
        log(__name__, "unknown_action", verb=verb[:40])
        raise Refused("slack.no_such_action")
    return known[verb]
