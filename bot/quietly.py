"""Runs Rasa's command without the deprecation warnings of its libraries, which bury its own words in the log.

Its Sanic turns them on again when it is imported, so what switches them off has to come after that.
"""

from __future__ import annotations

import sys
import warnings

import sanic.app  # noqa: F401 - turns deprecation warnings on

warnings.simplefilter("ignore")

if __name__ == "__main__":
    from rasa.__main__ import main

    sys.argv = sys.argv[1:]
    main()
