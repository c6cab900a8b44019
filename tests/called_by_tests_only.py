"""What of the product only tests reach yet, each with its reason: a list to be emptied.

A copy of a client's data is decided and tabled, and waits for the work that packs it. Whoever takes
something of this into use takes it out here.
"""

from collections.abc import Mapping
from types import MappingProxyType

_PACKS = "handing a package over: called by the work that packs, which is not written yet"

CALLED_BY_TESTS_ONLY: Mapping[str, str] = MappingProxyType(
    {
        "bot.domain.requests.request:DataRequest.prove_package": _PACKS,
        "bot.domain.requests.request:DataRequest.fetch": _PACKS,
        "bot.domain.requests.guards:phone_was_shown": "of a package that is made ready again",
        "bot.domain.requests.execution_events:PackagePrepared": "recorded by prove_package",
        "bot.domain.requests.states:RequestState.PACKAGE_READY": "entered by prove_package",
    }
)
"""`module:symbol` and the reason."""
