"""Every name that outlives a release: in rows, in buttons and links, in Slack's metadata.

What is stored or sent under a name here is read again by later releases: rows wait in the inbox and
outbox, the chain of events is verified with the names it was made with, buttons stay in chats for
years. Code may be renamed freely; a name in this table is never changed, never given to something
else, and never taken out. Tests hold the table complete, and hold it against what each release
wrote (`tests/data/releases`).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.answering import questions
from bot.answering.engine import Outcome
from bot.application import policy_publishing, test_mode
from bot.application.outbound import after_erasure, to_client, to_mailbox, to_staff
from bot.application.outbound.delivery import Delivery
from bot.application.ports.card_refs import CardKind
from bot.application.staff_desk import export, home, readings
from bot.domain import addresses, staff, store_keys
from bot.domain.clients import events as clients
from bot.domain.clients.people import AccountStatus
from bot.domain.events import Event
from bot.domain.fulfilment import steps as fulfilment
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.identity import events as identity, levels
from bot.domain.identity.budgets import BudgetKind
from bot.domain.requests import (
    events as requests,
    execution_events,
    said_facts,
    states as request_states,
)
from bot.domain.tickets import (
    events as tickets,
    message,
    routes,
    service_clock,
    states as ticket_states,
)

EVENTS: Mapping[str, type[Event]] = MappingProxyType(
    {
        "TicketOpened": tickets.TicketOpened,
        "ClientWrote": tickets.ClientWrote,
        "ClientEdited": tickets.ClientEdited,
        "ClientReacted": tickets.ClientReacted,
        "ClientThanked": tickets.ClientThanked,
        "AnswerShown": tickets.AnswerShown,
        "UnplacedWordsTaken": tickets.UnplacedWordsTaken,
        "MessageTakenOut": tickets.MessageTakenOut,
        "StaffReplied": tickets.StaffReplied,
        "ReplyUndone": tickets.ReplyUndone,
        "ReplyEdited": tickets.ReplyEdited,
        "ReplyDeleted": tickets.ReplyDeleted,
        "ReplyDelivered": tickets.ReplyDelivered,
        "ReplySentAgain": tickets.ReplySentAgain,
        "NoteWritten": tickets.NoteWritten,
        "NoteEdited": tickets.NoteEdited,
        "NoteDeleted": tickets.NoteDeleted,
        "TicketClaimed": tickets.TicketClaimed,
        "TicketAssigned": tickets.TicketAssigned,
        "PriorityChanged": tickets.PriorityChanged,
        "TagsChanged": tickets.TagsChanged,
        "TicketAwaitsThird": tickets.TicketAwaitsThird,
        "TicketSnoozed": tickets.TicketSnoozed,
        "TicketWoken": tickets.TicketWoken,
        "TicketResolved": tickets.TicketResolved,
        "TicketClosed": tickets.TicketClosed,
        "TicketReopened": tickets.TicketReopened,
        "TicketMerged": tickets.TicketMerged,
        "MarkedAsSpam": tickets.MarkedAsSpam,
        "TicketRestored": tickets.TicketRestored,
        "TicketRated": tickets.TicketRated,
        "RatingCommented": tickets.RatingCommented,
        "DeadlineNeared": tickets.DeadlineNeared,
        "AccountMade": clients.AccountMade,
        "AccountAttached": clients.AccountAttached,
        "AccountCutLoose": clients.AccountCutLoose,
        "AccountRelinkAgreed": clients.AccountRelinkAgreed,
        "AccountRelinkAllowed": clients.AccountRelinkAllowed,
        "LanguageChosen": clients.LanguageChosen,
        "ClientBlockedBot": clients.ClientBlockedBot,
        "ClientUnblockedBot": clients.ClientUnblockedBot,
        "QuestionAnswered": clients.QuestionAnswered,
        "AnswerFoundHelpful": clients.AnswerFoundHelpful,
        "PersonImported": clients.PersonImported,
        "PersonMerged": clients.PersonMerged,
        "PersonShown": clients.PersonShown,
        "PersonTakenAgain": clients.PersonTakenAgain,
        "PersonUnlocked": clients.PersonUnlocked,
        "ClientListImported": clients.ClientListImported,
        "SubjectErased": clients.SubjectErased,
        "KeysRotated": store_keys.KeysRotated,
        "AuditChainBegun": store_keys.AuditChainBegun,
        "RequestReceived": requests.RequestReceived,
        "IdentityAsked": requests.IdentityAsked,
        "ProofShown": requests.ProofShown,
        "SubjectSettled": requests.SubjectSettled,
        "SubjectNamed": requests.SubjectNamed,
        "StaffPathOpened": requests.StaffPathOpened,
        "RequesterVouchedFor": requests.RequesterVouchedFor,
        "IdentityConfirmed": requests.IdentityConfirmed,
        "CallBackRecorded": requests.CallBackRecorded,
        "ErasureConfirmed": requests.ErasureConfirmed,
        "RequestExpired": requests.RequestExpired,
        "RequestWithdrawn": requests.RequestWithdrawn,
        "RequestFrozen": requests.RequestFrozen,
        "FreezeLiftAgreed": requests.FreezeLiftAgreed,
        "FreezeLifted": requests.FreezeLifted,
        "SubjectMerged": requests.SubjectMerged,
        "PlanMade": requests.PlanMade,
        "RequestApproved": requests.RequestApproved,
        "CalledContactChange": requests.CalledContactChange,
        "SentBack": requests.SentBack,
        "ApprovalsLapsed": requests.ApprovalsLapsed,
        "RequestHeld": requests.RequestHeld,
        "HoldQuestionAnswered": requests.HoldQuestionAnswered,
        "HoldReleased": requests.HoldReleased,
        "DueDateExtended": requests.DueDateExtended,
        "DueDatePassed": requests.DueDatePassed,
        "RequestDenied": requests.RequestDenied,
        "DenialAppealed": requests.DenialAppealed,
        "AppealArgued": requests.AppealArgued,
        "DenialOverturned": requests.DenialOverturned,
        "DenialUpheld": requests.DenialUpheld,
        "DenialBecameFinal": requests.DenialBecameFinal,
        "MarkedDuplicate": requests.MarkedDuplicate,
        "DuplicateReinstated": requests.DuplicateReinstated,
        "DuplicateClosed": requests.DuplicateClosed,
        "EndedWithErasure": requests.EndedWithErasure,
        "AccessPutFirst": execution_events.AccessPutFirst,
        "ExecutionBegan": execution_events.ExecutionBegan,
        "ExecutionFailed": execution_events.ExecutionFailed,
        "StepsFinished": execution_events.StepsFinished,
        "FulfilledInPart": execution_events.FulfilledInPart,
        "PackagePrepared": execution_events.PackagePrepared,
        "PackageNotFetched": execution_events.PackageNotFetched,
        "RequestFulfilled": execution_events.RequestFulfilled,
        "CopyWaived": execution_events.CopyWaived,
        "SubjectFenced": execution_events.SubjectFenced,
        "StepDone": execution_events.StepDone,
        "LookedAfterwards": execution_events.LookedAfterwards,
        "FindingTickedOff": execution_events.FindingTickedOff,
        "CertificateIssued": execution_events.CertificateIssued,
        "LastWordEnded": execution_events.LastWordEnded,
        "ErasedAgain": execution_events.ErasedAgain,
        "LedgerBegunAnew": store_keys.LedgerBegunAnew,
        "RestoredErased": store_keys.RestoredErased,
        "UnsentSetAside": store_keys.UnsentSetAside,
        "ChallengeStarted": identity.ChallengeStarted,
        "CodeSent": identity.CodeSent,
        "CodeTakenBack": identity.CodeTakenBack,
        "ChallengeVoided": identity.ChallengeVoided,
        "WrongCode": identity.WrongCode,
        "CodeAccepted": identity.CodeAccepted,
        "ContactRefused": identity.ContactRefused,
        "ContactMatched": identity.ContactMatched,
        "LimitReached": identity.LimitReached,
        "StaffAdded": staff.StaffAdded,
        "StaffRemoved": staff.StaffRemoved,
        "RoleChanged": staff.RoleChanged,
        "StaffWentAway": staff.StaffWentAway,
        "StaffCameBack": staff.StaffCameBack,
        "ActedAtShell": staff.ActedAtShell,
        "StaffShutOut": staff.StaffShutOut,
        "StaffLetIn": staff.StaffLetIn,
        "StaffLostDeputy": staff.StaffLostDeputy,
        "AccessRefused": staff.AccessRefused,
        "QuestionLinked": questions.QuestionLinked,
        "LinkTakenBack": questions.LinkTakenBack,
        "LinkFlagged": questions.LinkFlagged,
        "LinkKept": questions.LinkKept,
        "PolicyPublished": policy_publishing.PolicyPublished,
        "SummariesPublished": policy_publishing.SummariesPublished,
        "TicketsExported": export.TicketsExported,
        "TicketRead": readings.TicketRead,
        "StartedForTesting": test_mode.StartedForTesting,
        "ClockMoved": test_mode.ClockMoved,
        "StateSealed": store_keys.StateSealed,
    }
)
"""In `event.type`, in the label of the sealed payload, and under the hash of the chain."""

DELIVERIES: Mapping[str, type[Delivery]] = MappingProxyType(
    {
        "Say": to_client.Say,
        "Relay": to_client.SendReply,
        "RelayEdit": to_client.EditReply,
        "RelayDelete": to_client.DeleteReply,
        "RemoveWord": to_client.RemoveWord,
        "MailCode": to_mailbox.MailCode,
        "MailNotice": to_mailbox.MailNotice,
        "ShowCard": to_staff.ShowCard,
        "PostMessage": to_staff.PostMessage,
        "UpdatePost": to_staff.UpdatePost,
        "PostLine": to_staff.PostLine,
        "ShowRequestCard": to_staff.ShowRequestCard,
        "TellStaff": to_staff.TellStaff,
        "Alert": to_staff.Alert,
        "Alarm": to_staff.Alarm,
        "RefreshHome": to_staff.RefreshHome,
        "LastWord": after_erasure.LastWord,
        "LastMail": after_erasure.LastMail,
    }
)
"""In `outbox.kind`, and in the label of the sealed payload."""

VALUES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "account.language": addresses.Language,
        "account.status": AccountStatus,
        "actor.kind": addresses.ActorKind,
        "budget.kind": BudgetKind,
        "card_ref.kind": CardKind,
        "data_request.facts.decided": said_facts.Verb,
        "data_request.facts.denial": request_states.DenialCode,
        "data_request.facts.extension": request_states.ExtensionReason,
        "data_request.facts.hold": request_states.HoldReason,
        "data_request.facts.level": levels.Level,
        "data_request.facts.proof": levels.ProofKind,
        "data_request.kind": request_states.RequestType,
        "data_request.state": request_states.RequestState,
        "fulfilment_finding.reason": fulfilment.TickReason,
        "fulfilment_finding.state": fulfilment.FindingState,
        "fulfilment_step.kind": SourceKind,
        "fulfilment_step.state": fulfilment.StepState,
        "home.section": home.Section,
        "message.delivery": message.DeliveryStatus,
        "message.direction": message.Direction,
        "message.route": routes.RouteCode,
        "message.route_reason": routes.RouteReason,
        "question.outcome": Outcome,
        "service_clock.metric": service_clock.Metric,
        "service_clock.state": service_clock.ClockState,
        "staff.role": addresses.Role,
        "surface": addresses.Surface,
        "ticket.kind": ticket_states.TicketKind,
        "ticket.priority": ticket_states.Priority,
        "ticket.state": ticket_states.TicketState,
    }
)
"""Words of a closed list, by the column (or the field within it) that keeps them."""


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


STREAMS = _names("account: challenge: desk link: request: ticket:")
"""`event.stream`. A name that ends in a colon is followed by what it is about."""
CONVERSATIONS = _names(
    "alarms: alerts: card: client: code: desk: home: last-mail: last-word: mail: post:"
    " request-card: staff:"
)
"""`outbox.conversation` and `outbox.coalesce`: what waits keeps its order with what comes."""
OUTBOX_STATES = _names("dead done dropped held queued returned sending void withdrawn")
"""`outbox.state`. `dropped` is of releases before 0.2: it stood for `returned` and `void`."""
DELIVERY_KEYS = _names(
    "album: card: code: delete: draft: edit: head: put-back: relay: request-card: request: stars:"
    " unplaced:"
)
"""`outbox.key`: nothing is put a second time, and what waits can be found again."""
INBOX_SOURCES = _names("slack telegram")
INBOX_STATES = _names("done pending poison")
INBOX_KEYS = _names("slack: tg: view:")
"""`inbox.key`: what a platform sends once more is known again."""
SLACK_INTENTS = _names("Commanded Edited HomeOpened Pressed Removed Said Submitted")
"""`kind` in the payload of an update from Slack: handlers/slack/payloads/intents.py."""
TIMERS = _names(
    "clock forgetting manual_steps quiet request request_cards snooze stars too_fast unplaced"
)
TIMER_KEYS = _names(
    "clock: forgetting manual_steps: quiet: request: request_cards snooze: stars: too_fast:"
    " unplaced:"
)
KEY_VALUES = _names("""
    account.frozen: account.relink: answers.links approvers.warned desk.mark files.written
    files.written: home.choice: home.viewers keys.check keys.generation ledger.head ledger.id
    ledger.since policy.summaries slack.app slack.bot slack.card: slack.channel: slack.file:
    slack.group: slack.group_lost: slack.heard_until slack.refused: slack.request_at:
    slack.request_card: slack.team telegram.declined: telegram.username
