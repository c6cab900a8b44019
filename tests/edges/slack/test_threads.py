"""A ticket's thread: what stays between staff, what goes to the client, what follows from it."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.tickets.message import DeliveryStatus, Direction
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.slack.people import Member
from tests.support.drivers.office import UNSIGNED, Office, an_office
from tests.support.stores.stages import Stage
from tests.volume import seed, volume


async def test_an_unmarked_message_is_a_note(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.says(office.bob, ticket, "The client sounds angry.")
    await office.hear()
    await office.go_on(seconds=10)

    note = (await office.rig.talk(ticket))[-1]
    assert (note.direction, note.body) == (Direction.NOTE, "The client sounds angry.")
    assert office.words_to(alice) == []


async def test_words_of_a_thread_keep_their_order_whoever_must_be_looked_up(
    ground: Stage,
    telegram: TelegramServer,
    either_slack: SlackServer,
    alice: VirtualUser,
    monkeypatch: pytest.MonkeyPatch,
):
    async with an_office(ground, telegram, either_slack) as office:
        ticket = await office.a_ticket(alice)
        member = office.edge.people.member

        async def looked_up(user: str) -> Member | None:
            await asyncio.sleep(0.3 if user == office.ann.id else 0)
            return await member(user)

        monkeypatch.setattr(office.edge.people, "member", looked_up)
        await office.says(office.ann, ticket, ">> Is it the router?")
        await office.says(office.bob, ticket, ">> Or the cable?")
        await asyncio.sleep(0.5)
        await office.hear()
        await office.go_on(seconds=10)

        assert office.words_to(alice) == ["Is it the router?", "Or the cable?"]


async def test_a_quote_is_a_note_and_its_writer_is_told(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.says(office.bob, ticket, "Please restart the router.", quote=True)
    await office.hear()
    await office.go_on(seconds=10)

    assert (await office.rig.talk(ticket))[-1].direction is Direction.NOTE
    assert office.words_to(alice) == []
    assert "stays a note" in office.bob.ephemerals[-1].text


async def test_a_broadcast_is_a_note_even_where_it_is_marked(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.says(office.bob, ticket, ">> To everybody", broadcast=True)
    await office.hear()
    await office.go_on(seconds=10)

    assert (await office.rig.talk(ticket))[-1].direction is Direction.NOTE
    assert office.words_to(alice) == []


async def test_an_edit_never_turns_a_note_into_a_reply(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    said = await office.says(office.bob, ticket, "only between us")
    await office.hear()

    await office.bob.edit(said.ts, ">> only between us")
    await office.hear()
    await office.go_on(seconds=10)

    note = (await office.rig.talk(ticket))[-1]
    assert (note.direction, note.version) == (Direction.NOTE, 2)
    assert office.words_to(alice) == []
    assert "stays a note" in office.bob.ephemerals[-1].text


async def test_another_bots_marked_post_is_nothing(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    robot = office.slack.add_user("U0ROBOT", "robot", is_bot=True)

    await office.says(robot, ticket, ">> beep")
    await office.says(robot, ticket, ">> beep", classic_bot=True)
    await office.hear()
    await office.go_on(seconds=10)

    assert len(await office.rig.talk(ticket)) == 1
    assert office.words_to(alice) == []


async def test_a_reply_can_be_undone_while_it_is_held(either: Office, alice: VirtualUser):
    ticket = await either.a_ticket(alice)
    await either.says(either.bob, ticket, ">> Too early")
    await either.hear()

    held = (await either.thread(ticket))[-1]
    await either.bob.click("Undo", held.channel, held.ts)
    await either.hear()
    await either.go_on(seconds=10)

    assert (await either.rig.talk(ticket))[-1].delivery is DeliveryStatus.UNDONE
    assert "undone" in str((await either.thread(ticket))[-1].blocks)
    assert either.words_to(alice) == []


async def test_undo_comes_too_late_once_it_has_left(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.says(office.bob, ticket, ">> On its way")
    await office.hear()
    held = (await office.thread(ticket))[-1]
    office.slack.faults.add("500", "chat.update", times=9)

    await office.go_on(seconds=6)
    await office.bob.click("Undo", held.channel, held.ts)
    await office.hear()

    assert office.words_to(alice)[-1] == "On its way"
    assert "left already" in office.bob.ephemerals[-1].text


async def test_a_reply_goes_out_at_once_where_nothing_is_held(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    rules = replace(UNSIGNED, reply_undo=timedelta(0))
    async with an_office(ground, telegram, slack, rules=rules) as office:
        ticket = await office.a_ticket(alice)

        await office.says(office.bob, ticket, ">> At once")
        await office.hear()

        assert office.words_to(alice)[-1] == "At once"


async def test_edits_and_deletions_of_a_reply_reach_the_client(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    said = await office.says(office.bob, ticket, ">> Restart the ruoter")
    await office.hear()
    await office.go_on(seconds=6)

    await office.bob.edit(said.ts, ">> Restart the router")
    await office.hear()
    edited = office.words_to(alice)[-1]
    await office.bob.delete(said.ts)
    await office.hear()

    assert edited == "Restart the router"
    assert "Restart the router" not in office.words_to(alice)


async def test_a_deleted_note_reaches_nobody(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    said = await office.says(office.bob, ticket, "wrong ticket")
    await office.hear()

    await office.bob.delete(said.ts)
    await office.hear()

    assert (await office.rig.talk(ticket))[-1].deleted_at is not None
    assert office.words_to(alice) == []


async def test_markup_of_staff_is_read_as_they_typed_it(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.says(office.bob, ticket, ">> 5 < 6 & 7 > 2, see <!channel>")
    await office.hear()
    await office.go_on(seconds=6)

    assert office.words_to(alice)[-1] == "5 < 6 & 7 > 2, see everyone"


async def test_a_file_goes_out_only_with_a_marked_comment(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    bill = ("bill.pdf", b"%PDF-1.7 a bill")

    await office.says(office.bob, ticket, "our copy", files=[bill])
    await office.says(office.bob, ticket, files=[("secret.txt", b"x")])
    await office.hear()
    await office.go_on(seconds=10)
    before = [one.file_name for one in alice.messages if one.file_name]
    await office.says(office.bob, ticket, ">> Here is your bill", files=[bill])
    await office.hear()
    await office.go_on(seconds=10)

    sent = [one for one in alice.messages if one.is_from_bot and one.file_name]
    assert before == []
    assert [one.file_name for one in sent] == ["bill.pdf"]
    assert "Here is your bill" in office.words_to(alice)


async def test_a_clients_file_stands_in_the_thread(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await alice.send_document(b"router log", "log.txt", caption="my log")
    await office.hear()

    files = office.slack.state.world.files.values()
    brought = [file for file in files if file.name == "log.txt"]
    assert [file.content for file in brought] == [b"router log"]
    place = await office.place(ticket)
    assert brought[0].shares[0][2] == place.ts


async def test_a_file_that_cannot_be_had_is_named_in_the_thread(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    office.rig.telegram.faults.add(kind="500", method="getFile", times=20)

    await alice.send_document(b"router log", "log.txt", caption="my log")
    await office.hear()
    for _ in range(4):
        await office.go_on(seconds=40)

    thread = str([one.blocks for one in await office.thread(ticket)])
    assert "my log" in thread
    assert "log.txt could not be brought here" in thread


async def test_the_clients_edit_shows_in_the_thread(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    said = await alice.say("It is the red lamp")
    await office.hear()

    await alice.edit(said, "It is the green lamp")
    await office.hear()

    posts = str([one.blocks for one in await office.thread(ticket)])
    assert "It is the green lamp" in posts
    assert "version 2" in posts
    assert "It is the red lamp" not in posts


async def test_a_blocked_bot_is_seen_by_staff(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await alice.block()
    await office.hear()

    await office.says(office.bob, ticket, ">> Are you there?")
    await office.hear()
    await office.go_on(seconds=6)

    assert "⛔ blocked" in str((await office.thread(ticket))[-1].blocks)
    assert "has blocked the bot" in str((await office.card(ticket)).blocks)


async def test_an_uncertain_reply_is_decided_by_a_person(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    office.rig.telegram.faults.add(kind="reset_after", method="sendMessage")
    await office.says(office.bob, ticket, ">> Did it arrive?")
    await office.hear()
    await office.go_on(seconds=6)
    doubtful = (await office.thread(ticket))[-1]

    await office.bob.click("It arrived", doubtful.channel, doubtful.ts)
    await office.hear()

    assert "✓ sent" in str((await office.thread(ticket))[-1].blocks)
    assert office.words_to(alice).count("Did it arrive?") == 1


async def test_of_generated_messages_none_unmarked_reaches_the_client(
    office: Office, telegram: TelegramServer
):
    clients = [telegram.user(100 + number, f"Client {number}") for number in range(5)]
    tickets = [await office.a_ticket(client) for client in clients]
    seeded = random.Random(seed())
    marked: list[list[str]] = [[] for _ in clients]
    count = volume(300, 1_000)
    for number in range(count):
        text, more, is_reply = _a_message(seeded, number)
        if is_reply:
            marked[number % 5].append(text.removeprefix(">> ").strip())
        await office.says(office.bob, tickets[number % 5], text, **more)
        if number % 100 == 99:
            await office.hear()
            await office.go_on(seconds=6)

    await office.go_on(seconds=6)

    assert [office.words_to(client) for client in clients] == marked
    assert sum(map(len, marked)) > count // 50


def _a_message(seeded: random.Random, number: int) -> tuple[str, dict[str, Any], bool]:
    """Text, how it is written, and whether it may leave the house."""
    fronts = (
        "", ">", ">>", "> > ", " >> ", "\n>> ", "»", "» ", "＞＞ ", ">>> ", "&gt;&gt; ", "/r ",
        "r: ", "!reply ", "@client ", "Reply: ", "\u200b>> ", "\ufeff>> ", "*>> *", "`>> `", ">>\t",
        ">>\u00a0", ".>> ", "- >> ",
    )  # fmt: skip
    body = f"word {number} " + "".join(seeded.choices("abc ক >&<\n*_~`", k=seeded.randrange(20)))
    kind = seeded.randrange(10)
    if kind == 0:
        return f">> {body}", {}, True
    if kind == 1:
        return f">> {body}", {"broadcast": True}, False
    if kind == 2:
        return body, {"quote": True}, False
    return seeded.choice(fronts) + body, {}, False
