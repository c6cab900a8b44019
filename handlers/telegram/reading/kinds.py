"""Every field that a message can have (Bot API 10.1), and what it is to the desk.

A field that is in none of these sets is younger than this table: it is content, kept under its own
name with whatever text it holds. What the Bot API calls a service message is silent, except where
it is the client's own doing or has words of its own.
"""


def _fields(names: str) -> frozenset[str]:
    return frozenset(names.split())


ENVELOPE = _fields("""
    message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count
    sender_business_bot sender_tag date guest_query_id business_connection_id chat forward_origin
    is_topic_message is_automatic_forward reply_to_message external_reply quote reply_to_story
    reply_to_checklist_task_id reply_to_poll_option_id via_bot guest_bot_caller_user
    guest_bot_caller_chat edit_date has_protected_content is_from_offline is_paid_post
    media_group_id author_signature paid_star_count link_preview_options suggested_post_info
    effect_id show_caption_above_media has_media_spoiler reply_markup
""")
"""About the message: from whom, where, when, what it answers, how it looks."""
TEXTS = frozenset({"text", "entities", "caption", "caption_entities", "rich_message"})
FILES = _fields("""
    animation audio document live_photo photo sticker video video_note voice
""")
PLACES = frozenset({"venue", "location"})
CONTENTS = _fields("""
    paid_media story checklist contact dice game poll invoice successful_payment refunded_payment
    users_shared chat_shared passport_data checklist_tasks_done checklist_tasks_added giveaway
    giveaway_winners poll_option_added poll_option_deleted web_app_data
""")
"""What the client sent or did, besides text, files and places: read in `contents`."""
SILENT = _fields("""
    new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title
    new_chat_photo delete_chat_photo group_chat_created supergroup_chat_created
    channel_chat_created message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id
    pinned_message gift unique_gift gift_upgrade_sent connected_website write_access_allowed
    proximity_alert_triggered boost_added chat_background_set direct_message_price_changed
    forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened
    general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway_completed
    managed_bot_created paid_message_price_changed suggested_post_approved
    suggested_post_approval_failed suggested_post_declined suggested_post_paid
    suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended
    video_chat_participants_invited
""")
"""Nothing is said and nothing is kept, unless it has a text of its own."""
OWN_TEXTS = ("text", "caption", "comment")
"""Where a service message has a text of its own: a gift, the refusal of a suggested post."""
NOT_ITS_OWN = frozenset({"pinned_message"})
"""Its text was said before, by whoever wrote the message."""
KNOWN = ENVELOPE | TEXTS | FILES | PLACES | CONTENTS | SILENT
