"""Where an update of a client went and why, as codes: no words, names or numbers of anybody.

They are stored with the message, logged, and shown to staff (`wording/*/routes.toml`).
"""

from enum import StrEnum


class RouteCode(StrEnum):
    """What was done with it."""

    PROOF = "proof"  # a step in which the client shows who they are; stored nowhere
    UNREADABLE = "unreadable"  # the client was told that nothing of it can be read
    IGNORED = "ignored"  # nothing was done
    ALBUM = "album"  # joined the message that its album began with
    EDIT = "edit"  # put in place of the words it had
    COMMAND = "command"  # a command, or a label of the menu, was carried out
    BUTTON = "button"  # a button was carried out
    LEFT_UNDONE = "left_undone"  # a command or button that was not carried out
    BLOCKED = "blocked"  # the client blocked the desk
    UNBLOCKED = "unblocked"  # the client let the desk in again
    KEPT = "kept"  # stored and not answered
    DRAFT = "draft"  # went into a ticket that the client is writing
    COMMENT = "comment"  # kept as the comment of a rating
    TICKET = "ticket"  # joined a ticket
    CLOSED_TICKET = "closed_ticket"  # the client was asked: reopen, or a new ticket
    WHICH_TICKET = "which_ticket"  # the client was asked which ticket it belongs to
    REQUEST_OR_NEW = "request_or_new"  # the client was asked: about the data request, or new?
    NEW_TICKET = "new_ticket"  # opened a ticket, since the desk had asked for these words
    POLICY_BESIDE = "policy_beside"  # kept where it belongs, and answered from the policy beside it
    MENU_BESIDE = "menu_beside"  # kept where it belongs, with the menu of data requests beside it
    NOT_ME = "not_me"  # the client was asked whether what a notice told of is to be stopped
    OFFER = "offer"  # the client was asked whether it should go to support
    POLICY = "policy"  # answered from the policy
    ENGINE_AWAY = "engine_away"  # no answer from the policy; a person was offered
    DATA_MENU = "data_menu"  # the menu of data requests was shown
    REACTION = "reaction"  # shown to staff at the reply it was put under
    GREETING = "greeting"  # greeted back, with the menu
    THANKS = "thanks"  # thanked back, with the menu


class RouteReason(StrEnum):
    """Why it was done."""

    CODE_TYPED = "code_typed"
    ADDRESS_TYPED = "address_typed"
    CONTACT_SHARED = "contact_shared"
    EMPTY = "empty"  # no words and no file that the desk knows
    HEARD_BEFORE = "heard_before"  # the platform sent it once more
    ALBUM_PART = "album_part"
    EDITED = "edited"
    COMMAND_TYPED = "command_typed"
    MENU_LABEL_TYPED = "menu_label_typed"
    PRESSED = "pressed"
    UNKNOWN_BUTTON = "unknown_button"
    TOO_FAST = "too_fast"  # more than the limit of a minute
    REACTED = "reacted"
    BY_CLIENT = "by_client"
    NOT_KNOWN = "not_known"  # nobody is there whom it would change anything for
    NOT_PRIVATE = "not_private"  # from a group or a channel
    BY_BOT = "by_bot"
    SERVICE_MESSAGE = "service_message"  # the platform tells of something; nobody said anything
    OTHER_KIND = "other_kind"  # a kind of update that the desk does not read
    REFUSED = "refused"  # nothing of it was kept: the account was erased
    NEW_WITH_WORDS = "new_with_words"  # /new with words behind it
    DRAFT_OPEN = "draft_open"
    COMMENT_AWAITED = "comment_awaited"
    REPLIED = "replied"  # a reply to a message of that ticket
    WORDS_AWAITED = "words_awaited"  # "add to this ticket" was pressed before
    ONLY_OPEN_TICKET = "only_open_ticket"
    NUMBER_NAMED = "number_named"  # the words name the ticket or the data request
    DESK_ASKED = "desk_asked"  # the desk had asked the client to write just that
    STAFF_ASKED = "staff_asked"  # staff of that ticket spoke last and wait for the client
    ABOUT_OWN_DATA = "about_own_data"  # on the client's data, in the talk of their data request
    REQUEST_OPEN = "request_open"  # what is open is the talk of a data request
    NOT_SAID_WHICH = "not_said_which"  # asked, the client did not say where it belongs
    THANKED_FOR_RESOLVED = "thanked_for_resolved"
    SEVERAL_OPEN = "several_open"
    NOTHING_OPEN = "nothing_open"
    WANTS_ERASURE = "wants_erasure"
    WANTS_COPY = "wants_copy"
    SAYS_NOT_ME = "says_not_me"  # "this was not me", in words
    ASKED_POLICY = "asked_policy"  # /ask, or its button before
    POLICY_SAYS = "policy_says"  # the engine is sure of its answer
    QUESTION_NOTHING_OPEN = "question_nothing_open"
    GREETED = "greeted"
    THANKED = "thanked"
