"""A client who cannot read the mail: two vouch, three people in all, seven days and three more."""

from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.requests.states import RequestState
from bot.wording import say
from handlers.sandbox.sample_people import CLIENTS
from tests.journeys.erasures import endings
from tests.journeys.erasures.town import JAMIL, KEPT, MINA, SALMA, a_town, card_word
from tests.journeys.erasures.town_client import Client

NUSRAT = CLIENTS[0]
CALLED = say("identity.proof_call_back", Language.EN)
LETTER = say("identity.proof_letter_code", Language.EN)


async def test_two_vouch_and_three_people_erase_after_seven_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    approvers = f"{JAMIL},{SALMA},{MINA}"
    async with a_town(tmp_path, monkeypatch, approvers=approvers) as town:
        client = Client(town, town.client(NUSRAT), Language.EN, NUSRAT.email)
        await client.starts()
        number = await client.asks()
        await client.taps("identity.button_cannot_read")
        await client.sees(client.label("identity.staff_path"))
        await town.names_client(MINA, number, NUSRAT.external_id)
        for who, proof in ((MINA, CALLED), (JAMIL, LETTER)):
            await town.fills(who, card_word("do_vouch"), number, proof=proof)

            async def vouched(who=who) -> bool:
                return len((await town.request(number)).facts.vouches) > (who == JAMIL)

            await town.comes(vouched, f"a vouch of {who}")
        await client.confirms()
        assert await town.is_refused(MINA, card_word("do_approve"), number)
        await town.approves(SALMA, number)
        await town.approves(MINA, number)

        await town.later(days=6, hours=20)
        assert (await town.rests(number)).state is RequestState.COOLING_OFF
        assert town.tables() == town.began
        await town.later(days=1)
        await town.reaches(number, RequestState.ATTENTION)
        await town.judges_findings(SALMA, number)
        request = await town.reaches(number, KEPT)

        await endings.certificates_hold(client, number)
        await endings.nothing_is_left(town, request, NUSRAT, endings.names_of(NUSRAT))
