"""How fast one chat may go (docs/design/security.md, "Floods"): what is faster is not acted upon.

Words have a limit of their own, and none are ever dropped: they are kept unanswered. Commands and
buttons hold no words; a flood of them is left undone, and the client may repeat what they meant.
"""

from dataclasses import replace
from datetime import timedelta

from bot.application.conversation.context import ConversationContext
from bot.application.requests.verification.codes import forget_later
from bot.domain.identity.budgets import Bucket, Budget, BudgetKind, Limit

MINUTE = timedelta(minutes=1)
ACTS_A_WORD = 2
"""A ticket takes twice as many presses as it takes words."""
TOLD_AGAIN_AFTER = timedelta(minutes=10)


async def may_speak(chat: ConversationContext) -> bool:
    """Whether one more message is answered, or only kept."""
    said = await chat.work.messages.said_since(chat.account.id, chat.now - MINUTE)
    return said < chat.work.rules.messages_per_minute


async def may_act(chat: ConversationContext) -> bool:
    """Whether one more command or press is acted upon; where not, the client was told so once."""
    most = chat.work.rules.messages_per_minute * ACTS_A_WORD
    await forget_later(chat.work)
    bucket = Bucket(BudgetKind.CHAT_ACTS, chat.account.id)
    if await chat.work.budgets.spend(bucket, Budget((Limit(most, MINUTE),)), chat.now):
        return True
    await tell(chat)
    return False


async def tell(chat: ConversationContext) -> None:
    """Once, not for each of a flood."""
    told = chat.account.told_of_throttle_at
    if told is None or chat.now - told >= TOLD_AGAIN_AFTER:
        await chat.work.accounts.save(replace(chat.account, told_of_throttle_at=chat.now))
        await chat.say("conversation.throttled")
