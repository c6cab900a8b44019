"""Where an update goes: one decision, made once, as a value.

It is made before the engine is asked, to know whether it must be, and again within the transaction
that carries it out. Nothing else decides: whoever wants to know why something went where it did
reads `decide` from above, and finds the first line that holds.
"""

from bot.answering.engine import Answer, Outcome
from bot.application.conversation import dialog_state
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.menu import menu_verb
from bot.application.conversation.phrases import (
    DataIntent,
    data_wish,
    is_greeting,
    is_question,
    is_thanks,
    own_data,
)
from bot.application.conversation.routes import (
    AddToDraft,
    AnswerBeside,
    AnswerThanks,
    AskIfNotMe,
    AskPolicy,
    AskRequest,
    AskToReopen,
    AskWhich,
    CommentOnRating,
    Greet,
    Ignore,
    IntoTicket,
    JoinAlbum,
    JoinTicket,
    KeepSilently,
    Kept,
    MenuBeside,
    Notices,
    OfferSupport,
    OpenTicket,
    Placed,
    Proof,
    Route,
    RunCommand,
    SayEngineAway,
    SayUnreadable,
    Settled,
    ShowAnswer,
    ShowDataMenu,
    StartTicket,
    TakeAddress,
    TakeCode,
    TakeContact,
    TakeEdit,
    Unkept,
)
from bot.application.conversation.routing.conversation_state import RequestTalk, RoutingState
from bot.application.conversation.routing.question_forms import reads_as_question
from bot.application.conversation.routing.said_words import (
    WITH_WORDS,
    command_in,
    is_said,
    question_in,
    said_first,
    storable,
)
from bot.application.conversation.routing.staff_matters import (
    is_desk_talk,
    is_for_staff,
    names_own_request,
)
from bot.application.conversation.ticket_assignment import takes_words
from bot.application.conversation.verification.proof_parsing import address_in, contact_of
from bot.domain.identity.codes import read_code
from bot.domain.tickets.routes import RouteReason
from bot.domain.tickets.ticket import Ticket

_REASONS = {
    DataIntent.ERASE: RouteReason.WANTS_ERASURE,
    DataIntent.GET: RouteReason.WANTS_COPY,
}


def decide(state: RoutingState, incoming: Incoming) -> Route:
    """Where an update of a client goes, and why; pure, and the only place that says so."""
    proof = _proof_in(state, incoming)
    if proof is not None:
        return proof
    heard = storable(state, incoming)
    if (unkept := _unkept(state, heard)) is not None:
        return unkept
    command = command_in(heard)
    if command is not None and not is_said(state, *command):
        return _command(state, heard, *command)
    verb = None if heard.attachments or heard.is_forwarded else menu_verb(heard.text)
    if verb is not None:
        return RunCommand(verb, "", RouteReason.MENU_LABEL_TYPED)
    return _words(state, heard)


def settle(route: Route, answer: Answer | None) -> Settled:
    """The route once the engine was asked; None: it was not, or it failed."""
    if not isinstance(route, AskPolicy):
        return route
    if answer is None or not (route.takes_any or answer.outcome is Outcome.ANSWER):
        return route.otherwise
    if route.beside is None:
        return ShowAnswer(answer, route.tickets, route.reason)
    if answer.outcome is not Outcome.ANSWER and is_desk_talk(answer):
        return route.otherwise
    is_on_the_policy = answer.outcome is not Outcome.NOT_STATED
    kept = route.beside if is_on_the_policy else _placed(route.otherwise, route.beside)
    return AnswerBeside(kept, answer)


def ends_dialog(state: RoutingState, incoming: Incoming, route: Settled) -> bool:
    """Whether the dialog is over with this text: it waited for one, and took it or let it pass."""
    is_talk = isinstance(route, Kept) and command_in(incoming) is None
    is_elsewhere = isinstance(route, KeepSilently) or state.replied is not None
    waits_for_one = state.is_in(dialog_state.ADD) or _is_asked(state, incoming)
    return is_talk and (state.is_overtaken or (waits_for_one and not is_elsewhere))


