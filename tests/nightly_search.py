"""The exhaustive search over data requests with nothing left out; minutes, not seconds."""

from itertools import product

from bot.data_requests.states import RequestType
from tests.unit.data_requests.search import AREAS, dead_ends, explore


def run() -> dict[str, int]:
    """Nodes walked, by type, corner and number of approvals. AssertionError where a rule breaks."""
    walked = {}
    for kind, area in product(RequestType, AREAS):
        for approvals in (1, 2) if kind is RequestType.ACCESS else (1,):
            found = explore(kind, area, access_approvals=approvals)
            assert dead_ends(found) == []
            walked[f"{kind}, {area}, {approvals}"] = len(found.nodes)
    return walked
