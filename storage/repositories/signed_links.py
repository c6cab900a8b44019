"""The links of notices in the database, found by a blind index of what they carry."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.identity.signed_links import LASTS, SignedLink, new_token
from storage import statements
from storage.checks import row_sets
from storage.keys import KeyPurpose, Keys
from storage.models.requests import SignedLinkRow


class SqlSignedLinks:
    """Links that were signed."""

    def __init__(self, session: AsyncSession, keys: Keys) -> None:
        self._session = session
        self._keys = keys
        self._issued = dict[tuple[str, str], str]()

    @property
    def unlisted_until(self) -> datetime | None:
        """A store of 0.1 signed under the key of its blind index, and wrote nothing down."""
        if self._keys.link != self._keys.blind_index:
            return None
        return self._keys.all_for(KeyPurpose.LINK)[-1].made_at + LASTS

    def sign(self, purpose: str, text: str) -> str:
        return self._keys.signature(purpose, text)

    async def issue(self, purpose: str, about: str, at: datetime, until: datetime) -> str:
        if (purpose, about) not in self._issued:
            token = new_token(self.sign, purpose, about)
            row = {"digest": self._index(token), "purpose": purpose, "about": about}
            row |= {"issued_at": at, "expires_at": until, "used_at": None}
            await statements.add(self._session, SignedLinkRow, row)
            self._issued[purpose, about] = token
        return self._issued[purpose, about]

    async def find(self, token: str) -> SignedLink | None:
        row = await statements.one(self._session, SignedLinkRow, digest=self._index(token))
        if row is None:
            return None
        return SignedLink(row.purpose, row.about, row.issued_at, row.expires_at, row.used_at)

    async def use(self, token: str, at: datetime) -> bool:
        key = {"digest": self._index(token)}
        row = await statements.one_locked(self._session, SignedLinkRow, **key)
        if row is None or row.used_at is not None:
            return False
        return await statements.change(self._session, SignedLinkRow, key, {"used_at": at})

    async def purge(self, expired_before: datetime) -> int:
        gone = SignedLinkRow.expires_at < expired_before
        return await row_sets.purge(self._session, SignedLinkRow, gone)

    def _index(self, token: str) -> str:
        return self._keys.exact_index("link", token)
