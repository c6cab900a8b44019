"""Nobody is asked to confirm what they cannot read: the plan comes first, and then the question."""

from bot.application.config import DeskConfig
from bot.application.fulfilment.plans_awaited import plan_of_survey
from bot.application.outbound.to_client import Press
from bot.domain.addresses import SYSTEM
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan
from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.drivers.asker import Asker, a_person, an_asker

ONE_DATABASE = DeskConfig(company_sources=("billing",))
SURVEY = (
    SourcePlan(
        source="billing",
        kind=SourceKind.COMPANY,
        version="1",
        subjects=1,
        items=(PlanItem(place="customer", action=PlanAction.DELETE, rows=3),),
    ),
)
ASKS = "Please confirm R-000001"


async def proved(rules: DeskConfig | None = None) -> Asker:
    client = await an_asker(rules=rules)
    a_person(client.desk)
    await client.says("/erase")
    await client.proves()
    return client


async def answers(client: Asker, survey: tuple[SourcePlan, ...] = SURVEY) -> None:
    """The company's database does."""
    await client.desk.bus.handle(SYSTEM, plan_of_survey, client.request.id, survey)
    await client.hears()


async def test_the_plan_stands_above_the_button_that_says_yes():
    client = await proved()

    asked = [one for one in client.replies if ASKS in one.text]

    assert len(asked) == 1
    assert "Erased: " in asked[0].text
    assert "Confirm erasure" in str(asked[0].rows)


async def test_as_long_as_a_database_is_silent_the_client_is_told_that_it_is_reckoned():
    client = await proved(ONE_DATABASE)

    assert client.text == say("requests.plan_reckoned", number="R-000001")
    assert client.labels == ["Withdraw"]
    assert ASKS not in "".join(one.text for one in client.replies)


async def test_once_it_has_answered_the_chat_that_asked_is_asked_by_itself_and_once():
    client = await proved(ONE_DATABASE)

    await answers(client)
    await answers(client)

    asked = [one for one in client.replies if ASKS in one.text]
    assert len(asked) == 1
    assert "customer (3)" in asked[0].text


async def test_another_plan_before_the_yes_is_shown_again():
    client = await proved(ONE_DATABASE)
    await answers(client)
    more = SourcePlan(
        source="billing",
        kind=SourceKind.COMPANY,
        version="1",
        subjects=1,
        items=(*SURVEY[0].items, PlanItem(place="lead", action=PlanAction.DELETE, rows=1)),
    )

    await answers(client, (more,))

    assert ASKS in client.text
    assert "lead (1)" in client.text


async def test_a_yes_without_a_plan_confirms_nothing():
    client = await proved(ONE_DATABASE)

    await client.presses(Press("request.confirm", "R-000001"))

    assert client.request.state is RequestState.AWAITING_CONFIRMATION
    assert client.text == say("requests.plan_reckoned", number="R-000001")


async def test_the_status_offers_no_yes_before_the_plan_is_there():
    client = await proved(ONE_DATABASE)

    before = client.said(await client.says("/status")), list(client.labels)
    await answers(client)
    await client.says("/status")

    assert say("requests.next_reckoned") in before[0]
    assert "Confirm erasure" not in before[1]
    assert "Confirm erasure" in client.labels
