"""What a message says it is not: "to nie skarga, chcę się tylko dowiedzieć…". Runs under Python 3.10, needs nothing."""

from __future__ import annotations

import re

_TICKET = r"(?:skarg|reklamac|zg[lł]oszeni|za[zż]aleni)\w*"
_IT_IS = r"(?:\s+(?:jest|by[lł]a|by[lł]o|ma\s+by[cć]|[zż]adn\w+))*"
_DO_NOT = (
    r"(?:chc[eę]|chcemy|chcia[lł][ao]?bym|zamierzam|b[eę]d[eę]|zg[lł]aszam|sk[lł]adam|wnosz[eę])"
    r"(?:\s+(?:sk[lł]ada[cć]|z[lł]o[zż]y[cć]|wnosi[cć]|zg[lł]asza[cć]|pisa[cć]|tu|teraz|[zż]adn\w+))*"
)
_DENIED = re.compile(
    rf"\b(?:ale\s+)?(?:to\s+nie{_IT_IS}|to\s+[zż]adn\w+|(?:ja\s+)?nie\s+{_DO_NOT})\s+{_TICKET}", re.IGNORECASE
)
"""Words that follow one another: "nie, to reklamacja" denies something else."""


def denied_ticket(text: str) -> tuple[int, int] | None:
    """Where a text says "to nie skarga" or "nie chcę składać reklamacji"; None where it does not."""
    found = _DENIED.search(text)
    return found.span() if found else None
