"""An update as the core understands it."""

from telegram import Contact, Location, Message, MessageEntity, Sticker, User, Venue

from bot.application.conversation.inbound_message import Incoming, Profile
from bot.domain.addresses import ClientAddress, Surface
from bot.domain.tickets.message import Attachment, Span

MAX_DOWNLOAD_BYTES = 20_000_000
"""Bytes; getFile hands bots no more (Bot API, getFile)."""
SPANS = {
    MessageEntity.BOLD: "bold",
    MessageEntity.ITALIC: "italic",
    MessageEntity.UNDERLINE: "underline",
    MessageEntity.STRIKETHROUGH: "strikethrough",
    MessageEntity.CODE: "code",
    MessageEntity.PRE: "pre",
    MessageEntity.BLOCKQUOTE: "blockquote",
    MessageEntity.TEXT_LINK: "text_link",
}
FILES = ("animation", "document", "voice", "video", "video_note", "audio", "sticker")
"""An animation also comes as a document, for old clients."""


KNOWN_AS = {
    "voice": (".ogg", "audio/ogg"),
    "video": (".mp4", "video/mp4"),
    "video_note": (".mp4", "video/mp4"),
    "audio": (".mp3", "audio/mpeg"),
    "animation": (".mp4", "video/mp4"),
}
"""Ending and type of a file that comes without a name or a type."""


def address_of(user: User) -> ClientAddress:
    return ClientAddress(Surface.TELEGRAM, str(user.id))


def profile_of(user: User) -> Profile:
    return Profile(display_name=user.full_name, locale=user.language_code or "")


def incoming_of(message: Message) -> Incoming:
    """The words, files, and what they answer."""
    files = attachments_of(message)
    reply = message.reply_to_message
    return Incoming(
        text=message.text or message.caption or "",
        spans=spans_of(message),
        attachments=files,
        remote_id=str(message.message_id),
        reply_to_remote=str(reply.message_id) if reply else "",
        media_group=message.media_group_id or "",
        is_forwarded=message.forward_origin is not None or message.via_bot is not None,
        is_too_big=any(file.size > MAX_DOWNLOAD_BYTES for file in files),
        contact_user=_contact_user(message),
        sent_at=message.date,
    )


def spans_of(message: Message) -> tuple[Span, ...]:
    """Markup with offsets in code points; Telegram counts in UTF-16 units."""
    text = message.text or message.caption or ""
    marked = message.entities or message.caption_entities
    points = _code_points(text) if marked else {}
    spans: list[Span] = []
    for entity in marked:
        start, end = points.get(entity.offset), points.get(entity.offset + entity.length)
        if entity.type in SPANS and start is not None and end is not None:
            spans.append(Span(SPANS[entity.type], start, end - start, entity.url or ""))
    return tuple(spans)


def attachments_of(message: Message) -> tuple[Attachment, ...]:
    """The files of a message, by reference; the largest size of a photo."""
    if message.photo:
        photo = message.photo[-1]
        name = f"photo-{message.message_id}.jpg"
        return (Attachment("photo", photo.file_id, name, "image/jpeg", photo.file_size or 0),)
    for kind in FILES:
        if (file := getattr(message, kind)) is not None:
            return (_file(kind, file, message.message_id),)
    return _without_file(message.contact, message.venue, message.location)


def _file(kind: str, file: object, number: int) -> Attachment:
    ending, mime = KNOWN_AS.get(kind, ("", ""))
    if isinstance(file, Sticker):
        ending, mime = _sticker_as(file)
    shown = "video" if kind == "video_note" else kind
    return Attachment(
        kind=shown,
        file_ref=str(getattr(file, "file_id", "")),
        name=getattr(file, "file_name", None) or f"{shown}-{number}{ending}",
        mime=getattr(file, "mime_type", None) or mime,
        size=getattr(file, "file_size", None) or 0,
        text=getattr(file, "emoji", None) or "",
    )


def _sticker_as(sticker: Sticker) -> tuple[str, str]:
    if sticker.is_animated:
        return ".tgs", "application/x-tgsticker"
    return (".webm", "video/webm") if sticker.is_video else (".webp", "image/webp")


def _without_file(
    contact: Contact | None, venue: Venue | None, location: Location | None
) -> tuple[Attachment, ...]:
    if contact is not None:
        name = " ".join(filter(None, (contact.first_name, contact.last_name)))
        return (Attachment("contact", name=name, text=contact.phone_number),)
    place = venue.location if venue is not None else location
    if place is None:
        return ()
    name = "" if venue is None else f"{venue.title}, {venue.address}"
    return (Attachment("location", name=name, text=f"{place.latitude:.5f}, {place.longitude:.5f}"),)


def _contact_user(message: Message) -> str:
    """Only a real id: what the wire calls true, text or zero is somebody else's card."""
    contact = message.contact
    return str(contact.user_id) if contact is not None and type(contact.user_id) is int else ""


def _code_points(text: str) -> dict[int, int]:
    """From each UTF-16 offset at a character's start to its code-point offset."""
    points, at = {}, 0
    for number, char in enumerate(text):
        points[at] = number
        at += 2 if ord(char) > 0xFFFF else 1  # noqa: PLR2004  # the end of the BMP
    points[at] = len(text)
    return points
