"""A client of the town, in their chat and at their mailbox."""

import re
from dataclasses import dataclass

from bot.domain.addresses import Language
from bot.wording import say
from handlers.sandbox.mailbox import Mail
from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.telegram import Bubble, VirtualUser
from tests.journeys.erasures.town import PATIENCE_SECONDS, Town

CODE = re.compile(r"\b\d{8}\b")


@dataclass
class Client:
    """Somebody in the chat, who reads one language."""

    town: Town
    user: VirtualUser
    language: Language
    email: str = ""

    def label(self, key: str, **filled: object) -> str:
        return say(key, self.language, **filled)

    async def sees(self, text: str = "", *, button: str | None = None) -> Bubble:
        """Wait for it since the last deed here."""
        try:
            return await self.user.expect(text, button=button, timeout_seconds=PATIENCE_SECONDS)
        except (TimeoutError, AssertionError, NotPossible) as late:
            what = f"never seen: {text!r} {button!r}\n{await self.town.sight()}"
            raise AssertionError(what) from late

    async def taps(self, key: str, **filled: object) -> None:
        await self.user.tap(self.label(key, **filled))

    async def starts(self) -> None:
        await self.user.start()
        await self.sees(button=self.label("conversation.menu_new"))

    async def asks(self, command: str = "/erase") -> str:
        """The number that the request was given."""
        await self.user.say(command)
        shown = await self.sees("R-", button=self.label("identity.button_send_code"))
        return re.findall(r"R-\d+", shown.text)[-1]

    async def asks_and_proves(self) -> str:
        """From the first word to the proof; the number that the request was given."""
        await self.starts()
        number = await self.asks()
        await self.proves()
        return number

    async def writes_to_staff(self, words: str) -> None:
        """Opens a ticket with these words."""
        await self.user.say("/new")
        await self.sees(button=self.label("conversation.category_technical"))
        await self.taps("conversation.category_technical")
        await self.sees(self.label("conversation.draft_write"))
        await self.user.say(words)
        await self.sees(button=self.label("conversation.send"))
        await self.taps("conversation.send")
        await self.sees("T-")

    async def proves(self) -> None:
        """By the code that comes by mail, and by the phone's own number."""
        known = len(self.mails())
        await self.taps("identity.button_send_code")
        shown = await self.sees()
        if shown.text == self.label("identity.ask_email"):
            await self.user.say(self.email)
        await self.town.comes(lambda: len(self.mails()) > known, "a mail with a code")
        await self.user.say(CODE.findall(self.mails()[-1].text)[0])
        await self.sees(self.label("identity.ask_phone"))
        await self.taps("identity.button_share_phone")

    async def confirms(self) -> Bubble:
        """Reads the plan first."""
        shown = await self.sees(button=self.label("requests.button_confirm_erasure"))
        await self.taps("requests.button_confirm_erasure")
        await self.sees("R-")
        return shown

    def mails(self) -> list[Mail]:
        return self.town.world.mailbox.to(self.email)

    def certificates(self) -> list[bytes]:
        """What came into the chat and by mail as signed JSON."""
        files = self.town.world.telegram.world.files
        in_chat = [
            stored.content
            for one in self.user.messages
            if (one.file_name or "").endswith(".json")
            and (stored := files.get(one.file_id or "")) is not None
        ]
        found = [one.attachment(at) for one in self.mails() for at in range(len(one.files))]
        by_mail = [one[1] for one in found if one is not None and one[0].endswith(".json")]
        return in_chat + by_mail
