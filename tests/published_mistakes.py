"""Published mistakes of comparable systems (docs/security.md), as mutations of this tree.

docs/security.md names the rule and the test for each; tests/seeded_mistakes.py plants them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.mutations import REMOVED


@dataclass(frozen=True, slots=True)
class Mistake:
    """In `symbol` each of `edits` replaces one expression or statement; `test` must fail then."""

    name: str
    symbol: str
    edits: Mapping[str, str]
    test: str


_PUBLISHED = "tests/unit/data_requests/test_published_mistakes.py::"
_CODES = "tests/unit/identity/test_codes_and_challenges.py::"
_LIMITS = "tests/unit/identity/test_budgets_and_limits.py::"
_STANDS = "tests/unit/requests/test_how_it_stands.py::"
_TYPED = "tests/unit/requests/test_codes.py::"
_SECRECY = "tests/unit/requests/test_code_secrecy.py::"
_FREEZING = "tests/unit/requests/test_freezing.py::"
_LINKING = "tests/unit/requests/test_linking.py::"
_WEBHOOK = "tests/edges/telegram/test_webhook.py::"
_GATE = "tests/edges/slack/test_gate.py::"
_DOOR = "tests/edges/slack/test_http_door.py::"
_STORES = "tests/contracts/test_identity.py"

MISTAKES = (
    Mistake(
        "CVE-2026-42303: a state stands for a proof",
        "may_execute",
        {"*identity_reasons(request)": REMOVED},
        _PUBLISHED + "test_each_fact_alone_closes_the_door_to_an_approved_erasure",
    ),
    Mistake(
        "CVE-2026-42303: an unverified request is made a duplicate, and goes on",
        "transitions:_COMMON",
        {
            "(ready_for_review, nothing_carried_out, canonical_is_verified_and_open)": (
                "(nothing_carried_out,)"
            )
        },
        _PUBLISHED + "test_a_request_that_is_only_said_to_be_in_review_carries_no_other",
    ),
    Mistake(
        "GHSA-qx5f-ghc2-7g5c: an unverified request locks the real subject out",
        "canonical_is_verified_and_open",
        {"other.state in WORKED_ON": "True", "[*identity_reasons(other)]": "[]"},
        _PUBLISHED + "test_an_unverified_request_blocks_nobody",
    ),
    Mistake(
        "CVE-2023-48224: codes from a guessable generator",
        "new_code",
        {
            'return f"{secrets.randbelow(_SPACE):0{DIGITS}d}"': (
                'import random\n\nreturn f"{random.randrange(_SPACE):0{DIGITS}d}"'
            )
        },
        _CODES + "test_the_core_draws_no_number_from_a_guessable_generator",
    ),
    Mistake(
        "CVE-2025-57816: the limit is kept for each chat, so that many chats have many limits",
        "Limiter.permit_code",
        {
            'asker.share if open_so_far else f"{_REFUSED}:{asker.subject}"': (
                'asker.chat if open_so_far else f"{_REFUSED}:{asker.subject}"'
            )
        },
        _LIMITS + "test_a_subject_gets_three_codes_an_hour_and_five_a_day_over_all_chats",
    ),
    Mistake(
        "CVE-2025-57816: counters in the memory of a process",
        "SqlBudgets._keep",
        {"await statements.put(self._session, TallyRow, key, values)": "None"},
        _STORES + "::TestBudgets",
    ),
    Mistake(
        "CVE-2025-57815: no limit to wrong tries",
        "Tally.charged",
        {"count % rule.every == 0": "False"},
        _LIMITS + "test_ten_wrong_codes_lock_the_chat_for_a_day",
    ),
    Mistake(
        "CVE-2023-47114: markup in what is written out",
        "letter_format:_lines",
        {"html.escape(text[at:])": "text[at:]"},
        "tests/edges/email/test_mail_server.py",
    ),
    Mistake(
        "CVE-2024-45053: text that people edit is a template",
        "CannedReply.filled",
        {
            "_VARIABLE.sub(lambda match: variables.get(match[1], match[0]), self.text)": (
                "self.text.format_map(dict(variables)).format_map(dict(variables))"
            )
        },
        "tests/unit/test_canned.py::test_values_are_never_templates",
    ),
    Mistake(
        "CVE-2024-45052: less work for an address that nobody knows",
        "send_code",
        {"now = work.clock.now()": ("now = work.clock.now()\nif not claim.is_known:\n    return")},
        _TYPED + "test_every_address_makes_the_same_rows",
    ),
    Mistake(
        "CVE-2024-45052: another reply for an address that nobody knows",
        "verification:_claim",
        {
            "text = code_replies.on_its_way(chat, way_of(request))": (
                "text = code_replies.on_its_way(chat, way_of(request))\nif not claim.is_known:\n"
                '    text = chat.text("identity.ask_email")'
            )
        },
        _TYPED + "test_every_address_gets_the_same_words_in_the_same_order",
    ),
    Mistake(
        "CVE-2025-57766, CVE-2021-3740: a role that was taken away still counts",
        "_approval_reasons",
        {"roles - {Role.APPROVER}": "False"},
        _PUBLISHED + "test_the_role_is_read_at_the_click_and_again_at_execution",
    ),
    Mistake(
        "CVE-2025-57817: an agent approves",
        "_is",
        {"_role(case) is Role.APPROVER": "_role(case) is not None"},
        "tests/unit/deciding/test_approving.py::test_an_agent_approves_nothing",
    ),
    Mistake(
        "CVE-2024-35189: a secret shows where an address is printed",
        "StoreLocation",
        {"url: str = field(repr=False)": "url: str"},
        "tests/storage/opening/test_keys_and_marks.py",
    ),
    Mistake(
        "CVE-2026-107276: read, check and consume apart",
        "SqlChallenges.save",
        {'{"id": challenge.id, "version": challenge.version}': '{"id": challenge.id}'},
        _STORES + "::TestChallenges",
    ),
    Mistake(
        "CVE-2026-107276: compared before the try is counted",
        "Challenge.redeem",
        {"self.attempts > 0": "True"},
        _CODES + "test_nothing_is_compared_before_a_try_is_counted",
    ),
    Mistake(
        "GHSA-2299-ghjr-6vjp: a code is good twice",
        "Challenge.redeem",
        {"self.used_at = now": "pass"},
        _CODES + "test_a_right_code_is_accepted_once",
    ),
    Mistake(
        "GHSA-w73w-g5xw-rwhf: a code is good on a second path",
        "code_mac",
        {"binding.request": REMOVED, "binding.purpose": REMOVED},
        _CODES + "test_a_code_is_worth_nothing_anywhere_else",
    ),
    Mistake(
        "CVE-2026-31875: a void code is good",
        "Challenge.is_open",
        {"self.voided_at is None": "True"},
        _CODES + "test_a_void_code_is_worth_nothing",
    ),
    Mistake(
        "CVE-2026-28454: no check of the webhook's secret",
        "Webhook._is_telegram",
        {"hmac.compare_digest(given, self._secret)": "bool(given) or not given"},
        _WEBHOOK + "test_nobody_enters_without_the_secret",
    ),
    Mistake(
        "CVE-2026-32980: the body is read before the check",
        "Webhook.receive",
        {
            "self._is_telegram(request)": (
                "[await request.content.read()] and self._is_telegram(request)"
            )
        },
        _WEBHOOK + "test_a_large_body_without_the_secret_is_not_read_either",
    ),
    Mistake(
        "CVE-2026-32980: no limit to a body",
        "telegram:_body",
        {"len(body) > MAX_BODY_BYTES": "False"},
        _WEBHOOK + "test_a_body_that_does_not_say_how_large_it_is_is_cut_off",
    ),
    Mistake(
        "CVE-2026-27003: a token in the log",
        "redact",
        {'SECRETS.sub("[redacted]", text)': "text"},
        "tests/edges/telegram/test_log_safety.py::test_a_token_in_a_message_is_blanked",
    ),
    Mistake(
        "CVE-2026-32895: the list is not asked for slash commands",
        "AccessCheck._concerns_staff",
        {"if not event: return True": 'if not event: return "command" not in body'},
        _GATE + "test_whoever_may_not_work_the_desk_gets_through_no_door",
    ),
    Mistake(
        "CVE-2026-32899: the list is not asked for edited messages",
        "AccessCheck._concerns_staff",
        {
            'is_there = event.get("channel") in self._workspace.channels': (
                'if event.get("subtype") == "message_changed":\n    return False\n'
                'is_there = event.get("channel") in self._workspace.channels'
            )
        },
        "tests/edges/slack/test_edits_of_strangers.py"
        "::test_an_edit_by_somebody_who_left_the_list_is_refused_at_the_door",
    ),
    Mistake(
        "CVE-2026-28392, CVE-2022-40816: no gate before the listeners",
        "Listeners.build",
        {"app.use(self._access.check)": "None"},
        _GATE + "test_whoever_may_not_work_the_desk_gets_through_no_door",
    ),
    Mistake(
        "CVE-2022-40817: a press is done by whoever lost the role since",
        "the_staff",
        {"not staff.active": "False"},
        "tests/unit/staff_desk/test_permission.py"
        "::test_a_role_that_was_taken_away_stops_counting_with_the_next_click",
    ),
    Mistake(
        "CVE-2026-44109: a store without its key is opened all the same",
        "bootstrap:_master_key",
        {"check is not None or not database.is_sqlite": "not database.is_sqlite"},
        "tests/storage/opening/test_keys_and_marks.py",
    ),
    Mistake(
        "CVE-2024-35196: bodies of requests in the log",
        "_quiet",
        {"logger.setLevel(logging.ERROR)": "None"},
        _DOOR + "test_no_request_is_in_the_log_signed_or_not",
    ),
    Mistake(
        "CVE-2020-24917: the name of a client is markup",
        "escape",
        {'text.replace("&", "&amp;").replace("<", "&lt;")': 'text.replace("&", "&amp;")'},
        "tests/edges/slack/test_blocks.py",
    ),
    Mistake(
        "CVE-2026-27636: checked first, and hidden characters taken out afterwards",
        "read_code",
        {"_CODE.fullmatch(code)": "_CODE.fullmatch(text)"},
        _CODES + "test_a_code_is_read_in_any_digits_and_dress",
    ),
    Mistake(
        "CVE-2026-28289: hidden characters hide a code from the mask",
        "_RUN",
        {
            r'r"\d(?:[^\S\n]*'
            r"[\u00ad\u200b-\u200f\u2060\u2066-\u2069\ufeff\-\u2010-\u2015.]*"
            r'[^\S\n]*\d)*"': r'r"\d(?:[^\S\n]*[\-\u2010-\u2015.]*[^\S\n]*\d)*"'
        },
        _SECRECY + "test_eight_digits_within_a_text_never_reach_a_ticket",
    ),
    Mistake(
        "CVE-2026-40591: another client's ticket by its number",
        "living_on",
        {"ticket.account != account.id": "False"},
        _LINKING + "test_tickets_of_another_account_are_only_read",
    ),
    Mistake(
        "CVE-2026-40591: another client's ticket is read by its number",
        "readable_ticket",
        {"found.account not in await own_accounts(work, account)": "False"},
        _LINKING + "test_an_unproven_account_sees_nothing_of_the_persons_older_tickets",
    ),
    Mistake(
        "CVE-2026-41902: a code that never expires",
        "Challenge.is_open",
        {"latest < self.expires_at": "True"},
        _CODES + "test_a_code_lives_ten_minutes",
    ),
    Mistake(
        "CVE-2026-47123: the MAC that we made is not looked at",
        "request_of_token",
        {"await _signed(work, _FREEZES, token)": "about_of(token)"},
        _FREEZING + "test_a_made_up_token_freezes_nothing",
    ),
    Mistake(
        "CVE-2026-47123: the MAC of a tie's notice is not looked at",
        "account_of_token",
        {"await _signed(work, _CUTS, token)": "about_of(token)"},
        _LINKING + "test_a_made_up_token_cuts_nothing_loose",
    ),
    Mistake(
        "CVE-2026-27637: a token that anybody can reckon",
        "_signature",
        {"sign(purpose, text)": '__import__("hashlib").md5(text.encode()).hexdigest()'},
        _FREEZING + "test_a_token_that_anybody_can_reckon_freezes_nothing",
    ),
    Mistake(
        "CVE-2026-115725: a request of another chat by its number",
        "own_request",
        {"request.account != account.id": "False"},
        _STANDS + "test_status_says_nothing_of_other_peoples_requests",
    ),
    Mistake(
        "Zendesk 2025: a mail bomb, since codes are not counted",
        "Limiter.permit_code",
        {"asker.is_known and open_so_far and fits": "asker.is_known and open_so_far"},
        _LIMITS + "test_the_waits_between_codes_grow",
    ),
    Mistake(
        "Pavur 2019: what may not be sent is sent all the same",
        "send_code",
        {"not permit.send": "False"},
        _TYPED + "test_a_code_that_is_good_stays_so_when_another_is_refused",
    ),
    Mistake(
        "Pavur 2019: little more than an e-mail opens everything",
        "_v3",
        {"known.phone and not shown.phone_match": "False"},
        "tests/unit/requests/test_phones.py"
        "::test_the_contact_button_is_offered_only_after_the_code",
    ),
    Mistake(
        "Fides: a weak proof ties a chat to everything its person wrote",
        "_verify",
        {"_ties(work, request, person)": "True"},
        _LINKING + "test_a_weak_proof_of_an_objection_ties_no_account",
    ),
    Mistake(
        "own: staff name another client, and old vouches count for them",
        "named",
        {"replace(facts, vouches=(), proofs=Proofs())": "replace(facts, proofs=Proofs())"},
        "tests/unit/deciding/test_naming.py::test_naming_another_voids_the_vouches_for_the_first",
    ),
)
