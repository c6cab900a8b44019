"""What clients send besides words, and how it is kept."""

from bot.application.outbound.to_staff import PostMessage, UpdatePost
from handlers.sandbox.telegram import Attachment

MEGABYTE = 1_000_000


async def the_only_message(rig, alice):
    (message,) = await rig.loose(alice.id)
    return message


async def test_a_photo_is_kept_with_its_caption(rig, alice, telegram):
    await alice.send_photo(caption="The router")
    await rig.hear()

    message = await the_only_message(rig, alice)
    (photo,) = message.attachments
    assert (message.body, photo.kind, photo.mime) == ("The router", "photo", "image/jpeg")
    assert await rig.edge.fetch(photo) == telegram.file(photo.file_ref).content


async def test_a_document_keeps_its_name_and_type(rig, alice):
    await alice.send_document(b"%PDF-1.4", "bill.pdf")
    await rig.hear()

    (document,) = (await the_only_message(rig, alice)).attachments
    assert (document.kind, document.name, document.size) == ("document", "bill.pdf", 8)


async def test_voice_video_and_the_like_get_names_that_open(rig, alice):
    kinds = ("voice", "video", "audio", "animation", "video_note", "sticker")
    for kind in kinds:
        await alice.attach(Attachment(kind, b"bytes"))
    await rig.hear()

    files = [one.attachments[0] for one in await rig.loose(alice.id)]
    assert [file.kind for file in files] == [
        "voice", "video", "audio", "animation", "video", "sticker",
    ]  # fmt: skip
    assert [file.name.rpartition(".")[2] for file in files] == [
        "ogg", "mp4", "mp3", "mp4", "mp4", "webp",
    ]  # fmt: skip


async def test_an_album_is_one_message(rig, alice):
    await alice.send_album([Attachment(caption="Three views"), Attachment(), Attachment()])
    await rig.hear()

    message = await the_only_message(rig, alice)
    assert message.body == "Three views"
    assert len(message.attachments) == 3


async def test_an_album_reaches_staff_as_one_post_once_it_is_complete(rig, alice):
    ticket = await rig.opens_ticket(alice)
    rig.staff_side.carried.clear()

    await alice.send_album([Attachment(), Attachment(), Attachment()])
    await rig.hear()
    early = rig.staff_side.of(PostMessage)
    await rig.go_on(seconds=3)

    message = (await rig.talk(ticket))[-1]
    assert early == []
    assert rig.staff_side.of(PostMessage) == [PostMessage(ticket.id, message.id)]
    assert rig.staff_side.of(UpdatePost) == []
    assert len(message.attachments) == 3


async def test_what_follows_an_album_is_posted_after_it(rig, alice):
    ticket = await rig.opens_ticket(alice)
    rig.staff_side.carried.clear()

    await alice.send_album([Attachment(), Attachment()])
    await alice.say("You see the red light.")
    await rig.hear()
    await rig.go_on(seconds=3)

    album, words = (await rig.talk(ticket))[1:]
    assert rig.staff_side.of(PostMessage) == [
        PostMessage(ticket.id, album.id),
        PostMessage(ticket.id, words.id),
    ]


async def test_an_album_in_a_draft_shows_one_card(rig, alice):
    await alice.say("/new")
    await rig.hear()
    await alice.tap("Technical problem")
    await rig.hear()
    alice.forget()
    await alice.send_album([Attachment(), Attachment(), Attachment()])
    await rig.hear()
    await rig.go_on(seconds=2)

    cards = [one for one in alice.visible if "Send" in one.labels]
    assert len(cards) == 1
    assert cards[0].text.count("photo-") == 3


async def test_a_file_that_is_too_big_is_told_so_and_not_forgotten(rig, alice):
    await alice.send_document(b"x", "film.mp4", size=21 * MEGABYTE)
    await rig.hear()

    (document,) = (await the_only_message(rig, alice)).attachments
    assert any("larger than 20 MB" in one.text for one in alice.visible)
    assert document.size == 21 * MEGABYTE


async def test_a_location_and_a_contact_are_kept_as_words(rig, alice):
    await alice.send_location(23.78, 90.4)
    await alice.share_contact(own=False, phone="+8801711111111")
    await rig.hear()

    place, contact = [one.attachments[0] for one in await rig.loose(alice.id)]
    assert (place.kind, place.text) == ("location", "23.78000, 90.40000")
    assert (contact.kind, contact.text) == ("contact", "+8801711111111")


async def test_a_caption_that_is_edited_is_mirrored(rig, alice):
    sent = await alice.send_photo(caption="The ruoter")
    await rig.hear()
    await alice.edit(sent, "The router")
    await rig.hear()

    assert (await the_only_message(rig, alice)).body == "The router"


async def test_what_holds_nothing_at_all_is_told_so(rig, alice):
    await alice.send_raw({})
    await rig.hear()

    assert "nothing in that message that I can read" in alice.last.text
