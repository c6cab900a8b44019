"""The exhaustive search over data requests, of every type and corner; minutes, not seconds."""

from itertools import product

from bot.domain.requests.states import RequestType
from tests.unit.data_requests.search import AREAS, ASIDE, dead_ends, explore

WITHOUT_THE_REST = ("naming",)
"""Before any proof; what follows a proof is walked in the other corners, which fits the hour."""


def run() -> dict[str, int]:
    """Nodes walked, by type, corner and number of approvals. AssertionError where a rule breaks."""
    walked = {}
    for kind, area in product(RequestType, AREAS):
        for approvals in (1, 2) if kind is RequestType.ACCESS else (1,):
            aside = ASIDE[area] if area in WITHOUT_THE_REST else ()
            found = explore(kind, area, access_approvals=approvals, leave_out=aside)
            assert dead_ends(found) == []
            walked[f"{kind}, {area}, {approvals}"] = len(found.nodes)
    return walked


if __name__ == "__main__":
    found = run()
    print("\n".join(f"{what}: {nodes}" for what, nodes in found.items()))
    print(f"{sum(found.values())} states of {len(found)} searches walked, no rule broken")
