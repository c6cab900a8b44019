"""A plan in words: nothing of it is lost on the way to whoever reads it, and nothing is made up."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.application.fulfilment.plan_words import (
    TO_CLIENT,
    TO_STAFF,
    differences,
    on_terminal,
    told_to_client,
    told_to_staff,
)
from bot.domain.addresses import Language
from bot.domain.fulfilment.plan import Plan, PlanAction, PlanItem, SourceKind, SourcePlan, drift
from bot.wording import texts

DHAKA = ZoneInfo("Asia/Dhaka")
UNTIL = datetime(2031, 3, 1, tzinfo=UTC)
BILLING = SourcePlan(
    source="billing",
    kind=SourceKind.COMPANY,
    version="1",
    subjects=1,
    items=(
        PlanItem(
            place="customer", action=PlanAction.DELETE, rows=1, called=(("en", "Your contract"),)
        ),
        PlanItem(
            place="invoice",
            action=PlanAction.KEEP,
            columns=("note",),
            law="bd-vat-2012",
            until=UNTIL,
            rows=5,
        ),
        PlanItem(place="session", action=PlanAction.MASK, rows=0),
    ),
)
TELEGRAM = SourcePlan(
    source="telegram",
    kind=SourceKind.TELEGRAM,
    subjects=1,
    items=(PlanItem(place="telegram.older_words", action=PlanAction.STATED),),
)
COURIER = SourcePlan(
    source="by hand: Tell the courier",
    kind=SourceKind.MANUAL,
    items=(PlanItem(place="Tell the courier", action=PlanAction.BY_HAND),),
)
OWN = SourcePlan(
    source="desk",
    kind=SourceKind.DESK,
    subjects=1,
    items=(
        PlanItem(place="message", action=PlanAction.DELETE, rows=14),
        PlanItem(place="flow", action=PlanAction.DELETE, rows=1),
        PlanItem(place="challenge", action=PlanAction.DELETE, rows=2),
        PlanItem(place="person", action=PlanAction.MASK, rows=1),
    ),
)
PLAN = Plan(sources=(BILLING, TELEGRAM, COURIER, OWN))


def test_a_client_reads_what_goes_what_stays_and_until_when():
    text = told_to_client(PLAN, Language.EN, DHAKA)

    assert "Erased: Your contract (1)" in text
    assert "Kept until 1 March 2031" in text
    assert "Value Added Tax" in text
    assert "invoice (5). What that law does not need" in text
    assert "Tell the courier" in text
    assert "only the client can delete" in text


def test_a_place_in_which_nothing_was_found_is_shown_on_the_terminal_only():
    assert "session" not in told_to_client(PLAN, Language.EN, DHAKA)
    assert "session (0)" in "\n".join(on_terminal(PLAN, Language.EN, DHAKA))


def test_places_that_are_called_the_same_are_counted_as_one():
    assert "codes, limits, links and reminders (3)" in told_to_client(PLAN, Language.EN, DHAKA)


def test_only_staff_read_the_table_and_that_counsel_should_confirm_a_law():
    client = told_to_client(PLAN, Language.EN, DHAKA)
    staff = told_to_staff(PLAN, "R-000001", Language.EN, DHAKA)

    assert ("counsel" in client, "counsel" in staff) == (False, True)
    assert "customer: Your contract (1)" in staff


def test_a_law_that_only_the_map_names_is_called_by_its_own_words():
    item = PlanItem(place="log", action=PlanAction.KEEP, law="Union rules, art. 9", rows=2)
    plan = Plan(sources=(replace(BILLING, items=(item,)),))

    assert "(Union rules, art. 9): log (2)" in told_to_client(plan, Language.EN, DHAKA)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("action", PlanAction)
def test_every_action_has_its_words(language: Language, action: PlanAction):
    item = PlanItem(place="thing", action=action, rows=3)
    plan = Plan(sources=(replace(BILLING, items=(item,)),))

    assert "thing" in told_to_client(plan, language, DHAKA)


def test_somebody_found_twice_or_not_at_all_is_said():
    twice, never = replace(BILLING, subjects=2), replace(BILLING, subjects=0, items=())

    assert "Found there as 2 people" in told_to_staff(
        Plan(sources=(twice,)), "R-1", Language.EN, DHAKA
    )
    assert "Nobody was found there" in told_to_client(Plan(sources=(never,)), Language.EN, DHAKA)


def test_a_long_plan_is_cut_where_it_is_read_and_says_where_the_rest_is():
    items = tuple(
        PlanItem(
            place=f"a_table_with_a_long_name_{n}", action=PlanAction.KEEP, law=f"law {n}", rows=n
        )
        for n in range(1, 120)
    )
    plan = Plan(sources=(replace(BILLING, items=items), OWN))

    client = told_to_client(plan, Language.EN, DHAKA)
    staff = told_to_staff(plan, "R-000009", Language.EN, DHAKA)

    assert len(client) < TO_CLIENT + 100
    assert len(staff) < TO_STAFF + 100
    assert "more lines" in client.splitlines()[-1]
    assert "privacydesk requests plan R-000009" in staff.splitlines()[-1]
    assert len(list(on_terminal(plan, Language.EN, DHAKA))) > 120


def test_what_changed_is_said_in_words():
    grown = replace(BILLING, items=(replace(BILLING.items[0], rows=90), *BILLING.items[1:]))
    extra = replace(grown, items=(*grown.items, PlanItem(place="lead", action=PlanAction.DELETE)))
    now = Plan(sources=(replace(extra, subjects=2), OWN))

    said = differences(drift(Plan(sources=(BILLING, TELEGRAM, OWN)), now), Language.EN)

    assert said == [
        "lead in The company's database billing is new",
        "The company's database billing: found as 2 people, before as 1",
        "The company's database billing: 95 rows, before 6",
        "The chat in Telegram is gone",
    ]


def test_every_kind_of_difference_has_its_words_in_both_languages():
    keys = {key for key in texts(Language.EN, "plan") if key.startswith("drift_")}

    assert keys == {key for key in texts(Language.BN, "plan") if key.startswith("drift_")}
