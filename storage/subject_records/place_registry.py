"""The registry of places: for every column and file, whose door it has, or why it needs none.

Whatever keeps something new takes its place here first; tests/test_places.py fails until it does.
What a place holds of a person is found, exported, erased and looked through by the functions that
its door names, and by nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Door(StrEnum):
    """By which way the personal data of a place goes."""

    ROWS = "rows"  # a subject's own rows: they are deleted, or blanked to a tombstone
    KEYS = "keys"  # sealed and chained: unreadable once the holders' keys are destroyed
    TOMBSTONE = "tombstone"  # a keyed index that stays, so that an import refuses the row
    REQUEST = "request"  # of a request that is carried out: its own key is destroyed at the end
    UNTIED = "untied"  # kept masked, without whose it is: the scan looks through it
    STAFF = "staff"  # of members of staff, who are no data subjects of this desk
    OPERATOR = "operator"  # a file that a person made; the scan looks into it where it knows it


class Nothing(StrEnum):
    """Why a column or a file holds nothing personal."""

    ID = "id"  # a random number of the desk's own
    CODE = "code"  # a word of a closed list, or a name of the desk's own
    TIME = "time"
    COUNT = "count"
    DESK = "desk"  # the company's own words, keys and settings
    PLATFORM = "platform"  # where something of staff's stands in their workspace


@dataclass(frozen=True, slots=True)
class Handling:
    """Who finds, exports, erases and scans what goes through a door, as `module:name`."""

    finder: str
    exporter: str
    eraser: str
    scanner: str


_RECORDS = "storage.subject_records"
_FILES = "handlers.runtime.written_files:FilesSource"
_SCAN = "bot.application.ports.sources:Source.look"
_NOBODY = "bot.application.ports.sources:Source.plan"
HANDLING: Mapping[Door, Handling] = MappingProxyType(
    {
        Door.ROWS: Handling(
            f"{_RECORDS}.own_rows:OwnRows.of",
            f"{_RECORDS}.opened_rows:opened_rows",
            f"{_RECORDS}.subject_records:SqlSubjectRecords.erase",
            _SCAN,
        ),
        Door.KEYS: Handling(
            f"{_RECORDS}.found_by:FoundBy.gather",
            "storage.repositories.desk:SqlEventLog.of",
            "storage.vault:Vault.destroy",
            _SCAN,
        ),
        Door.TOMBSTONE: Handling(
            "storage.repositories.persons:SqlPeople.known_as",
            f"{_RECORDS}.opened_rows:opened_rows",
            f"{_RECORDS}.subject_records:SqlSubjectRecords.erase",
            _SCAN,
        ),
        Door.REQUEST: Handling(
            "storage.repositories.fulfilments:SqlFulfilments.get",
            "storage.repositories.fulfilments:SqlFulfilments.get",
            "storage.repositories.fulfilments:SqlFulfilments.forget_who",
            _SCAN,
        ),
        Door.UNTIED: Handling(_SCAN, _NOBODY, _SCAN, _SCAN),
        Door.STAFF: Handling(_NOBODY, _NOBODY, _NOBODY, _SCAN),
        Door.OPERATOR: Handling(
            f"{_FILES}.plan", f"{_FILES}.export", f"{_FILES}.erase", f"{_FILES}.look"
        ),
    }
)
Held = Door | Nothing


def _columns(**named: str) -> Mapping[str, Held]:
    """`rows="name company", id="person"`: by the door or the reason, which columns."""
    doors = {one.value: one for one in Door}
    reasons = {one.value: one for one in Nothing}
    return MappingProxyType(
        {
            column: doors.get(way) or reasons[way]
            for way, columns in named.items()
            for column in columns.split()
        }
    )


TABLES: Mapping[str, Mapping[str, Held]] = MappingProxyType(
    {
        "person": _columns(
            rows="external_id name company",
            tombstone="external_index",
            id="id merged_into",
            code="language regime",
            time="created_at erased_at",
        ),
        "contact": _columns(
            rows="value value_index kind", id="id person", time="since young_until on_record_until"
        ),
        "account": _columns(
            rows="address address_index display_name topic person",
            id="id link_first_approver",
            code="language language_chosen status",
            time="link_barred_since told_of_throttle_at created_at",
        ),
        "flow": _columns(rows="data", id="account", code="name step", time="expires_at"),
        "holder_key": _columns(
            keys="wrapped", id="holder", time="created_at fenced_at destroyed_at"
        ),
        "staff": _columns(
            staff="slack_user name",
            id="id deputy",
            code="role source active fault",
            time="away_until counts_from",
        ),
        "ticket": _columns(
            rows="subject resolution tags stars topic",
            id="id account holder assignee parent merged_into",
            code="kind category language priority state",
            count="serial reopened_count version",
            time=(
                "snooze_until opened_at first_response_at resolved_at closed_at state_since"
                " last_client_at"
            ),
        ),
        "message": _columns(
            rows="body details author media_group",
            id="id account ticket reply_to",
            code="direction delivery delivery_error route route_reason",
            count="position version",
            time="at edited_at deleted_at",
        ),
        "link": _columns(
            rows="place place_index remote", id="message", code="surface", count="id part"
        ),
        "ticket_link": _columns(rows="place_index remote", id="ticket", code="surface", count="id"),
        "told_word": _columns(rows="remote", id="account", count="id", time="at"),
        "service_clock": _columns(
            id="ticket",
            code="metric state",
            count="left_seconds",
            time="started_at due_at stopped_at",
        ),
        "card_ref": _columns(platform="channel ts", id="about", code="kind is_lost"),
        "refused_words": _columns(platform="channel ts"),
        "file_upload": _columns(rows="file_id", id="message", count="part", code="is_done"),
        "inbox": _columns(
            rows="payload conversation",
            code="key source state error",
            count="id tries",
            time="received_at next_at done_at",
        ),
        "outbox": _columns(
            rows="payload",
            id="holder conversation coalesce key",
            code="kind state error",
            count="id rank tries is_repeat",
            time="created_at next_at lease_until done_at",
        ),
        "timer": _columns(id="key ref", code="kind", time="due_at"),
        "data_request": _columns(
            rows="facts",
            id="id ticket subject_person subject_account account created_by",
            code="kind regime state is_live",
            count="serial approvals_needed state_version version",
            time="received_at due_on due_at since",
        ),
        "challenge": _columns(
            rows="binding mac",
            id="id request account",
            code="is_decoy",
            count="attempts version",
            time="made_at latest_at used_at voided_at",
        ),
        "budget_spending": _columns(rows="owner item", code="kind", count="id", time="at"),
        "budget_tally": _columns(
            rows="owner", code="kind", count="count", time="latest_at locked_until"
        ),
        "signed_link": _columns(
            rows="digest",
            id="about",
            code="purpose",
            count="id",
            time="issued_at expires_at used_at",
        ),
        "fulfilment": _columns(
            request="who slot",
            id="request",
            desk="plan approved certificate",
            platform="channels",
            count="round",
            time="planned_at fenced_at certified_at looked_last_at forgotten_at",
        ),
        "fulfilment_step": _columns(
            id="request done_by",
            code="source kind state error note rows stated",
            count="round position tries",
            time="begun_at lease_until done_at kept_until",
        ),
        "fulfilment_finding": _columns(
            id="id request ticked_by",
            code="source place kind is_strong state reason",
            platform="link",
            count="hits",
            time="at",
        ),
        "event": _columns(
            keys="payload",
            id="actor stream holder",
            staff="os_user",
            code="type",
            desk="hash",
            count="seq",
            time="at",
        ),
        "audit_head": _columns(desk="hash", count="id seq"),
        "store_key": _columns(
            desk="wrapped", code="purpose", count="generation first_event", time="made_at"
        ),
        "fact": _columns(code="name", desk="value"),
        "counter": _columns(code="name", count="value"),
        "policy_version": _columns(desk="version text"),
        "publication": _columns(desk="version", count="id", time="at"),
        "question": _columns(
            untied="text digest",
            id="id link",
            desk="policy_version quotes",
            code="language outcome is_helpful is_open",
            time="at",
        ),
        "question_link": _columns(
            untied="question digest",
            id="id",
            desk="sentence policy_version flagged_in",
            time="at taken_back_at",
        ),
        "trouble": _columns(id="instance", code="kind about error", time="since seen_at"),
        "guard": _columns(rows="scope place seal"),
    }
)
"""By table and column. A seal stands in `guard` under the names of its row, and goes with it."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Files that the product writes or reads beside its store."""

    pattern: str
    """A glob; `{db}` is the name of the database's file."""
    held: Held
    why: str


