"""Lines of the desk in a thread: one post for those of half a minute, and none is lost."""

from bot.application.ports.card_refs import CardRef
from bot.domain.addresses import TicketId
from handlers.sandbox.telegram import VirtualUser
from handlers.slack.blocks.mrkdwn import CONTEXT
from handlers.slack.delivery.thread_notices import TOGETHER_SECONDS, Groups
from tests.support.drivers.office import Office

WAIT, WAITS = "Waiting for others", "somebody outside must act"
A, PLACE = TicketId("a"), CardRef("C1", "1.0")


class Time:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def lines(office: Office, ticket) -> list[str]:
    """The posts in the thread that hold a line about what was done."""
    posts = [str(one.blocks) for one in await office.thread(ticket)]
    return [one for one in posts if "took the ticket" in one or WAITS in one]


async def claimed_and_put_aside(office: Office, ticket, *, between=None) -> None:
    await office.clicks(office.bob, ticket, "Claim")
    if between is not None:
        await between()
    await office.clicks(office.bob, ticket, WAIT)


async def test_two_changes_in_a_row_stand_in_one_post(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await claimed_and_put_aside(office, ticket)

    (post,) = await lines(office, ticket)
    assert "took the ticket" in post
    assert WAITS in post


async def test_what_was_said_between_two_changes_stays_between_them(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)

    async def says() -> None:
        await alice.say("One more thing")
        await office.hear()

    await claimed_and_put_aside(office, ticket, between=says)

    assert len(await lines(office, ticket)) == 2


async def test_a_line_whose_post_was_removed_gets_its_own(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    office.slack.faults.add("err:message_not_found", "chat.update")

    await claimed_and_put_aside(office, ticket)

    assert WAITS in (await lines(office, ticket))[-1]


async def test_a_line_in_doubt_is_there_once(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Claim")
    await office.go_on(seconds=5)
    office.slack.faults.add("reset_after", "chat.update", times=3)

    await office.clicks(office.bob, ticket, WAIT)
    for _ in range(3):
        await office.go_on(seconds=60)

    assert sum(one.count(WAITS) for one in await lines(office, ticket)) == 1


def test_lines_do_not_join_what_is_old_full_or_elsewhere():
    time = Time()
    groups = Groups(time)
    groups.begin(A, PLACE, "2.0", "first")

    joined = groups.grown(A, PLACE, "second")
    elsewhere = groups.grown(A, CardRef("C1", "9.0"), "second")
    full = groups.grown(A, PLACE, "x" * CONTEXT)
    time.at += TOGETHER_SECONDS + 1

    assert joined is not None
    assert joined.text == "first\nsecond"
    assert (elsewhere, full, groups.grown(A, PLACE, "late")) == (None, None, None)


async def test_a_line_that_was_posted_twice_over_takes_no_other_with_it(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Claim")
    await office.go_on(seconds=5)
    office.slack.faults.add("reset_after", "chat.update", times=3)

    await office.clicks(office.bob, ticket, WAIT)
    for _ in range(5):
        await office.go_on(seconds=60)

    posts = [str(one.blocks) for one in await office.thread(ticket)]
    assert sum("took the ticket" in one for one in posts) == 1
