"""Words of our own that gave way to the field's: `python -m tests.old_words` prints what is left.

docs/glossary.md says what the new ones mean. Stored names are texts, not identifiers: they stay.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.structure import House, Module


@dataclass(frozen=True)
class Word:
    """An old word, and what says it now; `within` is the only folder in which it is old."""

    old: str
    new: str
    within: str = ""


def _words(table: str, within: str = "") -> tuple[Word, ...]:
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(Word(old, new, within) for old, new in rows)


IDENTIFIERS = (
    *_words("""
        HouseRules DeskConfig
        house_rules desk_config
        House StoreContext
        Facts RequestRecord
        Parcel ClaimedDelivery
        Courier DeliveryAdapter
        Trip SendAttempt
        Relay SendReply
        RelayEdit EditReply
        RelayDelete DeleteReply
        strays expired_leases
        Doubt DeliveryUncertainty
        Room LaneCapacity/WorkspaceState
        Arrival InboundUpdate
        State TicketState/RequestState
        Action TicketAction/RequestAction
        Place Jurisdiction/StoreLocation/MessageRef
        CardPlace CardRef
        Wish DataIntent/NewRequest
        Finding HealthCheck
        Records StoreReports
        LONGEST_WAIT MAX_BACKOFF_SECONDS
        LARGEST MAX_BODY_BYTES
        PATIENCE RETRY_DELAYS_SECONDS
        Errand Purpose
        Onlooker StaffObserver/ClientObserver
    """),
    *_words("told translate\nat_work hold\nMark StoreMode", within="storage/"),
    *_words("leg send_part", within="handlers/"),
    *_words("World Environment", within="handlers/sandbox/environment.py"),
    *_words("Contact ContactVerdict", within="bot/domain/identity/"),
    *_words("Chat ConversationContext\nWritten RichTextBuilder", within="bot/application/"),
    *_words("Doors Listeners\nWork IntentDispatcher\nDoer StaffSession", within="handlers/slack/"),
    *_words("Stage PageContext", within="handlers/sandbox/"),
)
"""Classes, functions, variables and parameters. `facts` is not among them: of its three meanings
(events, key-values, what is known of a request) the last alone is left, and is stored so."""
MODULES = (
    *_words("""
        house_rules config
        house_files config_files
        courier delivery_adapter
        trip send_attempt
        relay outbox_worker
        carrying inbox/outbox
        once key_values
        talk message
        marking reply_prefix
        presence instance_lock
        starting lifecycle
        live runtime
        readiness preflight
        diagnosis doctor
        turns keyed_lock
        entrance api
        keeping message_intake
        incoming inbound_message
        pace throttling
        sorting ticket_assignment
        flows dialog_state
        aftercare rating
        stars rating
        opened new_ticket
        proof_talk dialog
        proof_steps parsing
        link_talk account_link_dialog
        twins duplicates
        attaching account_links
        linking account_links
        relinking account_links
        freezing objection_links
        errands challenge_purpose/slow_commands
        forgetting codes
        proving process
        showing process
        attempts request_context
        guarding protective_actions
        naming subject_lookup
        to_subject subject
        mailing mail
        daily scheduling
        writing_down intake
        heads concept_classifier
        mending policy_spelling
        repair spelling
        same_question paraphrase
        learning reviewed_links
        fusion score_fusion
        usual_topics expected_topics
        checking lint
        masking pii_masking
        calibrating calibration
        doors listeners
        doing dispatcher
        doer staff_session
        gate access
        pressing buttons
        submitting submissions
        forms form_checks
        talking thread_messages
        placing card_refs
        lines thread_notices
        catching_up backfill
        healing reconciliation
        drift reconciliation
        seeding staff_sync
        pacing rate_limits
        reach health
        writing mrkdwn
        receiving http_mode
        socket socket_mode
        post message_blocks
        cast sample_people
        town environment
        stage page_context
        spoiling fault_injection
        onlooker observer
        plainly terminal_rendering
        filling seed_data
    """),
    *_words("opening bootstrap\nrecords reports", within="storage/"),
    *_words("claims claimed_address", within="bot/application/requests/"),
    *_words(
        "claims presuppositions\nreading question_reading\nchanges diff", within="bot/answering/"
    ),
    *_words(
        "chat context\nintents phrases\nasking questions\nanswers answer_rendering\n"
        "written answer_rendering\ncards ticket_views",
        within="bot/application/conversation/",
    ),
    *_words("room workspace_state", within="handlers/sandbox/"),
)
"""Files."""


def identifiers(module: Module) -> Iterator[str]:
    """Every name that the module defines, takes or uses; words in texts and comments are none."""
    for node in ast.walk(module.tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.alias(asname=str(name)):
                yield name
            case ast.keyword(arg=str(name)):
                yield name
            case _:
                pass


def old_identifiers(house: House) -> list[str]:
    old = {word.old: word for word in IDENTIFIERS if not word.within}
    inner = [word for word in IDENTIFIERS if word.within]
    found: list[str] = []
    for module in house.modules.values():
        path = house.named(module)
        here = old | {word.old: word for word in inner if path.startswith(word.within)}
        used = sorted(here.keys() & set(identifiers(module)))
        found += [f"{path}: {name}, now {here[name].new}" for name in used]
    return found


def old_modules(house: House) -> list[str]:
    return [
        f"{path}: now {word.new}"
        for module in house.files
        for word in MODULES
        if (path := house.named(module)).startswith(word.within) and module.stem == word.old
    ]


if __name__ == "__main__":
    left = [*old_modules(House()), *old_identifiers(House())]
    sys.stdout.write("\n".join([*left, f"{len(left)} left"]) + "\n")
