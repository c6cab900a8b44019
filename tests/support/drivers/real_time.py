"""Programs beside the desk keep the real time when a suite runs at another day."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def real_time() -> Iterator[None]:
    """What is started meanwhile, and all that it starts, has the machine's own clock.

    `tests.nightly_year_ahead` preloads a library that moves the clock of this process and of every
    process below it. The desk is under test and goes along. PostgreSQL and Chromium are not: a
    database must not be started, and a browser not be waited for, by a clock that was moved. Only
    the preload is taken away; the library reads its own variables again and again.
    """
    preload = os.environ.pop("LD_PRELOAD", None)
    try:
        yield
    finally:
        if preload is not None:
            os.environ["LD_PRELOAD"] = preload
