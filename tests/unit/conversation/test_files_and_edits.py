"""Files, albums, edits, names and blocking."""

import pytest

from bot.application.conversation import api
from bot.application.conversation.inbound_message import Incoming
from bot.application.outbound.to_staff import PostMessage, UpdatePost
from bot.domain.addresses import SYSTEM
from bot.domain.clients.events import ClientBlockedBot, ClientUnblockedBot
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import Refused
from bot.domain.tickets.events import ClientEdited
from bot.domain.tickets.message import Attachment
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, Talker, a_talker


async def an_album(client: Talker, *names: str) -> None:
    for name in names:
        await client.sends_file(name, media_group="album-1")


async def a_draft_with_album(*names: str) -> Talker:
    client = await a_talker()
    await client.says("/new")
    await client.taps("Technical problem")
    await an_album(client, *names)
    return client


def files(client: Talker, body: str = "") -> list[list[str]]:
    rows = [row for row in client.desk.store.messages.values() if row.attachments]
    return [[file.name for file in row.attachments] for row in rows if row.body == body]


async def test_a_file_joins_the_only_open_ticket():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.sends_file("router.jpg")

    assert client.talk(ticket)[-1].attachments[0].name == "router.jpg"


async def test_a_file_with_nothing_open_may_be_sent_to_support():
    client = await a_talker()

    await client.sends_file("router.jpg", "What is this red light?")

    assert client.last.text == say("conversation.send_to_support")


async def test_the_engine_is_not_asked_about_files():
    client = await a_talker()

    assert not await client.wants_answer(
        "What is this?", attachments=(Attachment("photo", file_ref="x"),)
    )


async def test_an_album_is_one_message():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await an_album(client, "a.jpg", "b.jpg", "c.jpg")

    assert files(client) == [["a.jpg", "b.jpg", "c.jpg"]]
    assert len(client.talk(ticket)) == 2


async def test_the_client_is_told_once_of_an_album():
    client = await a_talker()
    await client.opens_ticket()
    before = len(client.replies)

    await an_album(client, "a.jpg", "b.jpg", "c.jpg")

    assert len(client.replies) == before + 1


async def test_staff_are_shown_the_later_parts_of_an_album():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await an_album(client, "a.jpg", "b.jpg")

    client.desk.clock.go_on(seconds=10)
    await client.hears()
    shown = [one.message for one in client.carried if isinstance(one, (PostMessage, UpdatePost))]
    assert client.desk.facts(ClientEdited)
    assert shown[-1] == client.talk(ticket)[-1].id


async def test_a_caption_that_comes_with_a_later_part_is_taken():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await an_album(client, "a.jpg")

    await client.sends_file("b.jpg", "These two", media_group="album-1")

    assert client.talk(ticket)[-1].body == "These two"


async def test_the_same_part_heard_twice_is_there_once():
    client = await a_talker()
    await client.opens_ticket()
    await an_album(client, "a.jpg", "b.jpg")

    await client.sends_file("b.jpg", media_group="album-1")

    assert files(client) == [["a.jpg", "b.jpg"]]


async def test_albums_of_two_clients_with_one_name_stay_apart():
    alice = await a_talker()
    bob = await a_talker(user="bob", desk=alice.desk)

    await an_album(alice, "a.jpg")
    await an_album(bob, "b.jpg")

    assert files(alice) == [["a.jpg"], ["b.jpg"]]


async def test_the_card_of_a_draft_waits_for_the_whole_album():
    client = await a_draft_with_album("a.jpg", "b.jpg")
    waiting = client.last.text
    client.desk.clock.go_on(seconds=2)

    said = await client.hears()

    assert waiting == say("conversation.draft_write")
    assert len(said) == 1
    assert "[photo: a.jpg] [photo: b.jpg]" in said[0].text


async def test_a_part_that_comes_after_the_card_is_sent_all_the_same():
    client = await a_draft_with_album("a.jpg")
    client.desk.clock.go_on(seconds=2)
    await client.hears()
    await an_album(client, "b.jpg")

    await client.taps("Send")

    names = [file.name for file in client.talk(client.ticket)[0].attachments]
    assert names == ["a.jpg", "b.jpg"]


async def test_a_file_too_big_is_told_of_with_another_way_and_staff_see_it():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.sends_file("film.mp4", is_too_big=True)

    assert client.last.text == say("conversation.file_too_big")
    assert client.talk(ticket)[-1].attachments[0].name == "film.mp4"


