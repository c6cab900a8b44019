import pytest
from telegram import InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, TelegramError

from handlers.sandbox.telegram.clients.attachments import PIXEL
from handlers.sandbox.telegram.state.pictures import dimensions

MEGABYTE = 1024 * 1024


async def test_a_clients_file_can_be_fetched(bot, alice):
    sent = await alice.send_document(b"my data", "data.csv")

    file = await bot.get_file(sent.file_id)

    assert await file.download_as_bytearray() == b"my data"
    assert file.file_path.endswith(".csv")


async def test_a_file_above_20_megabytes_can_not_be_fetched(bot, call, alice):
    sent = await alice.send_document(b"x", "big.zip", size=20 * MEGABYTE + 1)

    update = (await call("getUpdates"))[-1]
    assert update["message"]["document"]["file_size"] == 20 * MEGABYTE + 1
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(sent.file_id)


async def test_a_link_is_good_for_an_hour(call, server, alice, clock):
    sent = await alice.send_document(b"x", "a.txt")
    file = await call("getFile", file_id=sent.file_id)
    path = f"/file/bot{server.token}/{file['file_path']}"
    good, _ = await call.get(path)

    clock.advance(3600)

    assert (good, (await call.get(path))[0]) == (200, 404)


async def test_an_unknown_file_can_not_be_fetched(bot, blamed):
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nonsense")

    assert len(blamed()) == 1


async def test_the_bots_file_is_shown_with_its_name_and_caption(bot, alice, server):
    await bot.send_document(
        alice.id, b"%PDF", filename="export.pdf", caption="<b>Yours</b>", parse_mode="HTML"
    )

    shown = alice.last

    assert (shown.file_name, shown.text, shown.file_kind) == ("export.pdf", "Yours", "document")
    assert server.file(shown.file_id).content == b"%PDF"


async def test_a_caption_has_at_most_1024_units(call, alice, blamed):
    sent = await alice.send_document(b"x", "a.txt")
    caption = "🏟" * 512

    await call("sendDocument", chat_id=alice.id, document=sent.file_id, caption=caption)
    refusal = await call.refusal(
        "sendDocument", chat_id=alice.id, document=sent.file_id, caption=caption + "x"
    )

    assert refusal == "Bad Request: message caption is too long"
    assert len(blamed()) == 1


async def test_every_kind_of_file_can_be_sent(bot, alice):
    await bot.send_photo(alice.id, PIXEL)
    await bot.send_voice(alice.id, b"OggS")
    await bot.send_video(alice.id, b"film")
    await bot.send_audio(alice.id, b"tune")
    await bot.send_animation(alice.id, b"loop")
    await bot.send_sticker(alice.id, b"RIFF")
    await bot.send_video_note(alice.id, b"round")

    kinds = [one.file_kind for one in alice.visible[1:]]
    assert kinds == ["photo", "voice", "video", "audio", "animation", "sticker", "video_note"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (PIXEL + bytes(10 * MEGABYTE), "is too big for a photo"),
        (b"GIF89a" + (9000).to_bytes(2, "little") + (9000).to_bytes(2, "little"), "DIMENSIONS"),
        (b"GIF89a" + (210).to_bytes(2, "little") + (10).to_bytes(2, "little"), "DIMENSIONS"),
    ],
)
async def test_a_photo_is_an_image_of_at_most_10_megabytes(bot, alice, blamed, content, words):
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_photo(alice.id, content)

    assert len(blamed()) == 1


async def test_an_empty_file_is_refused(bot, alice, blamed):
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(alice.id, b"", filename="a.txt")

    assert len(blamed()) == 1


async def test_an_upload_above_50_megabytes_is_refused(bot, alice, blamed):
    with pytest.raises(TelegramError, match="Request Entity Too Large"):
        await bot.send_document(alice.id, bytes(51 * MEGABYTE), filename="a.bin")

    assert len(blamed()) == 1


async def test_files_from_the_web_are_out_of_reach(call, alice):
    refusal = await call.refusal("sendDocument", chat_id=alice.id, document="https://a.example/b")

    assert refusal == "Bad Request: failed to get HTTP URL content"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("BQACnonsense", "wrong file identifier/HTTP URL specified"),
        ("attach://nothing", "there is no document in the request"),
    ],
)
async def test_a_file_must_be_there(call, alice, blamed, reference, words):
    refusal = await call.refusal("sendDocument", chat_id=alice.id, document=reference)

    assert refusal == f"Bad Request: {words}"
    assert len(blamed()) == 1


async def test_a_photo_is_no_document(call, alice, blamed):
    sent = await alice.send_photo()

    refusal = await call.refusal("sendDocument", chat_id=alice.id, document=sent.file_id)

    assert refusal == "Bad Request: can't use file of type Photo as Document"
    assert len(blamed()) == 1


async def test_an_album_has_one_group_and_no_buttons(bot, call, alice, blamed):
    sent = await bot.send_media_group(alice.id, [InputMediaPhoto(PIXEL), InputMediaPhoto(PIXEL)])

    assert len({one.media_group_id for one in sent}) == 1
    markup = {"inline_keyboard": []}
    refusal = await call.refusal("sendMediaGroup", chat_id=alice.id, media=[], reply_markup=markup)
    assert refusal == "Bad Request: unknown parameter reply_markup"
    assert len(blamed()) == 1


@pytest.mark.parametrize("count", [0, 1, 11])
async def test_an_album_has_two_to_ten_items(call, alice, blamed, count):
    photo = (await alice.send_photo()).file_id
    media = [{"type": "photo", "media": photo}] * count

    assert (
        "album" in await call.refusal("sendMediaGroup", chat_id=alice.id, media=media) or count == 0
    )
    assert len(blamed()) == 1


async def test_photos_and_documents_do_not_mix_in_an_album(bot, alice, blamed):
    mixed = [InputMediaPhoto(PIXEL), InputMediaDocument(b"x")]

    with pytest.raises(BadRequest, match="Can't use the media of the specified type in the album"):
        await bot.send_media_group(alice.id, mixed)

    assert len(blamed()) == 1


def test_pictures_tell_their_size():
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x20\x00\x40\x01\x01\x11\x00"
    bmp = b"BM" + bytes(16) + (3).to_bytes(4, "little") + (-4).to_bytes(4, "little", signed=True)

    assert dimensions(PIXEL) == (1, 1)
    assert dimensions(jpeg) == (64, 32)
    assert dimensions(bmp) == (3, 4)
    assert dimensions(b"RIFF0000WEBP") is not None
    assert dimensions(b"\xff\xd8") is None
