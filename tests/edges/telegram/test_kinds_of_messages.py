"""Every field that the Bot API gives a message is one thing to the desk, and only one."""

import pytest

from handlers.telegram.client import ALLOWED
from handlers.telegram.reading import kinds
from handlers.telegram.reading.contents import READERS
from handlers.telegram.reading.rich_blocks import BLOCKS, TEXT_PARTS
from tests.inputs import bot_api

API = bot_api()
TYPES = API["types"]
CLIENTS_DOING = frozenset(
    {"web_app_data", "users_shared", "chat_shared", "checklist_tasks_added", "checklist_tasks_done"}
    | {"poll_option_added", "poll_option_deleted", "successful_payment", "refunded_payment"}
)
MENTIONED_OTHERWISE = frozenset(
    {"new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo"}
    | {"migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "connected_website"}
)
"""Silent, though the page does not call them service messages in so many words."""
NOT_ASKED_FOR = frozenset(
    {
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    }
)
"""Of groups, of accounts of businesses, of polls and invoices that the desk never sends."""


def fields(kind: str) -> set[str]:
    return {one["name"] for one in TYPES[kind]["fields"]}


def types_of(kinds_of: str) -> set[str]:
    """The constant that stands in `type` of each form of a union."""
    found: set[str] = set()
    for name in TYPES[kinds_of]["subtypes"]:
        for field in TYPES.get(name, {}).get("fields", ()):
            if field["name"] == "type":
                found.add(field["description"].partition('always "')[2].partition('"')[0])
    return found


def test_every_field_of_a_message_is_known_and_no_other():
    assert fields("Message") == kinds.KNOWN


def test_a_field_is_only_one_thing():
    sets = (
        kinds.ENVELOPE,
        kinds.TEXTS,
        kinds.FILES,
        kinds.PLACES,
        kinds.CONTENTS,
        kinds.SILENT,
    )

    assert sum(map(len, sets)) == len(kinds.KNOWN)


def test_silent_is_what_the_bot_api_calls_a_service_message_and_not_the_clients_doing():
    called = {
        one["name"]
        for one in TYPES["Message"]["fields"]
        if "service message" in one["description"].lower()
    }

    assert (called | MENTIONED_OTHERWISE) - CLIENTS_DOING == kinds.SILENT


def test_every_content_has_a_reader():
    assert set(READERS) == kinds.CONTENTS


def test_every_block_and_every_part_of_a_rich_message_is_read():
    assert types_of("RichBlock") == BLOCKS
    assert types_of("RichText") | {"pre", "blockquote", "expandable_blockquote"} == TEXT_PARTS


@pytest.mark.parametrize("kind", sorted(fields("Update") - {"update_id"}))
def test_every_kind_of_update_is_asked_for_or_left_out_on_purpose(kind: str):
    assert (kind in ALLOWED) is not (kind in NOT_ASKED_FOR)
