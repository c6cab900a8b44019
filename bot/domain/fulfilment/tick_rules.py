"""For which reasons an approver may tick a finding off: a rule, so that nothing strong slips by."""

from bot.domain.fulfilment.identifiers import WEAK
from bot.domain.fulfilment.steps import LEFT, UNREADABLE, ResidualFinding, TickReason

_NOT_THEIRS = (TickReason.ANOTHER_PERSON, TickReason.A_WORD)


def reasons_for(finding: ResidualFinding) -> tuple[TickReason, ...]:
    """What may be said of it, the likeliest first.

    A strong identifier is nobody else's, whoever wrote it down: whoever says it is removed is
    believed only until the next look. A name, an address that others share, a short number may be
    somebody else's; what the look cannot open rests on the word of a person.
    """
    if finding.kind == UNREADABLE:
        return (TickReason.CANNOT_BE_READ, TickReason.REMOVED)
    if finding.kind == LEFT:
        return (TickReason.REMOVED,)
    if finding.kind in WEAK or not finding.is_strong:
        return (*_NOT_THEIRS, TickReason.REMOVED)
    return (TickReason.REMOVED,)
