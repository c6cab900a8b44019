"""What the platform answers when it will not: the Bot API's own codes and words.

The texts are what bots and libraries match on, so each is the real one where a real one is known.
"""

from typing import Final


class Refusal(Exception):
    """An answer other than ok; `is_mistake` when a correct bot would never have asked."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        is_mistake: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.is_mistake = is_mistake

    def as_json(self) -> dict[str, object]:
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(text: str) -> Refusal:
    """Refused because of the state of things: a correct bot meets this now and then."""
    return Refusal(400, f"Bad Request: {text}")


def mistake(text: str) -> Refusal:
    """Refused because of what was sent: a correct bot never meets this, so it is a violation."""
    return Refusal(400, f"Bad Request: {text}", is_mistake=True)


def forbidden(text: str) -> Refusal:
    return Refusal(403, f"Forbidden: {text}")


def conflict(text: str) -> Refusal:
    return Refusal(409, f"Conflict: {text}")


def not_found(text: str = "") -> Refusal:
    return Refusal(404, f"Not Found: {text}" if text else "Not Found", is_mistake=bool(text))


def too_many(retry_after: int) -> Refusal:
    """429 as the Bot API words it; `retry_after` is whole seconds, at least one."""
    return Refusal(
        429, f"Too Many Requests: retry after {retry_after}", retry_after=max(1, retry_after)
    )


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized")


def too_large() -> Refusal:
    return Refusal(413, "Request Entity Too Large", is_mistake=True)


CHAT_NOT_FOUND: Final = "chat not found"
CHAT_EMPTY: Final = "chat_id is empty"
BLOCKED: Final = "bot was blocked by the user"
NOT_A_MEMBER: Final = "bot is not a member of the {kind} chat"
NO_CHANNEL_RIGHTS: Final = "need administrator rights in the channel chat"

TEXT_EMPTY: Final = "message text is empty"
TEXT_BLANK: Final = "text must be non-empty"
TEXT_TOO_LONG: Final = "message is too long"
CAPTION_TOO_LONG: Final = "message caption is too long"
NOT_UTF8: Final = "strings must be encoded in UTF-8"
CANNOT_PARSE_ENTITIES: Final = "can't parse entities: {why}"
UNKNOWN_PARSE_MODE: Final = "unsupported parse_mode"

NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
EDIT_NOT_FOUND: Final = "message to edit not found"
DELETE_NOT_FOUND: Final = "message to delete not found"
REPLY_NOT_FOUND: Final = "message to be replied not found"
COPY_NOT_FOUND: Final = "message to copy not found"
FORWARD_NOT_FOUND: Final = "message to forward not found"
REACT_NOT_FOUND: Final = "message to react not found"
CANNOT_EDIT: Final = "message can't be edited"
CANNOT_DELETE: Final = "message can't be deleted for everyone"
NO_TEXT_TO_EDIT: Final = "there is no text in the message to edit"
NO_CAPTION_TO_EDIT: Final = "there is no caption in the message to edit"
NO_MEDIA_TO_EDIT: Final = "there is no media in the message to edit"
NO_MESSAGE_ID: Final = "message identifier is not specified"
QUOTE_INVALID: Final = "QUOTE_TEXT_INVALID"

INLINE_EXPECTED: Final = "inline keyboard expected"
TEXT_BUTTON: Final = (
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
)
BUTTON_TEXT_EMPTY: Final = "can't parse keyboard button: button text must be non-empty"
BUTTON_DATA_INVALID: Final = "BUTTON_DATA_INVALID"
BUTTON_COPY_TEXT_INVALID: Final = "BUTTON_COPY_TEXT_INVALID"
BUTTON_STYLE_INVALID: Final = "can't parse keyboard button: Invalid button style specified"
BUTTON_URL_INVALID: Final = "inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
MARKUP_TOO_LONG: Final = "reply markup is too long"
CONTACT_IN_PRIVATE_ONLY: Final = "phone number can be requested in private chats only"
LOCATION_IN_PRIVATE_ONLY: Final = "location can be requested in private chats only"

QUERY_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
ANSWER_TOO_LONG: Final = "MESSAGE_TOO_LONG"

FILE_EMPTY: Final = "file must be non-empty"
FILE_TOO_BIG: Final = "file is too big"
PHOTO_TOO_BIG: Final = (
    "file of size {size} bytes is too big for a photo; the maximum size is {limit} bytes"
)
PHOTO_UNREADABLE: Final = "IMAGE_PROCESS_FAILED"
PHOTO_DIMENSIONS: Final = "PHOTO_INVALID_DIMENSIONS"
FILE_ID_WRONG: Final = "wrong file identifier/HTTP URL specified"
FILE_ID_INVALID: Final = "invalid file_id"
FILE_KIND_WRONG: Final = "can't use file of type {have} as {want}"
NO_FILE: Final = "there is no {what} in the request"
URL_UNREACHABLE: Final = "failed to get HTTP URL content"
ALBUM_EMPTY: Final = "there are no messages to send"
ALBUM_TOO_SMALL: Final = "too few messages to send as an album"
ALBUM_TOO_BIG: Final = "too many messages to send as an album"
ALBUM_MIXED: Final = "can't use the media of the specified type in the album"

ACTION_WRONG: Final = "wrong parameter action in request"
LOCATION_WRONG: Final = "can't parse location: the location must be non-empty"
REACTION_INVALID: Final = "REACTION_INVALID"
TOO_MANY_REACTIONS: Final = "too many reactions specified"

COMMAND_INVALID: Final = "BOT_COMMAND_INVALID"
COMMAND_TOO_LONG: Final = "command length must not exceed 32"
COMMAND_DESCRIPTION_EMPTY: Final = "command description must be non-empty"
COMMAND_DESCRIPTION_TOO_LONG: Final = "command description length must not exceed 256"
COMMANDS_TOO_MUCH: Final = "BOT_COMMANDS_TOO_MUCH"
LANGUAGE_INVALID: Final = "invalid language code specified"
DESCRIPTION_TOO_LONG: Final = "description is too long"
LEAVE_PRIVATE: Final = "chat member status can't be changed in private chats"

POLL_TAKEN: Final = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
POLL_ENDED: Final = "terminated by setWebhook request"
WEBHOOK_ACTIVE: Final = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
WEBHOOK_NOT_HTTPS: Final = "bad webhook: An HTTPS URL must be provided for webhook"
WEBHOOK_PORT: Final = "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
WEBHOOK_KEY_TOO_LONG: Final = "secret token is too long"
WEBHOOK_KEY_CHARACTERS: Final = "secret token contains unallowed characters"
LOGGED_OUT: Final = "logged out"

UNKNOWN_METHOD: Final = "method not found"
NOT_IN_SANDBOX: Final = "method {method} is not implemented in the sandbox"
