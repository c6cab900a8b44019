"""Somebody on no list, in Bangla: what the account itself wrote and sent is erased."""

from pathlib import Path

import pytest

from bot.domain.addresses import Language
from handlers.sandbox.sample_people import CLIENTS
from tests.journeys.erasures import endings
from tests.journeys.erasures.town import DONE, JAMIL, SALMA, a_town
from tests.journeys.erasures.town_client import Client

WORDS = ("আমার নানির বাড়ির রাউটারে বেগুনি বাতি", "saleha_begum_77", "সালেহা", "violet-lamp.txt")


async def test_an_account_nobody_knows_is_erased_with_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with a_town(tmp_path, monkeypatch) as town:
        user = town.world.telegram.user(
            4_100_000_777,
            "সালেহা",
            last_name="বেগম",
            username="saleha_begum_77",
            language_code="bn",
            phone="+8801999000777",
        )
        client = Client(town, user, Language.BN)
        await client.starts()
        await client.writes_to_staff(WORDS[0])
        await user.send_document(b"a violet lamp", "violet-lamp.txt", WORDS[0])
        number = await client.asks()
        await client.taps("requests.account_only")
        await client.confirms()
        for approver in (JAMIL, SALMA):
            await town.approves(approver, number)
        await town.later(days=3)
        request = await town.reaches(number, DONE)

        facts = await endings.certificates_hold(client, number, mails=0)
        assert facts["kept"] == []
        chat = next(one for one in facts["sources"] if one["source"] == "telegram")
        assert "erasure.telegram_older_stays" in chat["stated"]
        await endings.nothing_is_left(town, request, None, (*WORDS, str(user.id), user.phone))
        assert town.tables() == town.began
        assert CLIENTS[0].email in str(town.began)
