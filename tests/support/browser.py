"""Debian's Chromium, and what every page must pass."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
README_PICTURES, OTHER_PICTURES = ROOT / "docs" / "pictures", ROOT / "var" / "pictures"
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LEVELS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

needs_browser = pytest.mark.skipif(
    CHROMIUM is None and "CI" not in os.environ, reason="NO BROWSER: install Debian's chromium to run these tests"
)


def assert_accessible(page: Page) -> None:
    """axe finds nothing at levels A and AA."""
    found = Axe().run(page, options=LEVELS)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def picture(page: Page, name: str) -> None:
    """With MOJBOK_PICTURES set: the pictures of the README anew, and all others to be looked at."""
    if "MOJBOK_PICTURES" in os.environ:
        known = (README_PICTURES / f"{name}.png").exists()
        page.screenshot(path=(README_PICTURES if known else OTHER_PICTURES) / f"{name}.png")
