"""Where what lies outside a database is kept: its key, its ledger of erasures."""

from dataclasses import replace
from pathlib import Path

from bot.domain.errors import Refused
from storage.bootstrap import StoreLocation
from storage.database import parse_url
from storage.keyring.key_file import KeyFile
from storage.keys import MasterKey, parse_master_key


def file_beside(location: StoreLocation) -> Path:
    """The name beside which a desk keeps what lies outside its database.

    That of the master key's file without its ending, or else the SQLite file's; of PostgreSQL, with
    the key in a setting, the database's name in the folder in which the desk runs.
    """
    if location.master_key_file is not None and not location.master_key:
        file = location.master_key_file
        return file.with_name(file.name.removesuffix(".key"))
    return Path(parse_url(location.url).database or "desk")


def default_ledger(location: StoreLocation) -> Path:
    """Under another name than the database, so that who copies or removes that leaves it.

    Beside the SQLite file, or else beside the file of the master key, or where the desk runs.
    """
    url = parse_url(location.url)
    if url.get_backend_name() == "sqlite":
        beside = Path(url.database or "")
        return beside.with_name(f"erasures-{beside.stem}.jsonl")
    beside = file_beside(location)
    return beside.with_name(f"erasures-{beside.name}.jsonl")


def with_own_key(location: StoreLocation) -> StoreLocation:
    """The same place with its key's file named, so that a copy elsewhere opens with that key."""
    if location.master_key or location.master_key_file is not None:
        return location
    url = parse_url(location.url)
    if url.get_backend_name() != "sqlite":
        return location
    file = Path(url.database or "").absolute()
    return replace(location, master_key_file=file.with_name(f"{file.name}.key"))


def master_checks(location: StoreLocation) -> list[str]:
    """What a store keeps of the master keys that are here. Raises Refused: none is."""
    if location.master_key:
        return [MasterKey(parse_master_key(location.master_key)).check]
    if location.master_key_file is None:
        raise Refused("store.master_key_required")
    return [one.check for one in KeyFile(location.master_key_file).masters()]