""")
"""`fact.name`. Nothing writes these now: `account.frozen:` and `account.relink:` (since revision
0002 columns of `account`), `slack.card:`, `slack.request_card:`, `slack.request_at:`,
`slack.refused:` and `slack.file:` (since 0003 tables: storage/models/workspace.py)."""
COUNTERS = _names("request ticket")
DIALOGS = _names("add ask comment link new tell")
"""`flow.name`: the guided talk that a client is in."""
DIALOG_STEPS = _names("address card category edit phone question similar text words")
LINK_SURFACES = _names("album slack slack_card slack_words telegram")
"""`link.surface` and `ticket_link.surface`."""

CLIENT_BUTTONS = _names("""
    account.disown again answer.helpful answer.person answer.section ask cancel data.contacts
    data.correct data.erase data.get data.object data.requests help lang lang.set link
    link.no_phone link.send link.unreadable menu mydata new new.add new.anyway new.cancel new.cat
    new.edit new.send policy proof.account proof.no_phone proof.send proof.unreadable put
    request.appeal request.await_copy request.confirm request.freeze request.show
    request.withdraw request.without_copy run send
    ticket.add ticket.broken ticket.close ticket.rate ticket.reopen ticket.show
    ticket.skip_comment ticket.transcript tickets unjoin
