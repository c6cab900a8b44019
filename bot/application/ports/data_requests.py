"""Data requests and what proves who asks."""

from datetime import datetime
from typing import Protocol

from bot.domain.addresses import AccountId, RequestId
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.signed_links import SignedLink
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest


class Requests(Protocol):
    """Data requests; one that was changed is saved by the unit of work, guarded by its version."""

    async def next_number(self) -> str: ...
    async def add(self, request: DataRequest) -> None: ...
    async def get(self, request: RequestId) -> DataRequest:
        """Raises NotFound."""
        ...

    async def numbered(self, number: str) -> DataRequest:
        """Raises NotFound."""
        ...

    async def of_account(self, account: AccountId) -> list[DataRequest]:
        """What was asked in this chat, newest first."""
        ...

    async def about(self, subject: Subject) -> list[DataRequest]:
        """What concerns this person or account, newest first."""
        ...

    async def find(
        self, *, live_only: bool = False, limit: int = 50, offset: int = 0
    ) -> list[DataRequest]:
        """Soonest due first."""
        ...

    async def count(self, *, live_only: bool = False) -> int: ...
    async def remove(self, request: RequestId) -> None:
        """Its record is kept no longer; the trail keeps its ids."""
        ...


class Challenges(Protocol):
    """One-time codes that were asked for. Trying and redeeming are atomic in the database."""

    async def add(self, challenge: Challenge) -> None: ...
    async def get(self, challenge: ChallengeId) -> Challenge:
        """Raises NotFound."""
        ...

    async def latest_of(self, account: AccountId) -> Challenge | None:
        """The newest of a chat, open or not."""
        ...

    async def open_of(self, account: AccountId, request: RequestId) -> list[Challenge]:
        """Neither used nor void, newest first."""
        ...

    async def save(self, challenge: Challenge) -> None:
        """Raises Stale when somebody else changed it first."""
        ...

    async def purge(self, ended_before: datetime) -> int: ...


class Digests(Protocol):
    """Keyed digests: equal values meet, and nothing can be read from them."""

    @property
    def pepper(self) -> bytes:
        """The key of one-time codes; it is not in the database."""
        ...

    def digest(self, kind: str, text: str) -> str: ...

    def is_of(self, kind: str, text: str, kept: str) -> bool:
        """Whether a kept digest is of this text, also one made before keys were exchanged."""
        ...


class SignedLinks(Protocol):
    """The links of notices, by what they carry."""

    @property
    def unlisted_until(self) -> datetime | None:
        """Until when links that were signed before any was written down work; None: none was."""
        ...

    def sign(self, purpose: str, text: str) -> str:
        """The signature of the key in use."""
        ...

    async def issue(self, purpose: str, about: str, at: datetime, until: datetime) -> str:
        """Sign a link and write it down; the same one again within one transaction."""
        ...

    async def find(self, token: str) -> SignedLink | None: ...

    async def use(self, token: str, at: datetime) -> bool:
        """Use a link up; False: it was used up already."""
        ...

    async def purge(self, expired_before: datetime) -> int: ...
