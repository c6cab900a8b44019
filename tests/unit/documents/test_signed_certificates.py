"""A certificate says what was signed, or it is said what is wrong with it; no store is asked."""

import base64
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain.errors import Refused
from handlers.documents.certificate_key import own_key, public_key_of
from handlers.documents.certificate_signer import Ed25519Signer
from handlers.documents.signed_json import canonical, look_at, raw_public, signed
from tests.support.builders.certificates import a_certificate

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


@pytest.fixture(scope="module")
def text() -> str:
    return signed(a_certificate(), KEY)


def test_what_was_signed_is_read_again(text: str):
    found = look_at(text, raw_public(KEY.public_key()))

    assert found.is_good
    assert found.facts is not None
    assert found.canonical == text
    assert found.facts["number"] == "R-000045"
    assert found.facts["certified_at"] == "2026-11-22T12:00:00.000000Z"
    assert set(found.facts) == set(asdict(a_certificate()))


def test_the_same_facts_in_another_order_and_print_are_the_same_certificate(text: str):
    turned = dict(reversed(json.loads(text).items()))

    found = look_at(json.dumps(turned, indent=4))

    assert found.is_good
    assert found.canonical == text


def test_every_fact_is_covered_by_the_signature(text: str):
    whole = json.loads(text)

    for name, value in whole["certificate"].items():
        forged = whole | {"certificate": whole["certificate"] | {name: another(value)}}
        assert look_at(canonical(forged)).problem == "certificate.changed", name
        fewer = {one: said for one, said in whole["certificate"].items() if one != name}
        assert not look_at(canonical(whole | {"certificate": fewer})).is_good, name


def another(value: object) -> object:
    match value:
        case int():
            return value + 1
        case list():
            return value[::-1] if len(value) > 1 else [*value, *value]
        case None:
            return "2026-11-22T12:00:00.000000Z"
        case _:
            return f"{value}x"


def test_no_changed_byte_goes_unseen(text: str):
    raw = text.encode()

    for at in range(0, len(raw), 7):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        assert not look_at(changed).is_good, at


@pytest.mark.parametrize("cut", [1, 2, 100, 1000])
def test_a_cut_certificate_is_none(text: str, cut: int):
    assert look_at(text[:-cut]).problem == "certificate.not_one"


def test_a_name_that_stands_twice_is_refused(text: str):
    doubled = text.replace('"number":', '"number":"R-000046","number":', 1)

    assert look_at(doubled).problem == "certificate.not_one"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '"x"', "1e9", "[" * 100_000, '{"certificate":NaN}', "\x00"]
)
def test_what_is_no_certificate_is_called_none(text: str):
    assert look_at(text).problem == "certificate.not_one"


def test_another_key_is_another_key_and_signs_a_whole_forgery_only_under_its_own_name(text: str):
    forged = signed(a_certificate(number="R-000099"), OTHER)
    renamed = canonical(json.loads(forged) | {"key": look_at(text).key})
    mixed = canonical(json.loads(text) | {"signature": json.loads(forged)["signature"]})

    assert look_at(forged).is_good
    assert look_at(forged, raw_public(KEY.public_key())).problem == "certificate.other_key"
    assert look_at(renamed).problem == "certificate.key_misnamed"
    assert look_at(mixed).problem == "certificate.changed"


def test_a_certificate_of_a_later_shape_is_signed_and_not_understood():
    assert look_at(signed(a_certificate(schema=99), KEY)).problem == "certificate.other_schema"


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path):
    file = tmp_path / "desk.certificate.key"

    first, again = Ed25519Signer(file), Ed25519Signer(file)

    assert first.public_key() == again.public_key()
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert look_at(first.sign(a_certificate()), again.public_key()).is_good


def test_a_key_is_taken_as_pem_and_as_base64(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text(base64.urlsafe_b64encode(KEY.private_bytes_raw()).decode().rstrip("=") + "\n")
    public = raw_public(KEY.public_key())

    assert raw_public(own_key(file, may_make=False).public_key()) == public
    assert public_key_of(base64.b64encode(public).decode()) == public


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN PRIVATE KEY-----", "AAAA"])
def test_what_is_no_key_is_refused_and_stays(tmp_path: Path, text: str):
    file = tmp_path / "key"
    file.write_text(text)

    with pytest.raises(Refused, match="key_malformed"):
        Ed25519Signer(file).sign(a_certificate())

    assert file.read_text() == text


def test_without_a_place_for_the_key_nothing_is_signed(tmp_path: Path):
    with pytest.raises(Refused, match="key_unset"):
        Ed25519Signer(None).sign(a_certificate())
    with pytest.raises(Refused, match="key_unreadable"):
        Ed25519Signer(tmp_path / "nowhere" / "key").sign(a_certificate())
    with pytest.raises(Refused, match="key_missing"):
        own_key(tmp_path / "key", may_make=False)