async def test_an_edit_is_kept_as_a_version_and_staff_see_it():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("Ths is wrng", NOT_STATED, remote_id="77")

    replies = await client.edits("77", "This is right")

    (edited,) = [one for one in client.talk(ticket) if one.version == 2]
    assert replies == []
    assert (edited.body, edited.versions[0].body) == ("This is right", "Ths is wrng")
    assert client.desk.facts(ClientEdited)[0].version == 2


async def test_an_edit_that_changes_nothing_is_no_version():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("Same words", NOT_STATED, remote_id="77")

    await client.edits("77", "Same words")

    assert [one.version for one in client.talk(ticket)] == [1, 1]


async def test_an_edit_of_a_draft_shows_the_card_as_it_is_now():
    client = await a_talker()
    await client.says("/new")
    await client.taps("Technical problem")
    await client.says("Ths is wrng", remote_id="77")

    await client.edits("77", "This is right")

    assert "This is right" in client.last.text
    assert "wrng" not in client.last.text


async def test_an_edit_of_an_album_part_without_words_keeps_the_caption():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.sends_file("a.jpg", "These two", media_group="album-1", remote_id="77")
    await client.sends_file("b.jpg", media_group="album-1", remote_id="78")

    await client.edits("78", "", media_group="album-1")

    assert client.talk(ticket)[-1].body == "These two"


async def test_an_edited_message_that_was_never_heard_is_heard_now():
    client = await a_talker()

    await client.edits("404", "My router is broken")

    assert client.bodies(None) == ["My router is broken"]


async def test_a_mistyped_command_that_was_edited_is_carried_out():
    client = await a_talker()

    await client.edits("404", "/tickets")

    assert client.last.text == say("client_tickets.none")


async def test_an_edit_by_somebody_else_reaches_nothing():
    alice = await a_talker()
    await alice.says("Mine", NOT_STATED, remote_id="77")
    bob = await a_talker(user="bob", desk=alice.desk)

    await bob.edits("77", "Yours")

    assert alice.bodies(None) == ["Mine"]
    assert bob.bodies(None) == ["Yours"]


async def test_a_client_who_blocks_the_bot_is_marked_once():
    client = await a_talker()

    for _ in range(2):
        await client.desk.bus.handle(SYSTEM, api.blocked, address=client.address)

    assert client.account.status is AccountStatus.BLOCKED
    assert len(client.desk.facts(ClientBlockedBot)) == 1


async def test_unblocking_lets_words_out_again():
    client = await a_talker()
    await client.desk.bus.handle(SYSTEM, api.blocked, address=client.address)

    for _ in range(2):
        await client.desk.bus.handle(SYSTEM, api.unblocked, address=client.address)

    assert client.account.status is AccountStatus.ACTIVE
    assert len(client.desk.facts(ClientUnblockedBot)) == 1


async def test_whoever_writes_has_not_blocked_the_bot_any_more():
    client = await a_talker()
    await client.desk.bus.handle(SYSTEM, api.blocked, address=client.address)

    replies = await client.says("/menu")

    assert replies
    assert client.account.status is AccountStatus.ACTIVE


async def test_blocking_by_somebody_unknown_is_nothing():
    client = await a_talker()
    stranger = Talker(client.desk, "stranger")

    await client.desk.bus.handle(SYSTEM, api.blocked, address=stranger.address)
    await client.desk.bus.handle(SYSTEM, api.unblocked, address=stranger.address)

    assert len(client.desk.store.accounts) == 1


async def test_the_platforms_own_command_form_is_understood_too():
    client = await a_talker()

    await client.desk.bus.handle(
        SYSTEM, api.command, address=client.address, name="tickets", args=""
    )
    await client.hears()

    assert client.last.text == say("client_tickets.none")


async def test_a_message_without_an_id_of_the_platform_is_taken():
    client = await a_talker()

    await client.sends(Incoming(text="My router is broken"), NOT_STATED)
    await client.sends(Incoming(text="My router is broken"), NOT_STATED)

    assert len(client.bodies(None)) == 2


async def test_an_erased_account_is_not_silently_made_anew():
    client = await a_talker()
    client.account.status = AccountStatus.ERASED
    said = len(client.desk.store.messages)

    with pytest.raises(Refused, match="account_erased"):
        await client.says("I am back")

    assert len(client.desk.store.accounts) == 1
    assert len(client.desk.store.messages) == said
