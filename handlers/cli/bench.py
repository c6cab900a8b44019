"""`privacydesk bench`: its code and its questions live in a checkout (tools/benchmark)."""

from importlib import import_module

import click

from bot.domain.errors import Refused
from handlers.cli.output import refusals


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@refusals
def bench() -> None:
    """Say where the benchmark is."""
    raise Refused("console.bench_in_a_checkout")


def _found() -> click.Command:
    """From a checkout the whole command; the wheel holds none of it."""
    try:
        return import_module("tools.benchmark.command").bench
    except ModuleNotFoundError as missing:
        if not (missing.name or "").startswith("tools"):
            raise
        return bench


COMMANDS = (_found(),)
