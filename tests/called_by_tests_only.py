"""What of the product only tests reach yet, each with its reason: a list to be emptied.

What is carried out of a data request is decided, tabled and searched, and waits for the work that
erases and packs. Whoever takes something of this into use takes it out here.
"""

from collections.abc import Mapping
from types import MappingProxyType

_CARRIES_OUT = "carrying out a request: called by the erasure work, which is not written yet"

CALLED_BY_TESTS_ONLY: Mapping[str, str] = MappingProxyType(
    {
        "bot.domain.requests.request:DataRequest.execute": _CARRIES_OUT,
        "bot.domain.requests.request:DataRequest.fail": _CARRIES_OUT,
        "bot.domain.requests.request:DataRequest.retry": _CARRIES_OUT,
        "bot.domain.requests.request:DataRequest.finish_steps": _CARRIES_OUT,
        "bot.domain.requests.request:DataRequest.prove_erased": _CARRIES_OUT,
        "bot.domain.requests.request:DataRequest.prove_package": _CARRIES_OUT,
        "bot.domain.requests.request:DataRequest.resume": _CARRIES_OUT,
        "bot.domain.requests.request:DataRequest.fetch": _CARRIES_OUT,
        "bot.domain.requests.guards:law_keeps_a_part": "chooses where a proved erasure leads",
        "bot.domain.requests.guards:is_access": "chooses where a proved package leads",
        "bot.domain.requests.guards:phone_was_shown": "of a package that is made ready again",
        "bot.domain.requests.events:ExecutionBegan": "recorded by execute, retry and resume",
        "bot.domain.requests.events:ExecutionFailed": "recorded by fail",
        "bot.domain.requests.events:StepsFinished": "recorded by finish_steps",
        "bot.domain.requests.events:FulfilledInPart": "recorded by prove_erased",
        "bot.domain.requests.events:PackagePrepared": "recorded by prove_package",
        "bot.domain.requests.states:RequestState.VERIFYING": "entered by finish_steps",
        "bot.domain.requests.states:RequestState.ATTENTION": "entered by fail",
        "bot.domain.requests.states:RequestState.FULFILLED_WITH_RETENTION": (
            "entered by prove_erased"
        ),
        "bot.domain.requests.states:RequestState.PACKAGE_READY": "entered by prove_package",
        "storage.vault:Vault.destroy": "destroys a holder's key: called by the erasure work",
    }
)
"""`module:symbol` and the reason."""
