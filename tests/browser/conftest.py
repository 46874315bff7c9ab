from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.system import System


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each module: while it is open its event loop stands in the way of others."""
    assert CHROMIUM, "the browser tests need Debian's chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def console() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, system: System, console: list[str]) -> Iterator[Page]:
    """The page, whose console must stay empty."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="pl-PL")
    page = context.new_page()
    # What axe tries on a page has no address.
    page.on("console", lambda message: message.location["url"] and console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.goto(system.url)
    yield page
    context.close()
    # Chromium itself notes each answer that is an error, and each lost connection.
    assert [line for line in console if "net::" not in line and "the server responded with" not in line] == []
