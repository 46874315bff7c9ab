"""Runs Rasa's command without the deprecation warnings of its libraries, which bury its own words in the log.

Filters do not hold: several of the libraries set their own while they are imported.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any


def _say_nothing(*_args: Any, **_kwargs: Any) -> None:
    pass


warnings.showwarning = _say_nothing

if __name__ == "__main__":
    from rasa.__main__ import main

    sys.argv = sys.argv[1:]
    main()
