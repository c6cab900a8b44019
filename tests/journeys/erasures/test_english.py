"""A client of the list, by the code and the phone; a law keeps a part until it lapses."""

from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.requests.states import RequestState
from handlers.sandbox.sample_people import CLIENTS
from tests.journeys.erasures import endings
from tests.journeys.erasures.town import DONE, JAMIL, KEPT, SALMA, a_town
from tests.journeys.erasures.town_client import Client

NUSRAT = CLIENTS[0]
LAWS = {"bd-vat-2012", "bd-btrc-isp-2020"}


async def test_what_a_law_keeps_goes_when_each_law_has_lapsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with a_town(tmp_path, monkeypatch) as town:
        client = Client(town, town.client(NUSRAT), Language.EN, NUSRAT.email)
        number = await client.asks_and_proves()
        plan = await client.confirms()
        for approver in (JAMIL, SALMA):
            await town.approves(approver, number)
        await town.later(days=3)
        await town.reaches(number, RequestState.ATTENTION)
        await town.judges_findings(JAMIL, number)
        request = await town.reaches(number, KEPT)

        facts = await endings.certificates_hold(client, number)
        assert "Kept until" in plan.text
        assert {one["law"] for one in facts["kept"]} == LAWS
        await endings.nothing_is_left(town, request, NUSRAT, endings.names_of(NUSRAT))

        approvals = request.facts.approvals
        for days, end in ((120, KEPT), (2 * 365, KEPT), (4 * 365, DONE)):
            issued = await endings.issued(town, request)
            await town.later(days=days)
            await endings.one_more_certificate(town, request, issued)
            request = await town.reaches(number, KEPT, DONE)
            assert (request.state, request.facts.approvals) == (end, approvals)
            await endings.nothing_is_left(
                town, request, NUSRAT, endings.names_of(NUSRAT), certificates=issued + 1
            )

        assert endings.left_of(town, NUSRAT) == {}
        assert len(client.certificates()) == len(("chat", "mail"))
