"""The topic that docs/topics.md shows is a whole one: its file alone teaches the assistant to answer."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest
import rasa
from rasa.core.agent import Agent

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    folder = tmp_path_factory.mktemp("topic")
    shown = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "topics.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    (folder / "heat_pumps.yml").write_text(shown[1], encoding="utf-8")
    before = Path.cwd()
    os.chdir(ROOT)  # Rasa looks for components beside the configuration
    try:
        trained = rasa.train("domain.yml", "config.yml", ["bot/data", str(folder)], output=str(folder))
        return Agent.load(trained.model)
    finally:
        os.chdir(before)


@pytest.mark.parametrize("words", ["czy robicie pompy ciepła?", "pompa ciepla do domku ile to kosztuje"])
def test_a_new_file_is_a_new_topic(agent: Agent, words: str) -> None:
    answers = asyncio.run(agent.handle_text(words))
    assert [answer["text"] for answer in answers or []] == [
        "Pompy ciepła dobieramy po rozmowie z doradcą. Umówisz ją tutaj: $contact."
    ]


def test_the_topics_beside_it_are_answered_as_before(agent: Agent) -> None:
    (answer,) = asyncio.run(agent.handle_text("ile kosztuje konto?")) or [{}]
    assert "bezpłatne" in answer["text"]