""")
"""The verb in a button's `callback_data` (`v1:VERB:REF`); it stays in the chat for good."""
SLACK_ACTIONS = _names("""
    assign await_third canned claim close details find_merge find_person find_section find_sentence
    find_ticket home_kind home_priority home_section home_tag home_turn it_arrived link_back
    link_keep merge more note preview priority question_link question_section question_sentence
    question_silent reopen reply request_approve request_call_back request_contact_change
    request_deny request_details request_duplicate request_extend request_findings
    request_findings_page request_freeze request_fulfil request_hand_over request_history
    request_hold request_judge request_lift_freeze request_manual request_more request_name
    request_release request_retry request_send_back request_staff_path request_vouch resolve restore
    send_again snooze spam tags take_up try_again undo update_again wake
""")
"""`action_id` up to its `~`, and the words of a menu's options: they stay on cards for good."""
SLACK_DIALOGS = _names("""
    assign attach home home_tag merge new note notice priority question_link reply request_approve
    request_deny request_details request_duplicate request_extend request_findings
    request_hand_over request_hold request_judge request_manual request_name request_vouch
    request_write_down resolve snooze stranger tags
""")
"""`callback_id` of views; a dialog may be open while the desk is brought up to date."""
SLACK_FIELDS = _names("""
    assignee canonical client code extension_reason finding_0 finding_1 finding_2 finding_3
    finding_4 finding_5 finding_6 finding_7 hold_reason into judgement outcome person priority proof
    reason resolution section sentence span step tag tags text text_bn text_en ticket type until
""")
"""Block ids and `action_id` of a dialog's fields: a submission in the inbox names its values so."""
SLACK_SHORTCUTS = _names("attach_to_ticket")
SLACK_COMMAND_WORDS = _names("away export relink")
"""Words of `/desk` that go through the inbox."""
SLACK_DIALOG_DATA = _names("n p s t")
"""Keys in the `private_metadata` of dialogs; what a dialog carries beside its fields."""
SLACK_METADATA = _names("digest key privacydesk")
"""`event_type` of what the desk posts, and the fields of its payload."""
POST_KEYS = DELIVERY_KEYS | _names("back: erased: outbox: post:")
"""`key` in that payload: by it the desk finds its own posts again, after doubt and in `heal`."""
DIGESTS = _names("""
    account conversation email external freeze freeze_account link phone place question.wording
""")
"""What a blind index or keyed digest is of: rows are found by it, links in mails are signed."""
START_WORDS = _names("f_")
"""What a deep link into the chat begins with."""
SEALS = _names("""
    account.address: account.display_name: challenge.binding: contact.value: event: flow.data:
    fulfilment.slot: fulfilment.who: holder_key: inbox: link.place: message.body: message.details:
    outbox: person.company: person.external_id: person.name: question.text: question_link:
    ticket.resolution: staff.name: store_key: ticket.subject:
""")
"""What a sealed text is tied to; under another label it cannot be opened."""


def name_of(kind: type[Event] | type[Delivery]) -> str:
    """The name under which events or deliveries of this class are stored.

    Raises:
        KeyError: the class is not in the table, so nothing may be stored of it yet.
    """
    return _NAMES[kind]


_NAMES = {kind: name for table in (EVENTS, DELIVERIES) for name, kind in table.items()}
