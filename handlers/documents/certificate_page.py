"""What a printed certificate says, in words: a pure function of the signed facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.addresses import Language
from bot.domain.fulfilment.plan import PlanAction
from bot.wording import say
from bot.wording.times import moment_utc

Signed = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading with its sentences and a table."""

    heading: str
    words: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class CertificatePage:
    """The words of one certificate in one language."""

    def __init__(self, facts: Signed, language: Language) -> None:
        self._facts, self._language = facts, language

    @property
    def title(self) -> str:
        return self._say("title", number=self._facts["number"])

    def opening(self) -> tuple[str, ...]:
        facts = self._facts
        return (
            self._say("opening", company=facts["company"]),
            self._say("opening_reference", number=facts["number"]),
        )

    def parts(self, key: str, digest: str) -> list[Part]:
        """`key`: the name of the key; `digest`: SHA-256 of the signed text."""
        return [
            self._summary(),
            self._approvals(),
            self._sources(),
            self._kept(),
            self._looked(),
            self._left(),
            self._proof(key, digest),
        ]

    def _summary(self) -> Part:
        facts = self._facts
        told = {
            "number": facts["number"],
            "reference": facts["reference"],
            "received": self._at(facts["received_at"]),
            "carried_out": self._at(facts["carried_out_at"]),
            "certified": self._at(facts["certified_at"]),
        }
        return self._table(
            "summary", ("", ""), (2, 5), [(self._say(f"of_{name}"), told[name]) for name in told]
        )

    def _approvals(self) -> Part:
        facts = self._facts
        rows = [(one["approver"], self._at(one["at"])) for one in facts["approvals"]]
        words = (self._say("approvals_words", plan=facts["plan_hash"]),)
        return self._table("approvals", ("col_approver", "col_at"), (3, 3), rows, words)

    def _sources(self) -> Part:
        head = ("col_source", "col_place", "col_action", "col_rows", "col_done")
        rows = [row for one in self._facts["sources"] for row in self._done(one)]
        return self._table("sources", head, (3, 4, 3, 2, 4), rows, (self._say("sources_words"),))

    def _done(self, source: Signed) -> Iterator[tuple[str, ...]]:
        kind, at = self._say(f"kind_{source['kind']}"), self._at(source["done_at"])
        name = f"{source['source']} ({kind})"
        for place, count in sorted(source["rows"].items()):
            where, _, action = place.rpartition(".")
            is_known = action in set(PlanAction)
            done = self._say(f"action_{action}") if is_known else ""
            yield (name, where if is_known else place, done, self._count(count), at)
        if not source["rows"]:
            yield (name, "", self._say("nothing_there"), self._count(0), at)

    def _kept(self) -> Part:
        facts = self._facts
        rows = [
            (
                f"{one['source']}: {one['place']}",
                self._worded(one["law"], "laws"),
                self._count(one["rows"]),
                self._at(one["until"]) if one["until"] else self._say("until_unknown"),
            )
            for one in facts["kept"]
        ]
        words = self._say("kept_words" if rows else "kept_nothing")
        head = ("col_place", "col_law", "col_rows", "col_until")
        return self._table("kept", head, (4, 5, 2, 4), rows, (words,))

    def _looked(self) -> Part:
        names = ("tables", "cells", "bytes", "files", "posts", "masked", "ticked_off")
        rows = [
            (one["source"], *(self._count(one[name]) for name in names))
            for one in self._facts["sources"]
        ]
        head, words = (
            ("col_source", *(f"col_{name}" for name in names)),
            (self._say("looked_words"),),
        )
        return self._table("looked", head, (4, 2, 3, 3, 2, 2, 2, 2), rows, words)

    def _left(self) -> Part:
        """What this does not reach, said before anybody has to find out."""
        facts = self._facts
        stated = dict.fromkeys(key for one in facts["sources"] for key in one["stated"])
        slot = facts["slot_until"]
        told = [
            self._worded(facts["backups"], "certificate"),
            self._say("slot", until=self._at(slot)) if slot else self._say("no_slot"),
            *(self._worded(key, "certificate") for key in stated),
        ]
        return Part(heading=self._say("left"), words=tuple(told))

    def _proof(self, key: str, digest: str) -> Part:
        facts = self._facts
        told = {
            "key": key,
            "digest": digest,
            "audit_head": facts["audit_head"],
            "version": facts["version"],
            "round": self._count(facts["round"]),
        }
        rows = [(self._say(f"of_{name}"), told[name]) for name in told]
        return self._table("proof", ("", ""), (2, 5), rows, (self._say("proof_words"),))

    def _table(
        self,
        name: str,
        head: tuple[str, ...],
        widths: tuple[int, ...],
        rows: list[tuple[str, ...]],
        words: tuple[str, ...] = (),
    ) -> Part:
        return Part(
            heading=self._say(name),
            words=words,
            head=tuple(self._say(one) if one else "" for one in head),
            widths=widths,
            rows=tuple(rows),
        )

    def _worded(self, key: str, area: str) -> str:
        """A text by its key; what has none here is shown as it was signed."""
        for name in (key, f"{area}.{key}"):
            try:
                return say(name, self._language)
            except KeyError:
                continue
        return key

    def _say(self, name: str, **params: object) -> str:
        return say(f"certificate.{name}", self._language, **params)

    def _count(self, count: int) -> str:
        return self._say("count", count=count)

    def _at(self, text: str | None) -> str:
        if not text:
            return ""
        return moment_utc(datetime.fromisoformat(text).astimezone(UTC), self._language)
