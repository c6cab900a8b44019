"""What a certificate of erasure says: facts only, and no name by which others know its holder."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.fulfilment.plan import SourceKind

SCHEMA = 1
"""Which fields a certificate has; counted on when one is added or means something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedBy:
    """One approval, by the approver's internal id."""

    approver: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCertified:
    """What was done in one source, and what the look afterwards went through."""

    source: str
    kind: SourceKind
    rows: dict[str, int]
    """By place and action."""
    done_at: datetime | None
    stated: tuple[str, ...] = ()
    """Wording keys of what could not be erased there."""
    tables: int = 0
    cells: int = 0
    bytes: int = 0
    files: int = 0
    posts: int = 0
    masked: int = 0
    """Spans overwritten in other people's words."""
    ticked_off: int = 0
    """Findings that a named approver judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a law keeps."""

    source: str
    place: str
    law: str
    rows: int
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The facts; the signer adds the key's name and the signature."""

    number: str
    """The request's number, which the subject holds."""
    reference: str
    """A digest of the request's id: the subject's copy and the desk's record meet by it."""
    company: str
    version: str
    """Of the program."""
    plan_hash: str
    round: int
    received_at: datetime
    carried_out_at: datetime
    certified_at: datetime
    approvals: tuple[ApprovedBy, ...]
    sources: tuple[SourceCertified, ...]
    kept: tuple[Kept, ...]
    slot_until: datetime | None
    """Until when the one sealed delivery slot may stand; None: there was nobody to tell."""
    backups: str
    """A wording key: what backups still hold."""
    audit_head: str
    schema: int = SCHEMA
