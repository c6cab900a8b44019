"""Erasures that somebody stopped on the way: by a freeze, by a refusal."""

from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.requests.states import RequestState
from handlers.sandbox.sample_people import CLIENTS
from tests.journeys.erasures import endings
from tests.journeys.erasures.town import FREEZE, JAMIL, KEPT, MINA, SALMA, a_town, card_word
from tests.journeys.erasures.town_client import Client

NUSRAT = CLIENTS[0]
WHY = "The violet lamp was ours after all"


async def test_a_freeze_stops_it_until_two_lift_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with a_town(tmp_path, monkeypatch) as town:
        client = Client(town, town.client(NUSRAT), Language.EN, NUSRAT.email)
        number = await client.asks_and_proves()
        await client.confirms()
        for approver in (JAMIL, SALMA):
            await town.approves(approver, number)
        await town.later(days=1)
        await town.comes(lambda: FREEZE.search(client.mails()[-1].text), "a mail with a link")
        link = FREEZE.findall(client.mails()[-1].text)[-1]
        await client.user.start(link)
        await client.sees(client.label("requests.frozen_here", number=number))

        await town.later(days=5)
        assert (await town.rests(number)).state is RequestState.COOLING_OFF
        assert town.tables() == town.began
        await town.clicks(JAMIL, card_word("do_lift_freeze"), number)
        await town.card_comes(number, "Agreed to lift it")
        assert (await town.rests(number)).state is RequestState.COOLING_OFF
        await town.clicks(SALMA, card_word("do_lift_freeze"), number)
        await town.goes_on(number)
        await town.reaches(number, RequestState.ATTENTION)
        await town.judges_findings(JAMIL, number)
        request = await town.reaches(number, KEPT)

        await endings.certificates_hold(client, number)
        words = [*endings.names_of(NUSRAT), link]
        await endings.nothing_is_left(town, request, NUSRAT, words)


async def test_a_refusal_is_appealed_overturned_by_another_and_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    approvers = f"{JAMIL},{SALMA},{MINA}"
    async with a_town(tmp_path, monkeypatch, approvers=approvers) as town:
        client = Client(town, town.client(NUSRAT), Language.EN, NUSRAT.email)
        number = await client.asks_and_proves()
        await client.confirms()
        await town.fills(JAMIL, card_word("do_deny"), number, code="other", text_en="Not now.")
        await town.reaches(number, RequestState.DENIED)
        await client.sees(button=client.label("requests.button_appeal"))
        await client.taps("requests.button_appeal")
        await town.reaches(number, RequestState.APPEALED)
        await client.sees(number)
        await client.user.say(WHY)
        await town.card_comes(number, WHY)
        assert await town.is_refused(JAMIL, card_word("do_judge"), number)
        await town.fills(
            SALMA, card_word("do_judge"), number, judgement="overturn", text_en="Go on."
        )
        await town.reaches(number, RequestState.IN_REVIEW)
        for approver in (SALMA, MINA):
            await town.approves(approver, number)
        await town.later(days=3)
        await town.reaches(number, RequestState.ATTENTION)
        await town.judges_findings(MINA, number)
        request = await town.reaches(number, KEPT)

        await endings.certificates_hold(client, number)
        words = [*endings.names_of(NUSRAT), WHY, "violet lamp"]
        await endings.nothing_is_left(town, request, NUSRAT, words)
