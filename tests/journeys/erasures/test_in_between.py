"""A client who never stops: writes, presses old buttons and sends files between all the steps."""

from pathlib import Path

import pytest

from bot.application.client_list.importer import import_rows
from bot.application.client_list.rows import ClientRow, read_csv, read_row
from bot.domain.addresses import OPERATOR, Language
from bot.domain.requests.states import RequestState
from handlers.sandbox.sample_people import CLIENTS
from tests.journeys.erasures import endings
from tests.journeys.erasures.town import JAMIL, KEPT, SALMA, Town, a_town
from tests.journeys.erasures.town_client import Client

NUSRAT = CLIENTS[0]
BEFORE = "Grandmother's router blinks violet"
AFTER = "A new line for the shop, please"
OLD_BUTTONS = ("button_confirm_erasure", "button_freeze", "button_withdraw", "button_show")


async def imports_the_list(town: Town) -> None:
    """As `clients import` does with the company's file."""
    rows = [read_row(raw) for raw in read_csv(town.world.client_list.splitlines())]
    known = [row for row in rows if isinstance(row, ClientRow)]
    await town.desk.bus.handle(OPERATOR, import_rows, rows=known)


async def writes(client: Client, words: str) -> None:
    """Into the talk that is open, with a file; whatever comes back is an answer."""
    await client.user.say(words)
    await client.sees()
    await client.user.send_document(words.encode(), f"{words.split()[1]}.txt", words)
    await client.sees()


async def approved_while_they_write(client: Client) -> str:
    """The number of an erasure that waits for its time."""
    await client.starts()
    await client.writes_to_staff(BEFORE)
    await writes(client, BEFORE)
    number = await client.asks()
    await client.proves()
    await client.confirms()
    for approver in (JAMIL, SALMA):
        await client.town.approves(approver, number)
        await writes(client, BEFORE)
    return number


async def presses_old_buttons(client: Client) -> None:
    """Each is answered; none does what it did before."""
    labels = {client.label(f"requests.{name}") for name in OLD_BUTTONS}
    old = [one for one in client.user.messages if one.is_from_bot and labels & {*one.labels}]
    assert old
    for bubble in old[-4:]:
        for label in labels & {*bubble.labels}:
            press = await client.user.tap(label, stale=bubble)
            assert not hasattr(press, "text"), press
            await press.answered()  # pyright: ignore[reportAttributeAccessIssue]


async def test_whoever_goes_on_writing_is_a_new_client_and_nothing_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with a_town(tmp_path, monkeypatch) as town:
        client = Client(town, town.client(NUSRAT), Language.EN, NUSRAT.email)
        number = await approved_while_they_write(client)
        await imports_the_list(town)
        await town.later(days=3)
        await town.reaches(number, RequestState.ATTENTION)

        await presses_old_buttons(client)
        await client.starts()
        await client.writes_to_staff(AFTER)
        await writes(client, AFTER)
        await imports_the_list(town)
        await town.judges_findings(JAMIL, number)
        request = await town.reaches(number, KEPT)
        await imports_the_list(town)
        await presses_old_buttons(client)
        await writes(client, AFTER)

        await endings.certificates_hold(client, number)
        await town.rests(number)
        words = [BEFORE, "blinks violet", "router.txt", NUSRAT.email, NUSRAT.phone]
        await endings.nothing_is_left(town, request, NUSRAT, words)
        assert AFTER in await town.sight()
        assert [one.number for one in await town.requests()] == [number]
        assert (await town.request(number)).state is KEPT
