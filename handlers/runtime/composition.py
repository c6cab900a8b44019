"""The composition root: the only module that knows the store and every edge."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.answering.document.policy_document import Document, read_policy, shipped_policy
from bot.application.bus import Bus
from bot.application.policy_publishing import policy_history, publish_policy, publish_summaries
from bot.application.ports.company_maps import CompanyMaps
from bot.application.ports.reports import HealthCheck, StoreReports
from bot.application.reactions import react
from bot.domain.addresses import OPERATOR
from bot.domain.errors import Refused
from handlers.answer_engine import Answers
from handlers.documents.certificate_signer import Ed25519Signer
from handlers.open_desk import Desk
from handlers.os_user import os_user, typed_by
from handlers.runtime.config_files import desk_config, named_values, reviewed_summaries
from handlers.runtime.map_checks import COMPANY_SOURCES, map_findings
from handlers.runtime.preflight import clock_offset
from handlers.runtime.restored_store import make_good_at_start, watching
from handlers.runtime.start_checks import Check, checks_of
from handlers.runtime.trouble_board import TroubleBoard
from handlers.runtime.workers.outbox_worker import OutboxWorker
from handlers.runtime.workers.state_watch import tell_tampered
from handlers.runtime.workers.store_watch import StoreWatch
from handlers.sandbox.own_store import (
    SANDBOX_FOLDER,
    STORE,
    kept_offset,
    kept_settings,
)
from handlers.settings import Settings, read_settings
from handlers.system_clock import SystemClock
from storage.bootstrap import (
    Store,
    StoreLocation,
    StoreMode,
    open_store,
    shown_place,
)
from storage.clients_source import ClientsSource
from storage.company.map_files import MapFiles
from storage.erasures.beside_store import default_ledger, file_beside
from storage.erasures.ledger import open_ledger
from storage.erasures.ledger_file import LedgerFile
from storage.file_health import look_at_store_files, may_be_opened
from storage.instance_lock import hold, only_desk_on
from storage.keys import BrokenSeal
from storage.reports import StoreRecords
from storage.residual.store_proofs import StoreProofs
from storage.sqlite.driver import SqliteDriver
from storage.unit_of_work import StoreContext

FILES = "database files"


def clients_source(settings: Settings) -> ClientsSource | None:
    """The CRM that the client list is read from; None: it comes from files."""
    url, query = settings.clients_database_url.get_secret_value(), settings.clients_query
    driver = SqliteDriver(settings.sqlite_driver)
    return ClientsSource(url, query, sqlite=driver) if url or query else None


def company_maps(
    settings: Settings, files: Sequence[Path] = (), *, untested: bool = False
) -> CompanyMaps:
    """The data maps of COMPANY_SOURCES, or of these files."""
    return MapFiles(files or settings.company_sources, named_values(), untested=untested)


def place_of(settings: Settings) -> StoreLocation:
    """Where the store is, and what it was born for."""
    return StoreLocation(
        url=settings.database_url,
        master_key=settings.privacydesk_master_key.get_secret_value(),
        master_key_file=settings.privacydesk_master_key_file,
        mode=StoreMode.TESTING if settings.privacydesk_testing else StoreMode.LIVE,
        sqlite_driver=SqliteDriver(settings.sqlite_driver),
    )


def sandbox_place(settings: Settings) -> StoreLocation:
    """The sandbox's own store; it never touches DATABASE_URL."""
    return StoreLocation(
        url=f"sqlite:///{SANDBOX_FOLDER / STORE}",
        mode=StoreMode.SANDBOX,
        sqlite_driver=SqliteDriver(settings.sqlite_driver),
    )


def certificate_key_file(settings: Settings, place: StoreLocation | None = None) -> Path:
    """Where the key for certificates lies, or is made."""
    if settings.certificate_key_file is not None:
        return settings.certificate_key_file
    beside = file_beside(place or place_of(settings))
    return beside.with_name(f"{beside.name}.certificate.key")


