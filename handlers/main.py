"""The composition root: the only module that knows the store and every edge."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.addresses import OPERATOR
from bot.bus import Bus
from bot.data_requests.facts import RequestRules
from bot.house_rules import HouseRules
from bot.policy.document import Document, read_policy, shipped_policy
from bot.ports import Courier
from bot.reactions import react
from bot.use_cases.publishing import publish_policy
from handlers.answers import Answers
from handlers.clock import SystemClock, parse_offset
from handlers.desk import Desk
from handlers.readiness import Mode, choose_mode
from handlers.scheduled.relay import Relay
from handlers.settings import Settings, read_settings
from storage.opening import Mark, Place, Store, open_store
from storage.records import StoreRecords
from storage.unit_of_work import House

SANDBOX_FOLDER = Path(".sandbox")


def house_rules(settings: Settings) -> HouseRules:
    """The company's choices, as the core wants them."""
    return HouseRules(
        company=settings.company_name,
        reply_undo=timedelta(seconds=settings.reply_undo_seconds),
        zone=settings.zone,
        messages_per_minute=settings.messages_per_minute,
        tickets_per_day=settings.tickets_per_day,
        retention_days=settings.retention_days,
        requests=RequestRules(access_approvals=settings.access_approvals),
        default_regime=settings.default_regime,
        mail_works=bool(settings.smtp_url.get_secret_value()),
    )


def place_of(settings: Settings) -> Place:
    """Where the store is, and what it was born for."""
    return Place(
        url=settings.database_url,
        master_key=settings.privacydesk_master_key.get_secret_value(),
        master_key_file=settings.privacydesk_master_key_file,
        mark=Mark.TESTING if settings.privacydesk_testing else Mark.LIVE,
    )


def sandbox_place() -> Place:
    """The sandbox's own store; it never touches DATABASE_URL."""
    return Place(url=f"sqlite:///{SANDBOX_FOLDER / 'desk.db'}", mark=Mark.SANDBOX)


@asynccontextmanager
async def open_desk(settings: Settings, place: Place | None = None) -> AsyncGenerator[Desk]:
    """A desk on its store, its policy published; closed in good order.

    Raises:
        Refused: the policy file or the store is not usable as it is.
        Unavailable: the store cannot be reached.
    """
    path = settings.policy_file
    policy = shipped_policy() if path is None else read_policy(path)
    place = place or place_of(settings)
    store = await open_store(place)
    try:
        desk = _desk(settings, policy, store, place)
        await desk.bus.handle(OPERATOR, publish_policy, version=policy.sha256, text=policy.text)
        yield desk
    finally:
        await store.database.close()


def _desk(settings: Settings, policy: Document, store: Store, place: Place) -> Desk:
    clock = SystemClock(parse_offset(settings.privacydesk_clock_offset))
    rules = house_rules(settings)
    house = House(store.database, store.keys, clock, rules)
    own_bus = Bus(house.open_work, react)
    on_commit: list[Callable[[], None]] = []

    def committed() -> None:
        for wake in on_commit:
            wake()

    async def carry_out(couriers: Sequence[Courier]) -> None:
        await Relay(own_bus, couriers).idle()

    return Desk(
        settings=settings,
        rules=rules,
        clock=clock,
        bus=Bus(house.open_work, react, committed=committed),
        own_bus=own_bus,
        on_commit=on_commit,
        policy=policy,
        ask=Answers(policy).ask,
        records=StoreRecords(house, place),
        carry_out=carry_out,
    )


async def run_desk(settings: Settings) -> None:
    """Run until told to stop: live with all tokens, the sandbox with none.

    Raises:
        Refused: settings, tokens or the store are not usable; the text says what to do.
        Unavailable: the store or a platform cannot be reached.
    """
    from handlers.live import run_live  # noqa: PLC0415  # the other commands start faster without

    if choose_mode(settings) is Mode.SANDBOX:
        await _run_sandbox(settings)
        return
    async with open_desk(settings) as desk:
        await run_live(desk)


async def _run_sandbox(settings: Settings) -> None:
    """The same edges, pointed at a Telegram, a Slack and a mailbox on this machine."""
    from handlers.live import run_live  # noqa: PLC0415  # likewise
    from handlers.sandbox.start import announce, clear_sandbox, sandbox_values  # noqa: PLC0415
    from handlers.sandbox.town import sandbox_world  # noqa: PLC0415

    place = sandbox_place()
    clear_sandbox(SANDBOX_FOLDER)
    async with sandbox_world() as world:
        own = read_settings(**sandbox_values(settings, world.settings_overrides))
        async with open_desk(own, place) as desk:
            await run_live(desk, ready=lambda: announce(world))