def _proof_in(state: RoutingState, incoming: Incoming) -> Proof | None:
    """A step of whatever is to be proved; else it is talk."""
    code = read_code(incoming.text) if state.is_secret_time else None
    if code is not None:
        return TakeCode(code)
    is_linking = state.is_in(dialog_state.LINK)
    if command_in(incoming) is not None or not (is_linking or state.waiting):
        return None
    request = None if is_linking else state.waiting
    card, address = contact_of(incoming), address_in(incoming)
    if card is not None:
        return TakeContact(card, request)
    is_wanted = request is None or request.facts.proofs.expect_address
    return TakeAddress(address, request) if address and is_wanted else None


def _unkept(state: RoutingState, heard: Incoming) -> Unkept | None:
    """What makes no message of its own: it is stored already, or is nothing."""
    if state.known is not None and heard.is_edit:
        return TakeEdit(state.known)
    if heard.is_empty:
        return SayUnreadable()
    if state.known is not None:
        return Ignore()
    return JoinAlbum(state.album) if state.album is not None else None


def _command(state: RoutingState, heard: Incoming, name: str, args: str) -> Route:
    """A command; the words of `/ask ...` and `/new ...` are kept like any others."""
    if not args or name not in WITH_WORDS:
        return RunCommand(name, args, RouteReason.COMMAND_TYPED)
    if not state.may_speak:
        return _silently(state)
    if name == "new":
        return StartTicket()
    return _talk(state, heard, is_asked=bool(question_in(heard)))


def _silently(state: RoutingState) -> KeepSilently:
    """Too fast to be answered: kept where it surely belongs, and the client is told once."""
    if state.is_in(dialog_state.NEW):
        return KeepSilently(state.flow, None)
    sure = (state.replied, state.flow_ticket, state.asked.ticket if state.asked else None)
    only = state.live[0] if len(state.live) == 1 and not state.talks else None
    target = next((one for one in (*sure, only) if one is not None), None)
    return KeepSilently(None, target if target is not None and takes_words(target) else None)


def _words(state: RoutingState, heard: Incoming) -> Route:
    """Words or files: a reply, the dialog that waits for them, or talk."""
    if not state.may_speak:
        return _silently(state)
    if state.denied is not None:
        return _not_me(state, heard, state.denied)
    if state.replied is not None:
        reply = _reply(state.replied)
        return _beside(heard, reply, only_sure=True) if isinstance(reply, JoinTicket) else reply
    return _dialog(state, heard) or _talk(state, heard, is_asked=_is_asked(state, heard))


def _not_me(state: RoutingState, heard: Incoming, denied: Notices) -> AskIfNotMe:
    """Kept where it belongs; what a notice told of is stopped once the client says yes to that."""
    kept = _reply(state.replied) if state.replied is not None else _dialog(state, heard)
    kept = kept.otherwise if isinstance(kept, AskPolicy) else kept
    if kept is None and len(state.live) == 1:
        kept = JoinTicket(state.live[0], RouteReason.ONLY_OPEN_TICKET)
    return AskIfNotMe(denied, kept if isinstance(kept, IntoTicket) else None)


def _is_asked(state: RoutingState, heard: Incoming) -> bool:
    """In the dialog for the policy: a photo, thanks or a greeting asks it nothing."""
    return state.is_in(dialog_state.ASK) and bool(question_in(heard))


def _reply(ticket: Ticket) -> JoinTicket | AskToReopen:
    if takes_words(ticket):
        return JoinTicket(ticket, RouteReason.REPLIED)
    return AskToReopen(ticket)


