"""/mydata: what a chat alone may see of what is held, before anybody has shown who they are.

Its own tickets, its requests with state and date, and how long things stay; nothing of the client
list and nothing of other chats that no proof has tied to this one.
"""

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.own_data import my_requests
from bot.application.requests.intake import own_requests
from bot.application.requests.notices.subject import due_shown
from bot.application.tickets.client_tickets import count_live, list_tickets
from bot.domain.requests.request import DataRequest
from bot.wording.times import period

MOST_SHOWN = 5


async def overview(chat: ConversationContext) -> str:
    """As one text, a line for each."""
    lines = [
        chat.text("client_data.overview_head"),
        await _tickets(chat),
        *await _requests(chat),
        chat.text(
            "client_data.overview_kept",
            period=period(chat.work.rules.retention_days, chat.account.language),
        ),
        chat.text("client_data.overview_rest"),
    ]
    return "\n".join(f"• {line}" if number else line for number, line in enumerate(lines))


async def _tickets(chat: ConversationContext) -> str:
    newest, count = await list_tickets(chat.work, account=chat.account)
    if not newest:
        return chat.text("client_data.overview_no_tickets")
    return chat.text(
        "client_data.overview_tickets",
        count=count,
        open=await count_live(chat.work, account=chat.account),
        newest=newest[0].number,
        state=chat.state_of(newest[0]),
    )


async def _requests(chat: ConversationContext) -> list[str]:
    found = await own_requests(chat.work, account=chat.account)
    if not found:
        return [chat.text("client_data.overview_no_requests")]
    shown = [_line(chat, one) for one in found[:MOST_SHOWN]]
    more = len(found) - len(shown)
    return [*shown, *([chat.text("client_data.overview_more", count=more)] if more else [])]


def _line(chat: ConversationContext, request: DataRequest) -> str:
    label = my_requests.label(chat, request)
    if not request.is_live:
        return label
    due = due_shown(request, chat.account.language)
    return chat.text("client_data.overview_request", request=label, due=due)
