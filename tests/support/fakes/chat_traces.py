"""The double of what is known of the desk's words on chat platforms."""

from collections.abc import Sequence
from datetime import datetime

from bot.application.ports.card_refs import CardKind
from bot.application.ports.chat_traces import SubjectCard, SubjectPost, ToldWord
from bot.domain.addresses import AccountId, PersonId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.requests.request import DataRequest
from tests.support.fakes.store import Store


class FakeChatTraces:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def cards(self, who: Identifiers) -> list[SubjectCard]:
        requests = {one.id: one for one in self._store.requests.values() if _is_theirs(one, who)}
        talks = {one.ticket for one in requests.values()}
        tickets = {
            one.id
            for one in self._store.tickets.values()
            if one.account in who.accounts or one.id in talks
        }
        about = {CardKind.TICKET: set(tickets), CardKind.REQUEST: set(requests)}
        return [
            SubjectCard(kind=kind, about=name, card=card)
            for (kind, name), (card, _) in sorted(self._store.cards.items(), key=lambda row: row[0])
            if name in about[kind]
        ]

    async def posts(
        self, who: Identifiers, surface: str, *, since: datetime | None = None
    ) -> list[SubjectPost]:
        found: list[SubjectPost] = []
        for (where, place, remote), (linked, _) in self._store.links.items():
            said = self._store.messages.get(linked)
            if said is None or where != surface or said.account not in who.accounts:
                continue
            if since is None or said.at >= since:
                post = SubjectPost(
                    message=said.id,
                    account=said.account,
                    direction=said.direction,
                    at=said.at,
                    place=place,
                    remote=remote,
                )
                found.append(post)
        return found

    async def files(self, who: Identifiers) -> list[str]:
        order = list(self._store.messages)
        rows = sorted(
            (order.index(message), part, upload.file_id)
            for (message, part), upload in self._store.uploads.items()
            if upload.file_id and message in self._store.messages
            if self._store.messages[message].account in who.accounts
        )
        return [file for _, _, file in rows]

    async def note_told(self, account: AccountId, remotes: Sequence[str], at: datetime) -> None:
        self._store.told.extend((account, remote, at) for remote in remotes)

    async def told_words(self, who: Identifiers, *, since: datetime) -> list[ToldWord]:
        return [
            ToldWord(account, remote)
            for account, remote, at in self._store.told
            if account in who.accounts and at >= since
        ]

    async def forget_told(self, before: datetime) -> None:
        self._store.told[:] = [row for row in self._store.told if row[2] >= before]


def _is_theirs(request: DataRequest, who: Identifiers) -> bool:
    subject = request.subject
    people: tuple[PersonId, ...] = who.persons
    return (
        request.account in who.accounts
        or (subject is not None and subject.person in people)
        or (subject is not None and subject.account in who.accounts)
    )
