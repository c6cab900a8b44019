"""A draft of a new ticket, and what its card offers."""

from tests.support.drivers.talker import Talker, a_talker

CATEGORIES = [
    "Technical problem",
    "Bill or payment",
    "My account",
    "Privacy",
    "Wish or idea",
    "Something else",
]
CARD = ["Send", "Edit", "Cancel"]
MENU = ["Ask about privacy", "New ticket", "My tickets", "My data", "Language"]


async def a_draft(text: str = "No internet since this morning") -> Talker:
    client = await a_talker()
    await client.taps("New ticket")
    await client.taps("Technical problem")
    await client.says(text)
    return client
