"""With what it is proved that the store holds nothing more of a subject."""

from collections.abc import Sequence
from pathlib import Path

from bot.application.ports.sources import Looked, Order, Patterns
from bot.domain.fulfilment.identifiers import Identifiers
from storage import statements
from storage.models.audit import AuditHeadRow
from storage.residual.files import look_at_files
from storage.residual.own_look import SqlOwnLook
from storage.residual.patterns import SubjectPatterns
from storage.subject_records.deleted_bytes import clear_deleted
from storage.unit_of_work import StoreContext


class StoreProofs:
    """Looks into every cell of the store, and lets it forget what was deleted."""

    def __init__(self, context: StoreContext) -> None:
        self._context = context

    def patterns(self, who: Identifiers) -> Patterns:
        return SubjectPatterns(who)

    async def look(self, order: Order, patterns: Patterns, masks: bool) -> Looked:  # noqa: FBT001  # as the port is called
        """Search every cell. `masks`: strong spans in other people's words are overwritten."""
        return await SqlOwnLook(self._context)(order, patterns, masks)

    async def look_at_files(self, paths: Sequence[Path], patterns: Patterns) -> Looked:
        """Search files and folders, and their names."""
        return await look_at_files(paths, patterns)

    async def clear_deleted(self) -> tuple[str, ...]:
        """Overwrite or free what was deleted; wording keys of what nobody here can."""
        return await clear_deleted(self._context.database)

    async def head(self) -> str:
        """Where the audit chain ends."""
        async with self._context.session(writes=False) as (session, _):
            return await statements.value(session, AuditHeadRow.hash, id=1) or ""
