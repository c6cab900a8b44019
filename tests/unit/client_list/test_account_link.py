"""Whose a chat account is: one proof ties it, a notice's link bars it, two approvers let it off."""

from datetime import timedelta

import pytest

from bot.domain.addresses import PersonId, StaffId
from bot.domain.clients.people import AccountLink
from bot.domain.errors import NotAllowed
from tests.support.fakes.store import BEGINNING

RAHIMA, KARIM = PersonId("rahima"), PersonId("karim")
ANN, BOB, CID = StaffId("ann"), StaffId("bob"), StaffId("cid")


def test_an_account_that_is_somebodys_is_tied_to_nobody_else():
    link = AccountLink()

    tied = [link.link(RAHIMA), link.link(KARIM)]

    assert tied == [True, False]
    assert link.person == RAHIMA


def test_what_was_untied_may_be_tied_again():
    link = AccountLink(person=RAHIMA)

    link.unlink()

    assert link.link(KARIM)


def test_a_bar_makes_the_account_nobodys_and_no_proof_ties_it():
    link = AccountLink(person=RAHIMA)

    is_new = link.bar(BEGINNING)

    assert is_new
    assert not link.link(RAHIMA)
    assert link == AccountLink(barred_since=BEGINNING)


def test_a_bar_stands_since_it_was_first_said_and_said_again_voids_the_first_approval():
    link = AccountLink(barred_since=BEGINNING, first_approver=ANN)

    is_new = link.bar(BEGINNING + timedelta(days=1))

    assert not is_new
    assert link == AccountLink(barred_since=BEGINNING)


def test_two_approvers_lift_a_bar_and_only_the_bar():
    link = AccountLink(barred_since=BEGINNING)

    lifted = [link.lift_bar(one, {ANN, BOB}) for one in (ANN, BOB)]

    assert lifted == [False, True]
    assert link == AccountLink()


def test_one_approver_is_not_two():
    link = AccountLink(barred_since=BEGINNING, first_approver=ANN)

    with pytest.raises(NotAllowed):
        link.lift_bar(ANN, {ANN, BOB})

    assert link.is_barred


def test_the_yes_of_somebody_who_is_no_approver_any_more_counts_no_more():
    link = AccountLink(barred_since=BEGINNING, first_approver=ANN)

    is_lifted = link.lift_bar(BOB, {BOB, CID})

    assert not is_lifted
    assert link == AccountLink(barred_since=BEGINNING, first_approver=BOB)
