"""What time and a fresh proof do to a package, once whatever makes it says that it is there."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import SYSTEM
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.builders.desk import Desk
from tests.support.drivers.asker import Asker, a_person, an_asker
from tests.support.drivers.whole_turns import fire_due
from tests.unit.requests.deciding import approve


async def desk_does(desk: Desk, request: DataRequest, *acts: str) -> None:
    """Methods of the request that only the desk itself calls."""

    async def act(work: UnitOfWork) -> None:
        found = await work.requests.get(request.id)
        for name in acts:
            getattr(found, name)(await by_desk(work))

    await desk.bus.handle(SYSTEM, act)


async def days_go_by(client: Asker, days: int) -> str:
    heard: list[str] = []
    for _ in range(days):
        client.desk.clock.go_on(days=1)
        await client.desk.bus.handle(SYSTEM, fire_due)
        heard += [one.text for one in await client.hears()]
    return "\n".join(heard)


async def with_a_package() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.says("/access")
    await client.proves()
    await approve(client.desk, client.request, "ayesha")
    await desk_does(client.desk, client.request, "finish_steps", "prove_package")
    await client.hears()
    return client


async def lapsed() -> Asker:
    client = await with_a_package()
    await days_go_by(client, 8)
    assert client.request.state is RequestState.UNDELIVERED
    return client


async def test_a_package_that_is_ready_is_told():
    client = await with_a_package()

    assert client.request.state is RequestState.PACKAGE_READY
    assert "Your data is ready" in client.text


async def test_what_is_not_fetched_in_a_week_takes_a_new_proof():
    client = await with_a_package()

    heard = await days_go_by(client, 8)

    assert "not fetched in time" in heard
    await client.says(f"/status {client.request.number}")
    assert "Send me a code" in client.labels
    await client.taps("Send me a code")
    await client.says(client.code)
    await client.shares()
    assert client.request.state is RequestState.PACKAGE_READY


async def test_without_the_phone_it_is_not_made_ready_again():
    client = await lapsed()
    await client.says(f"/status {client.request.number}")
    await client.taps("Send me a code")
    await client.says(client.code)

    await client.taps("I can't share this number")

    assert client.text.startswith(say("requests.reason_phone_needed"))
    assert client.request.state is RequestState.UNDELIVERED


async def test_after_a_month_it_is_destroyed_and_the_request_answered():
    client = await lapsed()

    heard = await days_go_by(client, 31)

    assert client.request.state is RequestState.FULFILLED
    assert "was carried out" in heard


async def test_a_failure_is_told_and_pages_somebody_in_the_end():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/access")
    await client.proves()
    await approve(client.desk, client.request, "ayesha")
    for _ in range(9):
        await desk_does(client.desk, client.request, "fail", "retry")
    await desk_does(client.desk, client.request, "fail")

    await days_go_by(client, 1)

    assert client.request.state is RequestState.ATTENTION
    said = [repr(one) for one in client.all_carried]
    assert any("failed again and again" in one for one in said)
