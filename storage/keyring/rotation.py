"""Exchanging the master key, and with `compromised` every other key, in one transaction.

Either all of it happened or nothing: a process that is killed at any moment leaves one of both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.store_keys import KeyStatus, Rotated
from bot.domain.addresses import Actor
from bot.domain.errors import Refused, Unavailable
from bot.domain.events import Event
from bot.domain.store_keys import AuditChainBegun, KeysRotated
from storage import audit_chain, statements
from storage.checks.first_seal import seal_all
from storage.checks.state_check import find_tampered
from storage.database import Database
from storage.keyring import sealed_keys
from storage.keyring.key_file import KeyFile, written_key
from storage.keyring.key_ring import be_alone
from storage.keyring.new_seals import Resealing
from storage.keys import Keys, MasterKey, parse_master_key
from storage.models.audit import AuditHeadRow, FactRow
from storage.models.requests import ChallengeRow
from storage.models.seals import GUARD
from storage.vault import Vault


class KeyRotation:
    """Rotations of one store."""

    def __init__(self, database: Database, file: KeyFile | None, setting: str) -> None:
        """`setting`: the master key itself, where no file holds it."""
        self._database = database
        self._file = file
        self._setting = setting
        self.before_commit: list[Callable[[MasterKey], None]] = []
        """What else lies under the master key is told of the new one, while both still hold."""

    async def status(self) -> KeyStatus:
        async with self._database.session(writes=False) as session:
            keys, _ = await self._fitting(session)
        in_use = [one for one in keys.every if one.generation == keys.generation]
        return KeyStatus(
            generation=keys.generation,
            made_at=max(one.made_at for one in in_use),
            in_use=len(in_use),
            kept=len(keys.every) - len(in_use),
            is_unfinished=self._file is not None and self._file.is_unsettled,
        )

    async def rotate(
        self, *, actor: Actor, at: datetime, compromised: bool, new_key_file: Path | None
    ) -> Rotated:
        if self._file is None and new_key_file is None:
            raise Refused("store.new_key_file_required")
        async with self._database.session(writes=True) as session:
            await be_alone(session)
            old, master = await self._fitting(session)
            if self._file is not None:
                self._file.settle(master.check, at)
            new_master = self._new_master(new_key_file, master)
            exchange = _Exchange(session=session, old=old, master=new_master, by=actor, at=at)
            found = await (exchange.of_every_key if compromised else exchange.of_the_master)()
            for tell in self.before_commit:
                tell(new_master)
            await session.commit()
        former = await self.settle(at) if new_key_file is None else ""
        return Rotated(
            generation=found[0],
            unreadable=found[1],
            former_key=former,
            new_key=str(new_key_file or (self._file.path if self._file else "")),
        )

    async def settle(self, at: datetime) -> str:
        """Put the new key's file in place, as whoever is alone; where the former one lies then."""
        if self._file is None:
            return ""
        async with self._database.session(writes=True) as session:
            await be_alone(session)
            check = await statements.value(session, FactRow.value, name=sealed_keys.CHECK)
            return self._file.settle(check or "", at)

    async def _fitting(self, session: AsyncSession) -> tuple[Keys, MasterKey]:
        masters = [MasterKey(parse_master_key(self._setting))] if self._setting else []
        for master in (*masters, *(() if self._file is None else self._file.masters())):
            if keys := await sealed_keys.load(session, master):
                return keys, master
        raise Refused("store.wrong_master_key")

    def _new_master(self, named: Path | None, old: MasterKey) -> MasterKey:
        if named is None:
            if self._file is None:
                raise Refused("store.new_key_file_required")
            return self._file.draft()
        try:
            text = named.read_text(encoding="ascii") if named.exists() else written_key(named)
        except (OSError, UnicodeDecodeError) as error:
            raise Refused("store.master_key_unreadable", path=str(named)) from error
        found = MasterKey(parse_master_key(text))
        if found.check == old.check:
            raise Refused("store.new_key_is_the_old", path=str(named))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    """One rotation at work in its transaction; `by` whom and when."""

    session: AsyncSession
    old: Keys
    master: MasterKey
    by: Actor
    at: datetime

    async def of_the_master(self) -> tuple[int, int]:
        """The generation that is in use then, and how many texts could not be read."""
        await self._record(self.old, await self._rotated(self.old.generation, compromised=False))
        await sealed_keys.keep(self.session, self.old, self.master)
        return self.old.generation, 0

    async def of_every_key(self) -> tuple[int, int]:
        """Likewise; the old chain ends with one event, and the new one begins with the next."""
        generation = self.old.generation + 1
        tampered = await find_tampered(self.session, self.old.state)
        await self._record(self.old, await self._rotated(generation, compromised=True))
        head = await _head(self.session)
        new = self.old.renewed(self.at, first_event=head.seq + 1)
        resealing = Resealing(self.session, self.old, new)
        await resealing.run()
        await _void_codes(self.session, self.at)
        await sealed_keys.keep(self.session, new, self.master)
        await self.session.execute(delete(GUARD))
        await seal_all(self.session, new, without=tampered)
        await self._record(
            new, AuditChainBegun(stream="desk", generation=generation, after=head.hash)
        )
        return generation, resealing.unreadable

    async def _rotated(self, generation: int, *, compromised: bool) -> KeysRotated:
        head = await _head(self.session)
        return KeysRotated(
            stream="desk", compromised=compromised, generation=generation, head=head.hash
        )

    async def _record(self, keys: Keys, event: Event) -> None:
        vault = Vault(keys, self.session)
        await audit_chain.append(self.session, vault, [event], actor=self.by, at=self.at)


async def _head(session: AsyncSession) -> AuditHeadRow:
    found = await statements.one_locked(session, AuditHeadRow, id=audit_chain.HEAD)
    if found is None:
        raise Unavailable("store.chain_headless")
    return found


async def _void_codes(session: AsyncSession, at: datetime) -> None:
    """Nobody can tell any more whether a code that is on its way is right."""
    open_ones = (ChallengeRow.used_at.is_(None), ChallengeRow.voided_at.is_(None))
    voided = statements.update(ChallengeRow).where(*open_ones)
    await session.execute(voided.values(voided_at=at, version=ChallengeRow.version + 1))
