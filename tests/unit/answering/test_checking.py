"""What weakens a policy is named with its line."""

from bot.answering.diff import Change, changed_sentences, policy_changes, show_changes
from bot.answering.document.policy_document import outline, parse_policy, shipped_policy
from bot.answering.lint import Weak, Weakness, weaknesses
from bot.domain.addresses import Language


def found(text: str, kind: Weak) -> list[Weakness]:
    return [one for one in weaknesses(parse_policy(text)) if one.kind is kind]


def test_the_shipped_policy_has_its_known_weaknesses():
    kinds = {(one.kind, one.line) for one in weaknesses(shipped_policy())}

    assert (Weak.DUPLICATE_HEADING, 7) in kinds
    assert (Weak.TYPO, 19) in kinds
    assert (Weak.VAGUE_RETENTION, 43) in kinds
    assert (Weak.NO_CONTACT, 1) in kinds
    assert (Weak.NO_DATE, 1) in kinds


def test_a_typo_is_named_with_what_was_meant():
    (typo,) = [one for one in weaknesses(shipped_policy()) if "erifying" in one.text]

    assert "verifying" in typo.text
    assert "19" in typo.said_in(Language.EN)
    assert typo.said_in(Language.BN) != typo.text


def test_an_address_and_a_date_satisfy_the_check():
    text = "Policy\n\nIn force since 2024. Write to privacy@example.org.\n"

    assert not found(text, Weak.NO_CONTACT)
    assert not found(text, Weak.NO_DATE)


def test_two_sections_of_one_name_are_a_weakness():
    text = "# A policy\n\n## Data\n\nWe keep it.\n\n## Rights\n\nAsk us.\n\n## Data\n\nMore.\n"

    assert [one.line for one in found(text, Weak.DUPLICATE_HEADING)] == [11]


def test_a_heading_with_nothing_under_it_is_a_weakness_unless_it_is_a_title():
    text = "# A policy\n\n## Data\n\n## Rights\n\nAsk us for it.\n"

    assert [one.line for one in found(text, Weak.EMPTY_SECTION)] == [3]


def test_a_heading_over_subsections_is_not_empty():
    text = "# A policy\n\n## Data\n\n### Names\n\nWe keep names.\n"

    assert not found(text, Weak.EMPTY_SECTION)


def test_usual_topics_that_are_touched_are_not_missing():
    silent = found("We do not speak.", Weak.MISSING_TOPIC)
    touched = found(
        "We use cookies and similar technologies. Cookies are small text files.",
        Weak.MISSING_TOPIC,
    )

    assert any("cookies" in one.text for one in silent)
    assert not any("cookies" in one.text for one in touched)


def test_the_missing_topics_of_a_bangla_policy_are_named_in_bangla():
    missing = found("আমরা কিছু বলি না।", Weak.MISSING_TOPIC)

    assert any("কুকি" in one.text for one in missing)


def test_an_empty_document_lacks_every_usual_topic():
    assert found("", Weak.MISSING_TOPIC)


def test_the_outline_shows_headings_lines_and_offsets():
    lines = list(outline(shipped_policy()))

    assert any(line.strip().startswith("17  ## How we use") for line in lines)
    assert any("[3399-3485] We retain" in line for line in lines)
    assert any(" - [" in line and line.endswith("…") for line in lines)


OLD = parse_policy(
    "# A\n\nWe keep names for a year. We sell nothing.\n\n# B\n\nAsk us. Old rule here.\n"
)
NEW = parse_policy(
    "# A\n\nWe keep names for two years.\n\n# B\n\nWe sell nothing. Ask us. New text on cats.\n"
)


def test_changes_are_named_by_what_happened_to_the_sentence():
    kinds = {(one.kind, one.new or one.old) for one in policy_changes(OLD, NEW)}

    assert (Change.REWORDED, "We keep names for two years.") in kinds
    assert (Change.MOVED, "We sell nothing.") in kinds
    assert (Change.ADDED, "New text on cats.") in kinds
    assert (Change.REMOVED, "Old rule here.") in kinds


def test_a_sentence_that_stays_is_no_change():
    assert not policy_changes(OLD, OLD)
    assert "Ask us." not in {one.new for one in policy_changes(OLD, NEW)}


def test_changes_are_shown_as_lines_with_their_section():
    lines = list(show_changes(OLD, NEW))

    assert "[A] reworded" in lines
    assert "  - We keep names for a year." in lines
    assert "  + We keep names for two years." in lines
    assert "  > We sell nothing." in lines


def test_changed_sentences_are_those_the_new_version_lacks():
    assert changed_sentences(OLD, NEW) == {"We keep names for a year.", "Old rule here."}
