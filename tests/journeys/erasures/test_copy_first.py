"""A client wants a copy and the erasure: the copy goes first, unless they will not wait for it."""

from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.requests.states import RequestState
from handlers.sandbox.sample_people import CLIENTS
from tests.journeys.erasures import endings
from tests.journeys.erasures.town import JAMIL, KEPT, SALMA, Town, a_town, card_word
from tests.journeys.erasures.town_client import Client

NUSRAT = CLIENTS[0]
ENDED = (RequestState.FULFILLED, RequestState.WITHDRAWN)
NOTE = "On a stick with a violet lamp, at the counter"


async def both_asked(town: Town) -> tuple[Client, str, str]:
    """The client, the request for a copy and the erasure; both are proved."""
    client = Client(town, town.client(NUSRAT), Language.EN, NUSRAT.email)
    await client.starts()
    copy = await client.asks("/access")
    await client.proves()
    await town.reaches(copy, RequestState.IN_REVIEW)
    erasure = await client.asks()
    await client.proves()
    await client.confirms()
    for approver in (JAMIL, SALMA):
        await town.approves(approver, erasure)
    return client, copy, erasure


async def carried_out(town: Town, client: Client, number: str) -> None:
    await town.reaches(number, RequestState.ATTENTION)
    await town.judges_findings(JAMIL, number)
    request = await town.reaches(number, KEPT)
    await endings.certificates_hold(client, number)
    words = [*endings.names_of(NUSRAT), NOTE, "violet lamp"]
    await endings.nothing_is_left(town, request, NUSRAT, words)


async def test_the_copy_is_handed_over_and_the_erasure_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with a_town(tmp_path, monkeypatch) as town:
        client, copy, erasure = await both_asked(town)
        await town.approves(JAMIL, copy)
        await town.later(days=4)
        assert (await town.rests(erasure)).state is RequestState.COOLING_OFF
        assert town.tables() == town.began

        await town.fills(JAMIL, card_word("do_hand_over"), copy, reason=NOTE)

        await town.reaches(copy, RequestState.FULFILLED)
        await carried_out(town, client, erasure)


async def test_a_late_copy_is_not_waited_for_where_the_client_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with a_town(tmp_path, monkeypatch) as town:
        client, copy, erasure = await both_asked(town)
        await town.later(days=36)
        await client.sees(button=client.label("requests.button_without_copy"))
        assert (await town.rests(erasure)).state is RequestState.COOLING_OFF
        assert town.tables() == town.began

        await client.taps("requests.button_without_copy")

        await carried_out(town, client, erasure)
        await town.reaches(copy, *ENDED)
