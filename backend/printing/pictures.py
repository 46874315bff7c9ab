"""Drawings as PNG, for channels that show no SVG."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import typst

PIXELS_AN_INCH = 96
"""Makes 720 pixels of the template's 540 points: as wide as the drawings are, and as a telephone shows them."""


class Pictures:
    """One compiler for all pictures, as for documents."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        template = Path(__file__).parent / "templates" / "picture.typ"
        self._compiler = typst.Compiler(str(template), ignore_system_fonts=True)

    async def png(self, svg: str) -> bytes:
        """The drawing on white, 720 pixels wide."""
        return await asyncio.to_thread(self._compile, svg)

    def _compile(self, svg: str) -> bytes:
        with self._lock:
            made = self._compiler.compile(format="png", ppi=PIXELS_AN_INCH, sys_inputs={"svg": svg})
        assert isinstance(made, bytes)
        return made