def _dialog(state: RoutingState, heard: Incoming) -> Route | None:
    """The dialog takes it: it asked for these words, whatever they look like."""
    flow = state.flow
    if flow is not None and flow.name == dialog_state.NEW:
        return AddToDraft(flow)
    if flow is not None and flow.name == dialog_state.COMMENT:
        return _beside(heard, CommentOnRating(flow))
    said = said_first(heard)
    if state.is_in(dialog_state.TELL) and not (is_greeting(said) or is_thanks(said)):
        is_one = len(state.live) == 1
        return JoinTicket(state.live[0], RouteReason.DESK_ASKED) if is_one else OpenTicket()
    if state.flow_ticket is not None:
        kept = JoinTicket(state.flow_ticket, RouteReason.WORDS_AWAITED)
        return _beside(heard, kept, only_sure=True)
    return None


def _talk(state: RoutingState, heard: Incoming, *, is_asked: bool) -> Route:
    """No dialog and no reply: the open tickets, the policy's answer, or what to do next."""
    said = said_first(heard)
    intent = data_wish(said)
    if state.live and not is_asked:
        kept = _in_ticket(state, said)
        return MenuBeside(kept) if intent is not None else _beside(heard, kept)
    if intent is not None:
        return ShowDataMenu(_REASONS[intent])
    if is_asked:
        otherwise: Kept = SayEngineAway(RouteReason.ASKED_POLICY)
    else:
        otherwise = _with_nothing_open(state, heard, said)
    if not question_in(heard) or (state.waiting is not None and address_in(heard)):
        return otherwise
    takes_any = isinstance(otherwise, SayEngineAway)
    reason = otherwise.reason if takes_any else RouteReason.POLICY_SAYS
    return AskPolicy(reason, takes_any, state.live, otherwise)


def _beside(heard: Incoming, kept: Placed, *, only_sure: bool = False) -> Route:
    """What is kept for staff is answered from the policy as well where it reads as a question.

    `only_sure`: "the policy does not say" is out of place below an answer, or what staff must say.
    """
    said = question_in(heard)
    for_staff = is_for_staff(said)
    if not reads_as_question(said) or (for_staff and "?" not in said):
        return kept
    beside: Placed = kept
    if isinstance(kept, AskRequest):
        beside = JoinTicket(kept.ticket, RouteReason.ABOUT_OWN_DATA)
    takes_any = is_question(said) and not only_sure and not for_staff
    return AskPolicy(kept.reason, takes_any, (), kept, beside)


def _in_ticket(state: RoutingState, said: str) -> Placed:
    """With something open: what was asked, what is named, the only one, or which?"""
    named = state.named(said)
    if named is not None:
        return JoinTicket(named, RouteReason.NUMBER_NAMED)
    if state.asked is not None:
        return JoinTicket(state.asked.ticket, state.asked.reason)
    if state.talks and len(state.live) == 1:
        return _in_request_talk(state.talks[0], said)
    match state.live:
        case (only,):
            return JoinTicket(only, RouteReason.ONLY_OPEN_TICKET)
        case _:
            return AskWhich(state.live)


def _in_request_talk(talk: RequestTalk, said: str) -> Placed:
    """Nobody asked anything there: a support matter is not filed with a data request unasked."""
    if own_data(said) is not None or names_own_request(said):
        return JoinTicket(talk.ticket, RouteReason.ABOUT_OWN_DATA)
    if is_greeting(said) or is_thanks(said):
        return JoinTicket(talk.ticket, RouteReason.ONLY_OPEN_TICKET)
    return AskRequest(talk.ticket, talk.number)


def _with_nothing_open(state: RoutingState, heard: Incoming, said: str) -> Kept:
    if is_greeting(said):
        return Greet()
    if is_thanks(said):
        return _thanks(state.resolved)
    if is_question(said) and not heard.attachments:
        return SayEngineAway(RouteReason.QUESTION_NOTHING_OPEN)
    return OfferSupport(state.resolved)


def _thanks(resolved: tuple[Ticket, ...]) -> Kept:
    if len(resolved) == 1:
        return JoinTicket(resolved[0], RouteReason.THANKED_FOR_RESOLVED)
    return AnswerThanks()


def _placed(kept: Kept, instead: Placed) -> Placed:
    return kept if isinstance(kept, Placed) else instead
