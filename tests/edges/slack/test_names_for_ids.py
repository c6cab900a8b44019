"""Ids become names before words leave or are kept: in threads, dialogs, edits, what was missed."""

from typing import Any

import pytest

from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.slack import Person
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import SUPPORT, Office

Json = dict[str, Any]


@pytest.fixture
def carol(office: Office) -> Person:
    """Somebody of the company who does not work the desk, and a group of people."""
    office.slack.add_group("S0LEADS", "leads", ["U0BOB"])
    return office.slack.add_user("U0CAROL", "carol", real_name="Carol Khan")


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _blocks(*parts: Json) -> list[Json]:
    line = {"type": "rich_text_section", "elements": [*parts]}
    return [{"type": "rich_text", "elements": [line]}]


async def _words(office: Office, alice: VirtualUser) -> str:
    await office.hear()
    await office.go_on(seconds=6)
    return office.words_to(alice)[-1]


async def _last(office: Office, ticket: Ticket) -> Message:
    return (await office.rig.talk(ticket))[-1]


CASES = [
    ("Please ask <@U0CAROL> about it", "Please ask carol about it"),
    ("Please ask <@U0CAROL|old.name> about it", "Please ask carol about it"),
    ("Ask @U0CAROL.", "Ask carol."),
    ("<!subteam^S0LEADS> will call", "Leads will call"),
    ("as said in <#C0SUPPORT>", "as said in #support"),
    ("as said in <#C0SUPPORT|old-name>", "as said in #support"),
    ("<!here> and <!channel> and <!everyone>", "everyone and everyone and everyone"),
    ("<@U0CAROL> and <@U0BOB>, *both*", "carol and bob, *both*"),
    ("who is <@U0NOBODY>?", "who is a colleague?"),
    ("who is <@U0NOBODY|nina>?", "who is nina?"),
    ("কে <@U0NOBODY>?", "কে একজন সহকর্মী?"),
    ("<!subteam^S0GONE> knows", "our team knows"),
    ("see <#C0SECRET>", "see another channel"),
    ("see <#C0SECRET|board>", "see board"),
    ("@UPPERCASE words", "@UPPERCASE words"),
    ("thanks :slightly_smiling_face: :wave::skin-tone-3:", "thanks 🙂 👋🏼"),
]


@pytest.mark.usefixtures("carol")
async def test_replies_without_blocks_leave_with_names_and_emoji(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)

    for typed, _ in CASES:
        await office.bob.send(place.channel, f"&gt;&gt; {typed}", thread_ts=place.ts)
        await office.slack.settled()
    await _words(office, alice)

    assert office.words_to(alice) == [read for _, read in CASES]


