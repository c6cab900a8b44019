"""What happened to a request is written in the style of dates of who reads it."""

import re

from bot.application.config import DeskConfig
from bot.application.views.request_history import request_history
from bot.domain.addresses import Language
from bot.wording.times import due_day
from tests.support.builders.desk import a_desk
from tests.support.builders.requests import a_request


async def test_a_day_in_the_history_is_written_as_on_the_cards():
    desk = a_desk(DeskConfig(staff_language=Language.BN))
    request = await a_request(desk.bus)

    history = await desk.bus.look(request_history, request=request.id)

    assert due_day(request.due_on, Language.BN) in history.lines[0]
    assert not re.search(r"\d{4}-\d\d-\d\d", " ".join(history.lines))