def ledger_file(settings: Settings, place: StoreLocation) -> LedgerFile:
    """Where the ledger of erasures lies."""
    return LedgerFile(settings.erasure_ledger or default_ledger(place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """Which store a command opens, under which settings; a sandbox has a clock of its own."""

    settings: Settings
    place: StoreLocation
    clock: SystemClock | None = None


def premises(*, in_sandbox: bool) -> Premises:
    """Of the settings, or of the sandbox that ran in this folder, also while it runs.

    Raises:
        SettingsRefused: with every problem that was found.
        Refused: no sandbox ever ran here.
    """
    settings = read_settings()
    if not in_sandbox:
        return Premises(settings=settings, place=place_of(settings))
    from handlers.sandbox.start import sandbox_values  # noqa: PLC0415  # only then

    own = read_settings(**sandbox_values(settings, kept_settings(SANDBOX_FOLDER)))
    clock = SystemClock(kept_offset(SANDBOX_FOLDER))
    return Premises(settings=own, place=sandbox_place(own), clock=clock)


def start_checks(
    settings: Settings, place: StoreLocation | None = None, *, patience_seconds: float | None = None
) -> list[Check]:
    """All that is looked at before a start, without calling anybody."""
    found_at = place or place_of(settings)

    def source() -> list[HealthCheck]:
        clients_source(settings)
        return []

    def files() -> list[HealthCheck]:
        return look_at_store_files(found_at, patience_seconds=patience_seconds)

    def maps() -> list[HealthCheck]:
        return map_findings(company_maps(settings))

    is_sandbox = found_at.mode is StoreMode.SANDBOX  # its settings are its own, and never live
    of_settings = [] if is_sandbox else [*checks_of(settings), Check("client list", source)]
    return [*of_settings, Check(COMPANY_SOURCES, maps), Check(FILES, files)]


def may_open_store(found: Sequence[HealthCheck]) -> bool:
    """Whether `doctor` may open it, by what was found of its files."""
    return may_be_opened(found) and all(one.is_good for one in found if one.name == FILES)


@asynccontextmanager
async def open_desk(  # noqa: PLR0913  # where, by which clock, and what opening may do to it
    settings: Settings,
    place: StoreLocation | None = None,
    *,
    clock: SystemClock | None = None,
    publishes: bool = True,
    may_make: bool = True,
    at_shell: bool = False,
    was_restored: bool = False,
) -> AsyncGenerator[Desk]:
    """A desk on its store; closed in good order.

    `publishes`: the policy file and its reviewed summaries become the current ones. A command that
    only looks or decides does not publish, unless nothing was ever published. `may_make`: a store
    that is not there yet is made; it is spoken of then, since the address may have been mistyped.
    `at_shell`: a command opens it, so that whatever happens on it was typed. `was_restored`: a
    backup was just put back; whoever it brought back is erased again first. `clock`: a sandbox's.

    Raises:
        Refused: the policy file, the store or the ledger of erasures is not usable as it is, or a
            text in the store is damaged.
        Unavailable: the store cannot be reached.
    """
    policy, summaries = _shown_policy(settings)
    place = replace(place or place_of(settings), may_make=may_make)
    clock = _clock(settings, place, clock)
    store = await open_store(place)
    try:
        desk = await _desk(settings, policy, store, place, clock, at_shell=at_shell)
        await make_good_at_start(
            desk.own_bus, desk.ledger, is_command=at_shell, was_restored=was_restored
        )
        await _publish(desk, summaries, again=publishes)
        yield desk
        if not at_shell:
            await desk.ledger.keep_seen()
    except BrokenSeal as error:
        raise Refused("store.broken_seal", place=str(error)) from error
    finally:
        await store.database.close()


@asynccontextmanager
async def open_records(
    settings: Settings, place: StoreLocation | None = None, *, clock: SystemClock | None = None
) -> AsyncGenerator[StoreReports]:
    """The store as it is: nothing is written, not even beside a copy. Raises as `open_desk`."""
    place = replace(place or place_of(settings), may_make=False, only_looks=True)
    clock = _clock(settings, place, clock)
    try:
        store = await open_store(place)
    except Refused as refused:
        if refused.key != "store.other_schema":
            raise
        place = replace(place, only_looks=False)  # of an earlier release: brought up to date first
        store = await open_store(place)
    try:
        context = StoreContext(store.database, store.ring, clock, desk_config(settings))
        yield StoreRecords(context, place)
    finally:
        await store.database.close()


def _clock(settings: Settings, place: StoreLocation, clock: SystemClock | None) -> SystemClock:
    """The system's, or a test rig's; another one belongs to a sandbox and to nothing else."""
    if clock is None:
        return SystemClock(clock_offset(settings))
    if place.mode is not StoreMode.SANDBOX:
        message = "only a sandbox has a clock of its own"
        raise ValueError(message)
    return clock


def _shown_policy(settings: Settings) -> tuple[Document, Mapping[str, str]]:
    """The policy, and its reviewed summaries. Raises Refused."""
    path = settings.policy_file
    policy = shipped_policy() if path is None else read_policy(path)
    return policy, reviewed_summaries(settings)


async def _publish(desk: Desk, summaries: Mapping[str, str], *, again: bool) -> None:
    """`again`: also where something was published before."""
    if not again and await desk.bus.look(policy_history):
        return
    policy = desk.policy
    await desk.bus.handle(OPERATOR, publish_policy, version=policy.sha256, text=policy.text)
    await desk.bus.handle(OPERATOR, publish_summaries, summaries=summaries)


async def _desk(  # noqa: PLR0913  # the parts of an open store
    settings: Settings,
    policy: Document,
    store: Store,
    place: StoreLocation,
    clock: SystemClock,
    *,
    at_shell: bool,
) -> Desk:
    troubles = TroubleBoard(clock)
    companies = company_maps(settings).sources()
    rules = replace(desk_config(settings), company_sources=tuple(one.name for one in companies))
    context = StoreContext(store.database, store.ring, clock, rules, tell_tampered(troubles))
    ledger = await open_ledger(ledger_file(settings, place), context, store.rotation)
    watch = StoreWatch(troubles)
    open_work = typed_by(os_user(), watch.watched(context.open_work), everything=at_shell)
    own_bus = Bus(open_work, react)
    on_commit: list[Callable[[], None]] = []
    return Desk(
        settings=settings,
        rules=rules,
        clock=clock,
        bus=Bus(open_work, react, committed=lambda: _wake(on_commit)),
        own_bus=own_bus,
        on_commit=on_commit,
        policy=policy,
        ask=Answers(own_bus, policy).ask,
        records=StoreRecords(context, place),
        keys=store.rotation,
        signer=Ed25519Signer(certificate_key_file(settings, place)),
        ledger=ledger,
        proofs=StoreProofs(context),
        companies=companies,
        troubles=troubles,
        watch_store=lambda: watching(watch.run(own_bus), ledger),
        carry_out=lambda adapters: OutboxWorker(own_bus, adapters, clock, troubles).idle(),
        at_work=lambda: hold(store.database),
        clients=clients_source(settings),
        new_store=shown_place(store.database) if store.is_new else "",
    )


def _wake(waiting: Sequence[Callable[[], None]]) -> None:
    for wake in waiting:
        wake()


def alone_on(settings: Settings) -> AbstractContextManager[None]:
    """Be the one desk that runs on the store of the settings. Raises Refused: another does."""
    return only_desk_on(settings.database_url, SystemClock().now())
