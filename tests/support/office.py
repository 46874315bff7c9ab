"""Members of the office for tests: invited, signed in by password and authenticator."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

import backend.models  # noqa: F401 - the tables refer to one another
from backend.accounts.passwords import Passwords
from backend.clock import Clock
from backend.database import Database
from backend.limits.service import Limits
from backend.secrecy import Cipher, Hasher
from backend.settings import Settings
from backend.staff.members import Members
from backend.staff.schemas import Role
from backend.staff.second_factor import SECONDS, totp
from tests.support.system import ROOT, System
from tests.support.visitor import Visitor

PASSWORD = "siedem granatowych parasoli"


@dataclass
class Colleague(Visitor):
    """Somebody of the office at the console, without a browser."""

    login: str = ""
    secret: str = ""

    def code(self, steps: int = 0) -> str:
        """What the authenticator shows now, or so many steps later."""
        return totp(self.secret).generate(int(time.time()) + steps * SECONDS).decode()


def staff_command(system: System, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("mojbok")), "staff", *arguments],
        cwd=ROOT,
        env=os.environ | system.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def invited(system: System, login: str, *roles: str, team: str | None = None) -> str:
    """The path of a new member's invitation, as `mojbok staff add` makes it."""

    async def add() -> str:
        database, clock = Database(system.database_url), Clock()
        kept = json.loads((system.data_dir / "secrets.json").read_text())
        limits = Limits(clock, Hasher(kept["hash_key"]))
        members = Members(Settings(), clock, Cipher(kept["vault_keys"]), limits, Passwords())
        name = login.replace(".", " ").title()
        async with database.write() as session:
            address = await members.add(session, login, name, [Role(role) for role in roles], team)
        await database.close()
        return urlsplit(address).path

    # A thread of its own: the browser's tests have an event loop already.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, add()).result()


def activated(system: System, login: str, *roles: str, team: str | None = None) -> Colleague:
    """A member with password and authenticator, not signed in yet."""
    system.set_clock(None)  # an authenticator shows the real time
    path = invited(system, login, *roles, team=team)
    colleague = Colleague(system.url, login=login)
    colleague.secret = re.findall(r'<code class="secret">(\w+)</code>', colleague.get(path).text)[0]
    form = {"nowe": PASSWORD, "powtorz": PASSWORD}
    for _ in range(2):  # a step of the authenticator may end while the password is hashed
        answer = colleague.post(path, data=form | {"kod-aplikacji": colleague.code(-1)}, allow_redirects=False)
        if answer.status_code == 303:
            return colleague
    raise AssertionError(answer.text)


def at_work(system: System, login: str, *roles: str, team: str | None = None) -> Colleague:
    """A member who is signed in."""
    colleague = activated(system, login, *roles, team=team)
    sign_in(colleague)
    return colleague


def enter(page: Page, system: System, colleague: Colleague) -> None:
    """The browser is the colleague's from now on."""
    token = colleague.http.cookies["mojbok_office"]
    page.context.add_cookies([{"name": "mojbok_office", "value": token, "url": system.url}])


def sign_in(colleague: Colleague, steps: int = 0) -> None:
    colleague.post("/biuro/logowanie", data={"login": colleague.login, "haslo": PASSWORD})
    form = {"kod-aplikacji": colleague.code(steps)}
    answer = colleague.post("/biuro/logowanie/kod", data=form, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/biuro/rozmowy"


def acts(system: System, subject: str) -> list[tuple[str, str | None]]:
    """Kind and reason of what was done with a conversation, a ticket or a call, in order."""
    rows = system.tables()["staff_acts"]
    return [(kind, reason) for _, _, _, kind, about, reason in rows if about == subject]
