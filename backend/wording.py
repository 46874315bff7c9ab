"""What the backend says by itself, and the settings inside every sentence. The wording is read from `domain.yml`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml
from babel.dates import format_date

from backend.settings import ROOT, Settings


@dataclass(frozen=True)
class Wording:
    """Sentences by name, and the values of `$company`, `$phone` and the others."""

    responses: dict[str, dict[str, Any]]
    values: dict[str, str]

    def sentence(self, name: str) -> dict[str, Any]:
        """A response of the domain: `text`, and where it has them `buttons` and `metadata`."""
        return self.responses[name]

    def fill(self, text: str, team: str | None) -> str:
        """The text with settings in place of their names; `$contact` is the team's, or both while it is not known."""
        return Template(text).safe_substitute(self.values, contact=self._contact(team))

    def _contact(self, team: str | None) -> str:
        if team in ("cok", "bok"):
            return f"tel. {self.values['phone']} lub e-mail {self.values[f'{team}_email']}"
        return (
            f"tel. {self.values['phone']} lub e-mail {self.values['cok_email']} (klient indywidualny) "
            f"albo {self.values['bok_email']} (klient biznesowy)"
        )


def load_wording(settings: Settings, domain: Path = ROOT / "domain.yml") -> Wording:
    responses = yaml.safe_load(domain.read_text(encoding="utf-8"))["responses"]
    return Wording({name: variants[0] for name, variants in responses.items()}, _values(settings))


def _values(settings: Settings) -> dict[str, str]:
    names = ("company", "site_url", "portal_url", "phone", "cok_email", "bok_email")
    values = {name: str(getattr(settings, name)) for name in names}
    last_day_of_ebok = settings.cutover - dt.timedelta(days=1)
    values["own_url"] = settings.base_url
    return values | {"mojbok_since": _date(settings.cutover), "ebok_until": _date(last_day_of_ebok)}


def _date(day: dt.date) -> str:
    return format_date(day, "d MMMM y", locale="pl_PL")
