"""The part of the home view that is about data requests."""

from bot.application.views.requests_home import RequestsHome
from bot.domain.addresses import Language
from bot.wording import say
from handlers.slack.blocks.mrkdwn import (
    Block,
    actions,
    context,
    escape,
    header,
    mrkdwn,
    plain,
    section,
)
from handlers.slack.blocks.request_card import due_text, elements, state_text

BUTTONS = ("approve", "fulfil", "deny", "hold", "details")


def with_requests(view: Block, home: RequestsHome, language: Language) -> Block:
    """The home view with the open requests below it."""
    blocks = [
        *view["blocks"],
        {"type": "divider"},
        header(say("request_card.home_title", language)),
    ]
    for finding in home.troubles:
        params: dict[str, object] = dict(finding.params)
        blocks.append(section(mrkdwn(f"⚠ {escape(say(finding.key, language, **params))}")))
    for number, card in enumerate(home.cards):
        line = say(
            "request_card.home_line",
            language,
            number=f"*{card.number}*",
            type=say(f"request_card.title_{card.kind}", language),
            state=state_text(card, language),
            due=due_text(card, language),
        )
        blocks.append(section(mrkdwn(escape(line))))
        row = elements(card, language, only=BUTTONS, mark=f"~home{number}")
        blocks.append(actions(*row, block_id=f"request~{number}"))
    if not home.cards:
        blocks.append(context(plain(say("request_card.home_none", language))))
    if home.more:
        text = say("request_card.home_more", language, count=home.more)
        blocks.append(context(plain(text)))
    return view | {"blocks": blocks}
