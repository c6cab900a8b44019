"""The methods that send files: new uploads, or files the platform has already."""

from typing import Any, Final

from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.methods.replies import reply_fields
from handlers.sandbox.telegram.methods.sends import put, send
from handlers.sandbox.telegram.refusals import (
    ALBUM_EMPTY,
    ALBUM_MIXED,
    ALBUM_TOO_BIG,
    ALBUM_TOO_SMALL,
    FILE_EMPTY,
    FILE_ID_WRONG,
    FILE_KIND_WRONG,
    FILE_TOO_BIG,
    NO_FILE,
    PHOTO_DIMENSIONS,
    PHOTO_TOO_BIG,
    PHOTO_UNREADABLE,
    URL_UNREACHABLE,
    bad_request,
    mistake,
)
from handlers.sandbox.telegram.request_parameters import UPLOAD_LIMIT, Upload
from handlers.sandbox.telegram.state import media
from handlers.sandbox.telegram.state.files import StoredFile
from handlers.sandbox.telegram.state.pictures import dimensions

Json = dict[str, Any]

PHOTO_LIMIT: Final = 10 * 1024 * 1024
ALBUM_SIZES: Final = range(2, 11)
_PHOTO_SIDES: Final = 10_000
_PHOTO_RATIO: Final = 20
_KINDS: Final = {
    "sendPhoto": "photo",
    "sendAudio": "audio",
    "sendDocument": "document",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendVoice": "voice",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
}
_WITHOUT_CAPTION: Final = ("sticker", "video_note")
# Photos and videos may share an album; documents and music only with their like.
_ALBUM_FAMILIES: Final = {"photo": "visual", "video": "visual", "document": "document"}


def send_file(ask: Ask) -> Json:
    """All methods that send one file; the parameter is named as the kind."""
    kind = _KINDS[ask.method]
    caption = {} if kind in _WITHOUT_CAPTION else ask.caption()
    stored = file_of(ask, kind, ask.given[kind])
    return send(ask, {**media.of(kind, stored, ask.given), **caption}).json


def file_of(ask: Ask, kind: str, reference: str) -> StoredFile:
    """The file that a parameter names: `attach://part`, a file_id, or a URL.

    Raises:
        Refusal: nothing there, too large, of another kind, or from the web.
    """
    if reference.startswith("attach://"):
        upload = ask.uploads.get(reference.removeprefix("attach://"))
        if upload is None:
            raise mistake(NO_FILE.format(what=kind))
        return _stored_upload(ask, kind, upload)
    if "://" in reference:
        raise bad_request(URL_UNREACHABLE)
    found = ask.world.files.get(reference)
    if found is None:
        raise mistake(FILE_ID_WRONG)
    if found.kind != kind:
        raise mistake(FILE_KIND_WRONG.format(have=found.kind.title(), want=kind.title()))
    return found


def _stored_upload(ask: Ask, kind: str, upload: Upload) -> StoredFile:
    if not upload.content:
        raise mistake(FILE_EMPTY)
    if len(upload.content) > UPLOAD_LIMIT:
        raise mistake(FILE_TOO_BIG)
    if kind == "photo":
        _check_photo(upload.content)
    return ask.world.files.add(kind, upload.content, upload.name, mime=upload.mime)


def _check_photo(content: bytes) -> None:
    if len(content) > PHOTO_LIMIT:
        raise mistake(PHOTO_TOO_BIG.format(size=len(content), limit=PHOTO_LIMIT))
    sides = dimensions(content)
    if sides is None:
        raise mistake(PHOTO_UNREADABLE)
    if sum(sides) > _PHOTO_SIDES or min(sides) * _PHOTO_RATIO < max(sides):
        raise mistake(PHOTO_DIMENSIONS)


def send_media_group(ask: Ask) -> list[Json]:
    """An album: two to ten messages that share a media_group_id and count as that many sends."""
    items: list[Json] = ask.given["media"]
    _check_album(items)
    contents = [media_content(ask, item) for item in items]
    chat = ask.world.writable_chat(ask.given["chat_id"])
    reply = reply_fields(ask, chat)
    ask.world.spend(chat, len(contents))
    album = {"media_group_id": ask.world.next_album()}
    return [put(ask, chat, {**album, **reply, **content}).json for content in contents]


def _check_album(items: list[Json]) -> None:
    if not items:
        raise mistake(ALBUM_EMPTY)
    if len(items) < ALBUM_SIZES.start:
        raise mistake(ALBUM_TOO_SMALL)
    if len(items) >= ALBUM_SIZES.stop:
        raise mistake(ALBUM_TOO_BIG)
    families = {_ALBUM_FAMILIES.get(one["type"], one["type"]) for one in items}
    if len(families) > 1 or families & {"animation", "live_photo"}:
        raise mistake(ALBUM_MIXED)


def media_content(ask: Ask, item: Json) -> Json:
    """The message fields of one InputMedia."""
    stored = file_of(ask, item["type"], item["media"])
    return {**media.of(item["type"], stored, item), **ask.caption(item)}


METHODS: Final[dict[str, Method]] = {
    **dict.fromkeys(_KINDS, send_file),
    "sendMediaGroup": send_media_group,
}
