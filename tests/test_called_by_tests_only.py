"""The list of what only tests call names what is there."""

import importlib
from operator import attrgetter

import pytest

from tests.called_by_tests_only import CALLED_BY_TESTS_ONLY


@pytest.mark.parametrize("named", CALLED_BY_TESTS_ONLY)
def test_what_only_tests_call_is_there(named):
    module, _, symbol = named.partition(":")

    attrgetter(symbol)(importlib.import_module(module))

    assert CALLED_BY_TESTS_ONLY[named]
