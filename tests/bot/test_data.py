"""The training data and the domain hold together."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "bot" / "data").rglob("*.yml"))
TOPICS = sorted((ROOT / "bot" / "data" / "faq").glob("*.yml"))
SETTINGS = {
    "company",
    "site_url",
    "portal_url",
    "own_url",
    "phone",
    "cok_email",
    "bok_email",
    "contact",
    "mojbok_since",
    "ebok_until",
}
LONGEST_TITLE = 20
FEWEST_EXAMPLES = 100


@cache
def load(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def examples(path: Path) -> dict[str, list[str]]:
    return {b["intent"]: [line[2:] for line in b["examples"].strip().split("\n")] for b in load(path).get("nlu", [])}


def every_response() -> dict[str, list[dict[str, Any]]]:
    domain = load(ROOT / "domain.yml")["responses"]
    return {**domain, **{name: said for path in FILES for name, said in load(path).get("responses", {}).items()}}


@pytest.mark.parametrize("path", TOPICS, ids=lambda path: path.stem)
def test_a_topic_is_one_file_with_questions_answer_source_and_rule(path: Path) -> None:
    (intent, asked), *others = examples(path).items()
    assert intent == path.stem
    assert not others
    assert len(set(asked)) == len(asked)
    metadata = load(path)["responses"][f"utter_{intent}"][0]["metadata"]
    assert metadata["title"]
    assert metadata["source"]


def test_every_topic_and_task_has_a_hundred_examples() -> None:
    asked = {intent: len(of) for path in FILES for intent, of in examples(path).items()}
    assert {intent: count for intent, count in asked.items() if count < FEWEST_EXAMPLES} == {
        "choose_customer": asked["choose_customer"]  # only ever chosen by a button
    }


def test_no_sentence_is_an_example_of_two_intents() -> None:
    seen: dict[str, str] = {}
    twice = []
    for path in FILES:
        for intent, asked in examples(path).items():
            for sentence in asked:
                if seen.setdefault(sentence.casefold(), intent) != intent:
                    twice.append(sentence)
    assert twice == []


def ruled() -> Counter[str]:
    """How many rules begin with an intent."""
    rules = [rule for path in FILES for rule in load(path).get("rules", [])]
    return Counter(step["intent"] for rule in rules for step in rule["steps"] if "intent" in step)


def test_every_intent_has_a_rule_so_that_none_is_met_with_silence() -> None:
    intents = {intent for path in FILES for intent in examples(path)}
    assert intents - ruled().keys() == set()
    assert "nlu_fallback" in ruled()


def test_no_intent_has_two_rules() -> None:
    assert [intent for intent, count in ruled().items() if count > 1] == []


def every_button() -> list[dict[str, str]]:
    every = [one for said in every_response().values() for one in said]
    return [b for one in every for b in one.get("buttons", []) + one.get("metadata", {}).get("choices", [])]


def test_titles_of_choices_fit_every_channel() -> None:
    titles = [button["title"] for button in every_button()]
    titles += [one.get("metadata", {}).get("title", "") for said in every_response().values() for one in said]
    assert [title for title in titles if len(title) > LONGEST_TITLE] == []


def test_buttons_lead_to_known_intents() -> None:
    intents = {intent for path in FILES for intent in examples(path)}
    payloads = {button["payload"] for button in every_button()}
    assert {payload.removeprefix("/").partition("{")[0] for payload in payloads} <= intents


def test_wording_names_known_settings_only_and_no_literal_contact() -> None:
    texts = [one["text"] for said in every_response().values() for one in said]
    named = {name for text in texts for name in re.findall(r"\$(\w+)", text)}
    assert named <= SETTINGS
    assert [text for text in texts if "@" in text or "718" in text or "https://" in text] == []


def test_no_form_of_address_tells_a_gender() -> None:
    texts = [one["text"] for said in every_response().values() for one in said]
    gendered = re.compile(r"\(-?a[śm]?\)|\w+(?:łeś|łaś)\b", re.IGNORECASE)
    assert [text for text in texts if gendered.search(text)] == []
