"""A suite at another day: only the desk and its tests go there, and only when they really do."""

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from tests.nightly_year_ahead import (
    BEGAN,
    NO_LIBRARY,
    days_until,
    main,
    moved,
    pytest_configure,
)
from tests.support.drivers.real_time import real_time

LOOK = "import os; print(os.environ.get('LD_PRELOAD'))"


def preload_of_a_child() -> str:
    return subprocess.run(
        (sys.executable, "-c", LOOK), capture_output=True, text=True, check=True
    ).stdout.strip()


def test_what_keeps_the_real_time_is_started_without_the_library(monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "libnothing.so")

    with real_time():
        outside = preload_of_a_child()

    assert (outside, preload_of_a_child()) == ("None", "libnothing.so")


def test_what_fails_outside_of_the_moved_time_leaves_it_as_it_was(monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "libnothing.so")

    with pytest.raises(OSError, match="no such program"), real_time():
        raise OSError("no such program")

    assert os.environ["LD_PRELOAD"] == "libnothing.so"


def test_the_day_is_moved_and_the_monotonic_clock_is_not():
    environment = moved(Path("library.so"), 90)

    assert environment["LD_PRELOAD"] == "library.so"
    assert environment["FAKETIME"] == "+90d"
    assert environment["FAKETIME_DONT_FAKE_MONOTONIC"] == "1"


def test_a_day_can_be_named():
    assert days_until("2028-02-29", date(2027, 2, 28)) == 366
    assert days_until("+90d", date(2027, 2, 28)) == 90


def test_without_the_library_it_says_how_to_get_it(capsys):
    assert main([], places=[]) == NO_LIBRARY
    assert "apt-get install faketime" in capsys.readouterr().err


def test_a_suite_whose_clock_was_not_moved_does_not_run(monkeypatch):
    monkeypatch.setenv(BEGAN, str(time.time()))

    with pytest.raises(pytest.UsageError):
        pytest_configure()
