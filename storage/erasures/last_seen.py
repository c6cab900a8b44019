"""How far the event log had come when a desk last looked: a store that is behind was put back.

It stands beside the ledger and is written anew every half minute. What it says is signed; where it
is lost or says nothing, nothing follows from it.
"""

import hashlib
import hmac
import json
import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from storage import statements
from storage.erasures.ledger_lines import Head
from storage.keys import MasterKey, derived
from storage.models.audit import AuditHeadRow, EventRow
from storage.unit_of_work import StoreContext

SUFFIX = ".seen"
PURPOSE = "ledger-seen"


class LastSeen:
    """The newest event that a desk saw."""

    def __init__(self, ledger: Path, context: StoreContext) -> None:
        self.path = ledger.with_name(ledger.name + SUFFIX)
        self._context = context

    async def was_put_back(self) -> bool:
        """Whether the store lacks that event: it is an older copy of itself."""
        seen = self._read()
        if seen is None:
            return False
        events = statements.core(EventRow).c
        async with self._context.session(writes=False) as (session, _):
            found = await session.scalar(select(events.hash).where(events.seq == seen.count))
        return (found is not None and found != seen.mac) or (found is None and seen.count > 0)

    async def keep(self) -> None:
        """What the store holds now; where it cannot be written, the next one will."""
        heads = statements.core(AuditHeadRow).c
        async with self._context.session(writes=False) as (session, _):
            row = (await session.execute(select(heads.seq, heads.hash))).first()
        if row is None:
            return
        said = f"{Head(row.seq, row.hash)}"
        master = next(iter(self._context.ring.masters()), None)
        if master is None:
            return
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with suppress(OSError):
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump({"at": said, "mac": _mac(master, said)}, file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)

    def _read(self) -> Head | None:
        try:
            found = json.loads(self.path.read_text(encoding="ascii"))
            said, mac = str(found["at"]), str(found["mac"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        masters = self._context.ring.masters()
        is_ours = any(hmac.compare_digest(_mac(one, said), mac) for one in masters)
        return Head.parse(said) if is_ours else None


def _mac(master: MasterKey, said: str) -> str:
    key = derived(master.secret, PURPOSE)
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
