"""A ticket from the client to staff and back, in both modes."""

from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import Office


async def test_a_clients_ticket_is_answered_from_its_thread(either: Office, alice: VirtualUser):
    ticket = await either.a_ticket(alice, "No internet since morning")

    await either.clicks(either.bob, ticket, "Claim")
    await either.says(either.bob, ticket, ">> Please restart the router.")
    await either.hear()
    await either.go_on(seconds=6)

    assert "No internet since morning" in str((await either.card(ticket)).blocks)
    assert "<@U0BOB>" in str((await either.card(ticket)).blocks)
    assert "Please restart the router." in either.words_to(alice)[-1]
    assert "✓ sent" in str((await either.thread(ticket))[-1].blocks)


async def test_a_card_is_posted_once_and_edited_in_place(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    first = await office.place(ticket)

    await office.clicks(office.bob, ticket, "Claim")
    await office.go_on(seconds=4)

    assert await office.place(ticket) == first
    assert len(await office.cards()) == 1