FILES: tuple[FilePlace, ...] = (
    FilePlace("{db}", Door.ROWS, "the tables, sealed; freed bytes are overwritten"),
    FilePlace("{db}-wal", Door.ROWS, "SQLite's log; folded and emptied after an erasure"),
    FilePlace("{db}-shm", Nothing.COUNT, "SQLite's index of its log: page numbers"),
    FilePlace("{db}.lock", Nothing.ID, "whose process is at work"),
    FilePlace("{db}.key", Nothing.DESK, "the master key"),
    FilePlace("*.key", Nothing.DESK, "a master key of its own place"),
    FilePlace("erasures-*.jsonl", Nothing.ID, "keyed tombstones of who was erased"),
    FilePlace("erasures-*.jsonl.*", Nothing.ID, "what was last seen of it, and earlier ones"),
    FilePlace(
        "{db}.before-*", Door.OPERATOR, "the store of before a restore, for a person to remove"
    ),
    FilePlace(
        "{db}.restoring*", Door.ROWS, "a restore that is not done; it is taken up or removed"
    ),
    FilePlace("*.log", Nothing.CODE, "what the desk logs: ids, codes and figures"),
    FilePlace("*.backup", Door.OPERATOR, "a backup: sealed, and erased again when it is restored"),
    FilePlace("*.csv", Door.OPERATOR, "a client list that was brought in, or an export"),
    FilePlace("*.jsonl", Door.OPERATOR, "an export"),
    FilePlace("*.npz", Nothing.DESK, "vectors of the company's policy, kept to start quickly"),
)
SETTINGS_FILES: Mapping[str, Held] = MappingProxyType(
    {
        "policy_file": Nothing.DESK,
        "policy_translations_file": Nothing.DESK,
        "canned_replies_file": Nothing.DESK,
        "privacydesk_master_key_file": Nothing.DESK,
        "holidays_file": Nothing.DESK,
        "certificate_key_file": Nothing.DESK,
        "company_sources": Nothing.DESK,
        "erasure_ledger": Nothing.ID,
        "scanned_paths": Door.OPERATOR,
    }
)
"""Files that a setting names."""
