"""A client of the list over the fakes: asks, types codes from the mailbox, shares a phone."""

import re
from dataclasses import dataclass, field

from bot.application.config import DeskConfig
from bot.application.conversation.inbound_message import Incoming, Profile
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import RemoveWord, Reply
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.ports.queues import Arrived, ClaimedDelivery, Outcome as Ending
from bot.application.requests.mail import Letter, write_code, write_notice
from bot.domain.addresses import SYSTEM, Language, PersonId, Role
from bot.domain.clients.people import Contact, Person
from bot.domain.requests.request import DataRequest
from bot.domain.tickets.message import Attachment
from tests.support.builders.desk import Desk, a_desk, a_member
from tests.support.drivers.talker import Talker

EMAIL, PHONE = "rahima@example.com", "+8801712345678"


@dataclass
class Asker(Talker):
    """A talker whose user is a number, and whose mail is delivered after every act."""

    user: str = "4711"
    letters: list[Letter] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    all_carried: list[Delivery] = field(default_factory=list)

    @property
    def request(self) -> DataRequest:
        return self.requests[-1]

    @property
    def requests(self) -> list[DataRequest]:
        rows = self.desk.store.requests.values()
        return [row for row in rows if row.account == self.account.id]

    @property
    def code(self) -> str:
        """The code in the newest letter."""
        return re.findall(r"\b[0-9]{8}\b", self.letters[-1].text)[0]

    @property
    def text(self) -> str:
        return self.last.text

    def said(self, replies: list[Reply]) -> str:
        return "\n".join(reply.text for reply in replies)

    async def hears(self) -> list[Reply]:
        said = await super().hears()
        for delivery in self.carried:
            await self.takes(delivery)
        self.all_carried += self.carried
        self.carried.clear()
        return said

    async def shares(
        self, phone: str = PHONE, *, of: str = "", forwarded: bool = False
    ) -> list[Reply]:
        """The contact button, unless it is somebody else's card (`of`)."""
        card = Attachment("contact", name="Rahima", text=phone)
        return await self.sends(
            Incoming(
                attachments=(card,),
                contact_user=of or self.user,
                is_forwarded=forwarded,
                remote_id=f"card-{next(self._ids)}",
            )
        )

    async def proves(self, email: str = EMAIL) -> None:
        """By mail and phone, as far as it goes."""
        await self.says(email)
        await self.says(self.code)
        await self.shares()

    async def erases(self) -> DataRequest:
        """All the way to review."""
        await self.says("/erase")
        await self.proves()
        await self.taps("Confirm erasure")
        return self.request

    async def takes(self, delivery: object) -> None:
        """What is carried elsewhere than into the chat: letters, and words that are taken away."""
        if isinstance(delivery, MailCode):
            letter = await self.desk.bus.handle(SYSTEM, write_code, challenge=delivery.challenge)
            self.letters += [letter] if letter else []
        elif isinstance(delivery, MailNotice):
            letter = await self.desk.bus.look(write_notice, notice=delivery)
            self.letters += [letter] if letter else []
        elif isinstance(delivery, RemoveWord):
            self.removed.append(delivery.remote)

    def _deliver(self, claimed: ClaimedDelivery, said: list[Reply]) -> Ending:
        ending = super()._deliver(claimed, said)
        return Arrived("mail") if isinstance(claimed.delivery, MailCode) else ending


def a_person(  # noqa: PLR0913  # what a record may hold, by name
    desk: Desk,
    name: str = "rahima",
    *,
    emails: tuple[str, ...] = (EMAIL,),
    phones: tuple[str, ...] = (PHONE,),
    regime: str = "",
    language: Language = Language.EN,
) -> Person:
    person = Person(
        id=PersonId(f"person-{name}"),
        external_id=name,
        name=name.capitalize(),
        company="Meghna Net",
        language=language,
        regime=regime,
        created_at=desk.clock.now(),
        contacts=(
            *(Contact(kind="email", value=value) for value in emails),
            *(Contact(kind="phone", value=value) for value in phones),
        ),
    )
    desk.store.people[person.id] = person
    return person


async def an_asker(
    desk: Desk | None = None, *, user: str = "4711", rules: DeskConfig | None = None
) -> Asker:
    own = desk or a_desk(rules)
    for name in ("ayesha", "badrul", "champa"):
        await a_member(own, name, role=Role.APPROVER)
    asker = Asker(own, user, Profile(display_name="Rahima"))
    await asker.says("/start")
    return asker