@pytest.mark.usefixtures("carol")
async def test_replies_from_the_dialog_leave_with_names_and_emoji_as_the_preview_says(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.edge.people.meet(["U0CAROL"])
    cases = [*CASES, ("ask @carol, not @stranger", "ask carol, not @stranger")]

    previews = list[str]()
    for typed, _ in cases:
        await office.clicks(office.bob, ticket, "Reply")
        await office.bob.choose("Reply to the client", typed, "modal")
        await office.bob.click("Preview", "modal")
        view = await office.bob.expect_modal("The client will read")
        previews.append(view.blocks[-1]["text"]["text"].partition("\n")[2])
        await office.bob.submit()
        await office.hear()
    await _words(office, alice)

    assert office.words_to(alice) == previews == [read for _, read in cases]


PARTS = [
    ({"type": "user", "user_id": "U0CAROL"}, "carol"),
    ({"type": "usergroup", "usergroup_id": "S0LEADS"}, "Leads"),
    ({"type": "channel", "channel_id": "C0SUPPORT"}, "#support"),
    ({"type": "team", "team_id": "T0DESK"}, "Sandbox"),
    ({"type": "team", "team_id": "T0OTHER"}, "another company"),
    ({"type": "broadcast", "range": "here"}, "everyone"),
    ({"type": "color", "value": "#F405B3"}, "#F405B3"),
]


@pytest.mark.usefixtures("carol")
async def test_parts_of_rich_text_leave_as_names_and_the_markup_moves_along(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    bold = {"type": "text", "text": "soon", "style": {"bold": True}}
    raw = "&gt;&gt; ask it *soon*"

    for part, _ in PARTS:
        blocks = _blocks({"type": "text", "text": ">> ask "}, part, _text(" "), bold)
        await office.bob.send(place.channel, raw, blocks=blocks, thread_ts=place.ts)
        await office.slack.settled()
    await _words(office, alice)

    assert office.words_to(alice) == [f"ask {read} soon" for _, read in PARTS]
    talk = [one for one in await office.rig.talk(ticket) if one.direction is Direction.OUT]
    found = [one.body[span.offset :][: span.length] for one in talk for span in one.spans]
    assert found == ["soon"] * len(PARTS)


async def test_an_edit_names_people_too(office: Office, alice: VirtualUser, carol: Person):
    ticket = await office.a_ticket(alice)
    said = await office.says(office.bob, ticket, ">> Please wait")
    await _words(office, alice)

    await office.bob.edit(said.ts, f">> Please ask <@{carol.id}> :wave:")

    assert await _words(office, alice) == "Please ask carol 👋"


async def test_notes_and_attached_messages_name_people_too(
    office: Office, alice: VirtualUser, carol: Person
):
    ticket = await office.a_ticket(alice)
    said = await office.ann.say(SUPPORT, f"ask <@{carol.id}>")

    await office.says(office.bob, ticket, f"<@{carol.id}> knows")
    await office.hear()
    note = (await _last(office, ticket)).body
    await office.bob.message_shortcut("attach_to_ticket", SUPPORT, said.ts)
    await office.hear()
    await office.bob.search("Ticket", ticket.number)
    await office.bob.submit({"Ticket": ticket.number})
    await office.hear()

    assert note == "carol knows"
    assert (await _last(office, ticket)).body.endswith("ask carol")


async def test_what_was_missed_is_named_when_it_is_read_again(
    office: Office, alice: VirtualUser, carol: Person
):
    ticket = await office.a_ticket(alice)
    office.slack.state.events.subscriptions.discard("message")
    await office.says(office.bob, ticket, f">> Please ask <@{carol.id}>")
    office.slack.state.events.subscriptions.add("message")

    await office.edge._heard_again()  # noqa: SLF001  # a socket that came back

    assert await _words(office, alice) == "Please ask carol"


async def test_a_name_that_slack_cannot_say_now_is_waited_for_and_the_order_holds(
    office: Office, alice: VirtualUser, carol: Person
):
    ticket = await office.a_ticket(alice)
    office.slack.faults.add("500", "users.info", times=1)

    await office.says(office.bob, ticket, f">> First ask <@{carol.id}>")
    await office.says(office.bob, ticket, ">> Then rest")
    await _words(office, alice)

    assert office.words_to(alice) == ["First ask carol", "Then rest"]


async def test_whoever_names_somebody_unknown_is_told_and_can_edit(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)

    said = await office.says(office.bob, ticket, ">> ask <@U0NOBODY>")
    first = await _words(office, alice)
    told = [one.text for one in office.bob.ephemerals]
    await office.bob.edit(said.ts, ">> ask Nina of billing")

    assert first == "ask a colleague"
    assert any("does not say who or what" in text for text in told)
    assert await _words(office, alice) == "ask Nina of billing"


async def test_a_file_without_facts_is_asked_for_before_the_reply_leaves(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    office.slack.faults.add("500", "files.info", times=1)

    await office.bob.send(
        place.channel, "&gt;&gt; here it is", untold=[("plan.pdf", b"%PDF-1")], thread_ts=place.ts
    )
    await _words(office, alice)

    [file] = (await _last(office, ticket)).attachments
    assert (file.name, file.kind, file.size) == ("plan.pdf", "document", 6)
    assert [one.file_name for one in alice.messages if one.file_name] == ["plan.pdf"]


async def test_a_file_that_nobody_knows_any_more_is_named_as_not_sent(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    office.slack.faults.add("err:file_not_found", "files.info", times=5)

    await office.bob.send(
        place.channel, "&gt;&gt; here it is", untold=[("plan.pdf", b"%PDF-1")], thread_ts=place.ts
    )

    assert await _words(office, alice) == "here it is"
    assert any("Not sent to the client" in one.text for one in office.bob.ephemerals)


async def test_what_is_passed_on_is_kept_in_a_note_and_never_sent_unasked(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    passed = {"is_share": True, "author_name": "Carol", "text": "Mast 12 is down"}

    await office.bob.send(place.channel, "look", attachments=[passed], thread_ts=place.ts)
    await office.hear()
    note = await _last(office, ticket)
    await office.bob.send(
        place.channel, "&gt;&gt; We are on it", attachments=[passed], thread_ts=place.ts
    )

    assert await _words(office, alice) == "We are on it"
    assert note.direction is Direction.NOTE
    assert note.body == "look\n\nPassed on from Carol:\nMast 12 is down"
    assert any("passed on was not sent" in one.text for one in office.bob.ephemerals)
