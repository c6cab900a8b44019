"""What a judged volume counts: lost, doubled and late tokens."""

from tests.faults.live.ledger import Kind, Ledger, Seen, count, first_at, out_of_order


def seen(*texts: str) -> list[Seen]:
    return [Seen(text, float(number)) for number, text in enumerate(texts)]


def test_a_token_counts_once_a_message_however_often_it_stands_there():
    counted = count(seen("red, w00001", "w00001 or w00001", "nothing"))

    assert counted == {"w00001": 2}


def test_the_first_sight_of_a_token_counts():
    assert first_at(seen("", "w00001", "w00001 w00002")) == {"w00001": 1.0, "w00002": 2.0}


def test_what_stands_below_a_later_word_is_late():
    ledger = Ledger()
    one, two, three = (ledger.new(Kind.WORD, 0, 0.0) for _ in range(3))

    late = out_of_order(ledger.of(Kind.WORD, 0), seen(two.token, one.token, three.token))

    assert late == [one.token]


def test_what_was_sent_anew_by_hand_is_not_late():
    ledger = Ledger()
    one, two = (ledger.new(Kind.REPLY, 0, 0.0) for _ in range(2))

    assert out_of_order(ledger.of(Kind.REPLY), seen(two.token, one.token), [one.token]) == []
