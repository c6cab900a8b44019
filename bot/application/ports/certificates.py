"""Signing what was proved, and remembering outside the store who was erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.addresses import HolderId, Language
from bot.domain.fulfilment.certificate import Certificate


class CertificateSigner(Protocol):
    """Ed25519, with the desk's own key."""

    def sign(self, certificate: Certificate) -> str:
        """The certificate as canonical JSON with its signature.

        Raises:
            Refused: the key cannot be read; the text says where it should lie.
        """
        ...

    def document(self, signed: str, language: Language) -> bytes:
        """The same as a PDF that a person reads. Raises Refused: it is no certificate of ours."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """One erasure in the ledger: keyed digests, no personal data."""

    request: str
    """The request's id."""
    holders: tuple[str, ...]
    """Keyed digests of the ids under whose keys the data lay."""
    erased_at: datetime
    certified_at: datetime | None = None
    """None: it was begun, and is not proved yet."""
    kept_until: datetime | None = None
    """When the last of what a law keeps lapses; None: nothing is kept, or it is not known yet."""


class ErasureLedger(Protocol):
    """A second place that remembers who was erased, so that a restored backup brings nobody back.

    Raises:
        Refused: it is lost, damaged or another desk's; the text says the way out.
        Unavailable: it cannot be written now.
    """

    async def note(
        self,
        request: str,
        holders: Sequence[HolderId],
        *,
        erased_at: datetime,
        certified_at: datetime | None,
        kept_until: datetime | None = None,
    ) -> None:
        """Write it down, durably, before this returns; the newest line of a request counts.

        Once before the first deed, with `certified_at` None, and once more after the certificate
        stands in the store. Holders and the time of a certificate that were noted before stay.
        Called outside of a transaction that writes: it keeps a fact in the store itself.
        """
        ...

    async def entries(self) -> list[Tombstone]:
        """One a request, in the order in which they were begun."""
        ...

    def digest(self, holder: HolderId) -> str:
        """How that holder is called in a tombstone."""
        ...

    def is_of(self, holder: HolderId, tombstone: Tombstone) -> bool:
        """Whether that holder is among the erased of it."""
        ...
