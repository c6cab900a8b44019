"""Keys, seals and odd text: what fits opens, what was changed or moved does not."""

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import exc

from bot.application.outbound.to_client import Reply, Say
from bot.domain.addresses import AccountId, HolderId
from bot.domain.errors import Tampered, Unavailable
from storage.codec import decode, encode
from storage.errors import translate
from storage.keys import BrokenSeal, Keys, MasterKey, new_master_key, parse_master_key, seal, unseal
from storage.types import Plain, UtcTime, mended
from storage.vault import UnknownHolder, Vault
from tests.support.fakes.store import BEGINNING
from tests.support.stores.stages import Stage

KEYS = Keys.derive(b"k" * 32)
KEY = b"s" * 32
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


class TestSeals:
    @given(text=st.binary(max_size=500), label=st.text(st.characters(codec="utf-8")))
    def test_what_was_sealed_opens(self, text: bytes, label: str):
        assert unseal(KEY, label, seal(KEY, label, text)) == text

    def test_the_same_text_is_never_sealed_alike(self):
        assert seal(KEY, "a", b"x") != seal(KEY, "a", b"x")

    @pytest.mark.parametrize("place", [0, 1, 12, 13, 20, -1])
    def test_a_changed_byte_breaks_the_seal(self, place: int):
        sealed = bytearray(seal(KEY, "a", b"some words"))
        sealed[place] ^= 1

        with pytest.raises(BrokenSeal):
            unseal(KEY, "a", bytes(sealed))

    @pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"n" * 12, b"\x02" * 40])
    def test_what_was_never_sealed_does_not_open(self, sealed: bytes):
        with pytest.raises(BrokenSeal):
            unseal(KEY, "a", sealed)

    def test_a_seal_opens_only_in_its_place_and_with_its_key(self):
        sealed = seal(KEY, "message.body:1", b"x")

        for key, label in ((KEY, "message.body:2"), (b"o" * 32, "message.body:1")):
            with pytest.raises(BrokenSeal):
                unseal(key, label, sealed)


class TestKeys:
    def test_every_purpose_has_a_key_of_its_own(self):
        names = ("wrapping", "queue", "desk", "blind_index", "audit", "one_time_code", "ledger")
        names += ("state",)
        keys = {getattr(KEYS, name) for name in names} | {bytes.fromhex(MasterKey(b"k" * 32).check)}

        assert len(keys) == len(names) + 1

    def test_keys_never_print(self):
        assert KEYS.audit.hex() not in repr(KEYS)
        assert repr(KEYS.audit) not in repr(KEYS)

    def test_a_new_master_key_reads_back_and_is_new(self):
        first, second = new_master_key(), new_master_key()

        assert len(first) == 43
        assert len(parse_master_key(f" {first}\n")) == 32
        assert first != second

    def test_blind_indexes_meet_whatever_case_and_width_unless_exact(self):
        assert KEYS.index("email", "Ａnn@X") == KEYS.index("email", "ann@x")
        assert KEYS.exact_index("account", "Ann") != KEYS.exact_index("account", "ann")
        assert KEYS.index("email", "1") != KEYS.index("phone", "1")


class TestVault:
    async def test_a_holder_that_never_was_is_a_mistake_of_ours(self, stored: Stage):
        async with stored.context.database.session(writes=True) as session:
            vault = Vault(KEYS, session)
            with pytest.raises(UnknownHolder):
                await vault.seal("nobody", "a", "x")
            assert vault.readable("nobody", "a", b"\x01sealed once") == ""

    async def test_a_wrapped_key_fits_its_holder_only(self, stored: Stage):
        async with stored.context.database.session(writes=True) as session:
            vault = Vault(KEYS, session)
            await vault.create(HolderId("a"), BEGINNING)
            sealed = await vault.seal("a", "label", "words")
            fresh = Vault(KEYS, session)
            await fresh.load(("a",))

            assert fresh.open_loaded("a", "label", sealed) == "words"
            with pytest.raises(Tampered):
                await Vault(Keys.derive(b"o" * 32), session).load(("a",))


class TestText:
    @given(text=ANY_TEXT)
    def test_mended_text_can_be_stored_and_is_else_unchanged(self, text: str):
        found = mended(text)

        assert found.encode().decode() == found
        if not any("\ud800" <= char <= "\udfff" for char in text):
            assert found == text

    def test_halves_of_a_pair_are_joined_and_lone_ones_replaced(self):
        assert mended("a\ud83d\ude00b\ud800c\udfff") == "a😀b\ufffdc\ufffd"
        assert mended("\ufeffbom") == "\ufeffbom"

    def test_plain_columns_hold_no_nul(self):
        assert Plain().process_bind_param("a\0b\ud800", None) == "ab\ufffd"  # pyright: ignore[reportArgumentType]
        assert Plain().process_bind_param(None, None) is None  # pyright: ignore[reportArgumentType]

    def test_a_time_without_a_zone_is_never_stored(self):
        with pytest.raises(ValueError, match="zone"):
            UtcTime().process_bind_param(BEGINNING.replace(tzinfo=None), None)  # pyright: ignore[reportArgumentType]

    @given(text=ANY_TEXT)
    def test_whatever_is_said_comes_out_of_a_queue_as_it_can_be_stored(self, text: str):
        said = Say(AccountId("a"), Reply(text=text))

        assert decode(Say, encode(said)) == Say(AccountId("a"), Reply(text=mended(text)))


class TestTroubles:
    @pytest.mark.parametrize(
        ("said", "key"),
        [
            ("database is locked", "store.locked"),
            ("canceling statement due to lock timeout", "store.locked"),
            ("attempt to write a readonly database", "store.read_only"),
            ("cannot execute INSERT in a read-only transaction", "store.read_only"),
            ("database or disk is full", "store.full"),
            ("could not extend file: No space left on device", "store.full"),
            ("disk I/O error", "store.broken_disk"),
            ("database disk image is malformed", "store.broken_file"),
            ("password authentication failed for user", "store.login_refused"),
            ("permission denied for table ticket", "store.not_permitted"),
            ("deadlock detected", "store.collided"),
            ("something new", "store.unreachable"),
        ],
    )
    def test_each_trouble_is_told_by_what_the_driver_says(self, said: str, key: str):
        found = translate(exc.OperationalError("SELECT", {}, Exception(said)))

        assert isinstance(found, Unavailable)
        assert (found.key, found.params) == (key, {})

    def test_what_the_driver_said_does_not_leave(self):
        error = exc.OperationalError("INSERT", {}, Exception("locked: 'Amina'"))

        assert "Amina" not in str(translate(error))

    def test_a_mistake_of_ours_stays_a_mistake(self):
        wrong = exc.ProgrammingError("SELEC", {}, Exception("syntax error"))
        odd = exc.InvalidRequestError("odd")

        assert translate(wrong) is wrong
        assert translate(odd) is odd

    def test_two_at_once_is_no_mistake(self):
        found = translate(exc.IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed")))

        assert isinstance(found, Unavailable)
        assert found.key == "store.collided"
