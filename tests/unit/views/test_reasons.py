"""Why something failed is said with what it names, in words for whoever can mend it."""

from bot.domain.addresses import Language
from bot.wording.findings import reason_text


def test_a_failure_is_told_with_the_tables_that_it_names():
    error = "company.others_hang_on_it?source=shop&table=customer&child=payment&column=payer"

    said = reason_text(error, "shop", Language.EN)

    assert said.startswith("shop: rows of payment point to rows of customer")
    assert "payer under detach of payment" in said


def test_a_failure_without_words_of_its_own_is_told_by_its_code():
    assert "(OSError)" in reason_text("OSError", "shop", Language.EN)
    assert "(company.others_hang_on_it)" in reason_text(
        "company.others_hang_on_it", "shop", Language.EN
    )
