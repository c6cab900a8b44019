"""What a client writes in the talk of a request: the answer to a hold, or words for a judge.

The words stay in the ticket; the request keeps which they were, so that a card and a dialog can
show them as they read now.
"""

from bot.application.outbound.to_staff import Alert
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.request_talk import is_private, request_in
from bot.application.requests.request_context import by_desk, clock_of
from bot.domain.requests import events
from bot.domain.requests.states import RequestState
from bot.domain.tickets.events import ClientWrote
from bot.wording import say

REQUEST_ANSWERS = Table()


@REQUEST_ANSWERS.on(ClientWrote)
async def take_what_was_asked_for(event: ClientWrote, work: UnitOfWork) -> None:
    """The first word after the question is its answer; every word of an appeal is the judge's."""
    ticket = await work.tickets.get(event.ticket)
    request = await request_in(work, ticket) if is_private(ticket) else None
    if request is None:
        return
    if request.state is RequestState.APPEALED:
        request.take_appeal_words(event.message, await by_desk(work))
    elif request.facts.question is not None:
        request.take_answer(event.message, await by_desk(work), clock_of(request))


@REQUEST_ANSWERS.on(events.HoldQuestionAnswered)
async def tell_of_the_answer(event: events.HoldQuestionAnswered, work: UnitOfWork) -> None:
    """Nothing goes on by itself: an approver reads it and releases the hold.

    Said in the privacy channel, where the card stands; the words themselves are in its thread.
    """
    request = await work.requests.get(event.request)
    text = say("request_card.told_answered", work.rules.staff_language, number=request.number)
    key = f"{request.stream}:answered:{event.message}"
    await work.outbox.put(Alert("privacy", text), holder=event.holder, key=key)
