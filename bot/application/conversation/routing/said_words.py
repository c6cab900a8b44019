"""What of an update is words: behind a slash too, masked while a code is about.

Only a command of the desk that stands alone, or with what it takes, is a command; whatever else
begins with a slash is something said. No word of a client may end unkept for a slash before it.
"""

import re
from dataclasses import replace

from rapidfuzz.distance import OSA

from bot.answering.language.words import MAX_CHARS
from bot.application.conversation import dialog_state
from bot.application.conversation.inbound_message import COMMAND_NAMES, Incoming
from bot.application.conversation.menu import menu_verb
from bot.application.conversation.phrases import data_wish, is_greeting, is_thanks
from bot.application.conversation.routing.conversation_state import RoutingState
from bot.application.conversation.verification.proof_parsing import is_link, mask_codes
from bot.domain.text import pieces

WITH_WORDS = ("ask", "new")
"""Commands whose words are kept as something said."""
_NUMBER = re.compile(r"[A-Za-z]{0,2}[\s-]?\d{1,18}")
_ONE_WORD = re.compile(r"[^\W\d_]{1,12}")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}|f_\S*")
_TAKES = {"start": _PAYLOAD, "status": _NUMBER, "tickets": _NUMBER, "lang": _ONE_WORD}
"""What may stand behind a command besides words: a number, a language, a link's payload."""
_LONG, _SLIPS = 6, 2
_OWN_PAYLOAD = "f_"
_TAKING = (dialog_state.NEW, dialog_state.COMMENT, dialog_state.TELL)
"""Dialogs that take whatever is said."""


def command_in(heard: Incoming) -> tuple[str, str] | None:
    """(name, what stands behind it), where it is to be run; None: it is something said.

    An unknown name that stands alone is one too: the client is told what there is.
    """
    command = heard.command()
    if command is None or command[0][0].isdigit():
        return None
    name, args = command
    if not args or name in WITH_WORDS:
        return command
    takes = _TAKES.get(name)
    return command if takes is not None and takes.fullmatch(args) else None


def payload_in(heard: Incoming) -> str:
    """What a link to the bot says by itself (`/start promo-2026`), the desk's own tokens aside."""
    command = command_in(heard)
    is_start = command is not None and command[0] == "start"
    payload = command[1] if command is not None and is_start else ""
    return "" if payload.startswith(_OWN_PAYLOAD) else payload


def command_offered(heard: Incoming) -> str:
    """The command that words were written behind, or one a slip away; empty: none is like it."""
    command = heard.command()
    if command is None or command_in(heard) is not None:
        return ""
    return _nearest(command[0])


def is_said(state: RoutingState, name: str, args: str) -> bool:
    """No command at all (`/refund`), where somebody listens: a word like any other."""
    is_heard = state.replied is not None or any(map(state.is_in, _TAKING))
    return (bool(state.live) or is_heard) and not args and not _nearest(name)


def words_in(heard: Incoming) -> Incoming:
    """What is kept as said: of `/ask ...` and `/new ...` the words behind it."""
    command = command_in(heard)
    return heard if command is None or not command[1] else replace(heard, text=command[1], spans=())


def spoken_in(heard: Incoming) -> str:
    """The words as a person means them: without a command that they were written behind."""
    command = heard.command()
    is_behind = command is not None and (command_in(heard) or command_offered(heard))
    return command[1] if command is not None and is_behind else heard.text.strip()


def said_first(heard: Incoming) -> str:
    """What is meant, as far as the first of its messages keeps it."""
    return pieces(spoken_in(heard))[0]


def question_in(incoming: Incoming) -> str:
    """What the policy engine would be asked: plain words, or those of `/ask`; empty: nothing."""
    heard = incoming.cleaned()
    command, text = command_in(heard), spoken_in(heard)
    is_other_command = command is not None and command[0] != "ask"
    if heard.attachments or is_other_command or len(text) > MAX_CHARS:
        return ""
    is_other = is_greeting(text) or is_thanks(text) or menu_verb(text) or data_wish(text)
    return "" if is_other and command is None else text


def storable(state: RoutingState, incoming: Incoming) -> Incoming:
    """What may be kept of it: while a code is about, no eight digits."""
    is_run = command_in(incoming) is not None
    if not state.is_secret_time or (is_link(incoming) and is_run):
        return incoming
    return replace(incoming, text=mask_codes(incoming.text))


def _nearest(typed: str) -> str:
    """The command that it is or is a slip away from; empty: none."""
    nearest = min(COMMAND_NAMES, key=lambda name: OSA.distance(typed, name))
    most = _SLIPS if len(typed) >= _LONG else 1
    return nearest if OSA.distance(typed, nearest) <= most else ""
