"""Teaching over HTTP: from badly understood messages to a file that Rasa learns from."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
import yaml

from backend.training import rasa_environment
from tests.support.office import Colleague, at_work
from tests.support.system import ROOT, Customer, System

QUEUE, LESSONS, EXPORT = "/biuro/nauka", "/biuro/nauka/decyzje", "/biuro/nauka/eksport"
NONSENSE = "kolor godziny przeglądarka raty"
HOSTILE = [
    "- fafkulec - na początku",
    "/blorpik{\"a\": 1}",
    "fafkulec | blorpik: > tak # nie",
    "{fafkulec} ${HOME} {{ blorpik }}",
    "'; DROP TABLE lessons; -- \" % _ blorpik",
    "<script>alert('blorpik')</script>",
    "blorpik NEAR(fafkulec*) AND ^wymrzony",
    "fafkulec\n- intent: greet\n  examples: |\n    - blorpik",
    "[blorpik](fafkulec) wymrzony",
    "[blorpik]{\"entity\": \"fafkulec\"} wymrzony",
    "[blorpik][{\"entity\": \"fafkulec\"}] wymrzony inaczej",
    "jan.fafkulec@poczta.example[600 100 200](blorpik)",
    "!blorpik &fafkulec *wymrzony @blorpik `fafkulec`",
    "blorpik\u2028fafkulec\u0085wymrzony\ttak \u200d😡 \\n",
]  # fmt: skip
READ_BY_RASA = """
import json, sys
from rasa.shared.nlu.training_data.loading import load_data
data = load_data(sys.argv[1])
json.dump([[m.get("text"), m.get("intent"), m.get("entities")] for m in data.training_examples], open(sys.argv[2], "w"))
"""


@pytest.fixture(scope="module")
def trainer(running: System) -> Colleague:
    return at_work(running, "tosia.nauka", "trainer")


@pytest.fixture(scope="module")
def other_trainer(running: System) -> Colleague:
    return at_work(running, "tadek.nauka", "trainer")


def say(system: System, *texts: str) -> list[Customer]:
    """Each in a conversation of its own."""
    customers = [system.customer() for _ in texts]
    for customer, text in zip(customers, texts, strict=True):
        customer.say(text)
    return customers


def rate_down(customer: Customer, text: str) -> None:
    """Says something and is not content with the answer."""
    seq = customer.say(text).messages[-1]["seq"]
    rated = customer.http.post(f"{customer.place}/feedback", json={"seq": seq, "score": "down"}, timeout=10)
    assert rated.status_code == 204, rated.text


def groups(page: str) -> list[dict[str, list[str]]]:
    """The fields and buttons of each group on the page."""
    return [
        {
            "title": [unescape(re.findall(r"<h2[^>]*>„(.*?)”</h2>", part, re.DOTALL)[0])],
            "wiadomosc": re.findall(r'name="wiadomosc" value="([^"]+)"', part),
            "wybor": re.findall(r'name="wybor" value="([^"]+)"', part),
        }
        for part in page.split('<article class="lesson"')[1:]
    ]


def decide(colleague: Colleague, group: dict[str, list[str]], choice: str, **more: str) -> str:
    """Where it leads to."""
    data = {"wiadomosc": group["wiadomosc"], "wybor": choice, "miejsce": "1"} | more
    answer = colleague.post(QUEUE, data=data, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def exported(colleague: Colleague, purpose: str, **more: str) -> str:
    answer = colleague.get(EXPORT, params={"cel": purpose} | more)
    assert answer.status_code == 200
    assert re.fullmatch(rf'attachment; filename="[\d-]+-{purpose}\.yml"', answer.headers["content-disposition"])
    return answer.text


def taught(text: str) -> dict[str, list[str]]:
    blocks = yaml.safe_load(text)["nlu"]
    return {block["intent"]: [line[2:] for line in block["examples"].splitlines()] for block in blocks}


def test_what_was_not_understood_is_taught_once_for_all_who_said_it(system: System, trainer: Colleague) -> None:
    say(system, NONSENSE, NONSENSE.upper() + "!", "ile kosztuje konto?")
    page = trainer.get(QUEUE).text
    (group,) = groups(page)
    assert len(group["wiadomosc"]) == 2
    assert {"out_of_scope", "pomin", "z-listy"} < set(group["wybor"])
    assert len(group["wybor"]) == 6
    assert "nie zrozumiano" in page
    assert decide(trainer, group, "z-listy", temat="show_documents") == f"{QUEUE}?gotowe=nauczono#grupa-1"
    assert "Nic nie czeka na decyzję" in trainer.get(QUEUE).text
    (sentence,) = taught(exported(trainer, "nauka"))["show_documents"]
    assert sentence.casefold().rstrip("!") == NONSENSE


def test_a_thumb_down_brings_a_message_to_the_top(system: System, trainer: Colleague) -> None:
    say(system, NONSENSE)
    rate_down(system.customer(), "ile kosztuje konto?")
    page = trainer.get(QUEUE).text
    assert [group["title"] for group in groups(page)] == [["ile kosztuje konto?"], [NONSENSE]]
    assert page.index("kciuk w dół") < page.index("nie zrozumiano")
    assert "To zdanie jest już w danych do nauki" in page


def test_what_is_corrected_at_once_is_in_the_queue(system: System, trainer: Colleague) -> None:
    (customer,) = say(system, "ile kosztuje konto?")
    customer.say("nie o to pytam")
    page = trainer.get(QUEUE).text
    assert "ile kosztuje konto?" in [group["title"][0] for group in groups(page)]
    assert "od razu poprawiono" in page


def test_values_are_labels_on_the_page_and_in_the_file(system: System, trainer: Colleague) -> None:
    say(system, f"{NONSENSE} jan.fafkulec@poczta.example 601 202 303")
    page = trainer.get(QUEUE).text
    (group,) = groups(page)
    assert group["title"] == [f"{NONSENSE} [e-mail] [telefon]"]
    decide(trainer, group, "out_of_scope")
    file = exported(trainer, "nauka")
    assert taught(file) == {"out_of_scope": [f"{NONSENSE} [e-mail] [telefon]"]}
    assert "jan.fafkulec" not in page + file + trainer.get(LESSONS).text


def test_sentences_for_measuring_never_come_into_the_training_file(system: System, trainer: Colleague) -> None:
    say(system, NONSENSE, "umowa licznik kolor zakładka")
    first, second = groups(trainer.get(QUEUE).text)
    decide(trainer, first, "ask_balance", ocena="tak")
    decide(trainer, second, "ask_balance")
    assert taught(exported(trainer, "ocena")) == {"ask_balance": first["title"]}
    assert taught(exported(trainer, "nauka")) == {"ask_balance": second["title"]}


def test_what_is_skipped_is_gone_and_not_exported(system: System, trainer: Colleague) -> None:
    say(system, NONSENSE)
    (group,) = groups(trainer.get(QUEUE).text)
    assert "pominieto" in decide(trainer, group, "pomin")
    assert groups(trainer.get(QUEUE).text) == []
    assert taught(exported(trainer, "nauka")) == {}
    assert "pominięto" in trainer.get(LESSONS).text


def test_the_second_of_two_trainers_reads_that_it_is_decided(
    system: System, trainer: Colleague, other_trainer: Colleague
) -> None:
    say(system, NONSENSE)
    (group,) = groups(trainer.get(QUEUE).text)
    decide(trainer, group, "ask_balance")
    assert "zdecydowano" in decide(other_trainer, group, "greet")
    assert taught(exported(trainer, "nauka")) == {"ask_balance": [NONSENSE]}


def test_a_decision_can_be_taken_back(system: System, trainer: Colleague) -> None:
    say(system, NONSENSE)
    (group,) = groups(trainer.get(QUEUE).text)
    decide(trainer, group, "ask_balance")
    answer = trainer.post(LESSONS, data={"wiadomosc": group["wiadomosc"][0]})
    assert "znów czeka na decyzję" in answer.text
    assert groups(trainer.get(QUEUE).text) == [group]


def test_views_decisions_and_exports_are_on_record(system: System, trainer: Colleague) -> None:
    (customer,) = say(system, NONSENSE)
    (group,) = groups(trainer.get(QUEUE).text)
    decide(trainer, group, "ask_balance")
    exported(trainer, "nauka", od="2026-01-01")
    acts = [(row[3], row[4], row[5]) for row in system.tables()["staff_acts"]]
    assert ("viewed", customer.id, "Nauka") in acts
    assert ("taught", customer.id, "ask_balance") in acts
    assert ("lessons_exported", f"{EXPORT}?cel=nauka&od=2026-01-01", None) in acts


def test_hostile_text_is_shown_as_text_and_read_back_by_rasa_as_plain_sentences(
    system: System, trainer: Colleague, tmp_path: Path
) -> None:
    for text in HOSTILE:
        rate_down(system.customer(), text)
    while waiting := groups(page := trainer.get(QUEUE).text):
        assert "<script>alert" not in page
        for group in waiting:
            decide(trainer, group, "out_of_scope")
    file, read = tmp_path / "taught.yml", tmp_path / "read.json"
    file.write_text(exported(trainer, "nauka"), encoding="utf-8")
    subprocess.run(
        [str(ROOT / "bot/.venv/bin/python"), "-c", READ_BY_RASA, str(file), str(read)],
        cwd=ROOT,
        env=rasa_environment(),
        check=True,
        capture_output=True,
    )
    examples = json.loads(read.read_text())
    assert {(intent, json.dumps(entities)) for _, intent, entities in examples} <= {
        ("out_of_scope", "null"),
        ("out_of_scope", "[]"),
    }
    sentences = [row[2] for row in system.tables()["lessons"]]
    assert sorted(text for text, _, _ in examples) == sorted(sentences)
    assert len(sentences) == len(HOSTILE)
    assert "[e-mail] [[telefon]] (blorpik)" in sentences


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"wiadomosc": "k_nie-ma:1", "miejsce": "1"},
        {"wiadomosc": "k_nie-ma:1", "miejsce": "1", "wybor": "nie_ma_takiego"},
        {"wiadomosc": "k_nie-ma:1", "miejsce": "1", "wybor": "z-listy", "temat": "'; DROP TABLE lessons; --"},
        {"wiadomosc": "k_nie-ma:1", "miejsce": "<script>", "wybor": "ask_balance"},
        {"wiadomosc": "'; DROP TABLE lessons; --:1", "miejsce": "1", "wybor": "ask_balance"},
        {"wiadomosc": "k_\0:1", "miejsce": "1", "wybor": "ask_balance"},
        {"wiadomosc": "k_nie-ma:99999999999", "miejsce": "1", "wybor": "ask_balance"},
        {"wiadomosc": ["k_nie-ma:1"] * 301, "miejsce": "1", "wybor": "ask_balance"},
        {"wiadomosc": "k_nie-ma:1", "miejsce": "1", "wybor": "nlu_fallback"},
    ],
)
def test_a_decision_made_by_hand_that_makes_no_sense_is_refused(
    system: System, trainer: Colleague, data: dict[str, str]
) -> None:
    assert trainer.post(QUEUE, data=data).status_code == 400


def test_a_message_that_does_not_exist_and_one_that_does_not_wait_look_the_same(
    system: System, trainer: Colleague
) -> None:
    (customer,) = say(system, "ile kosztuje konto?")
    for place in ("k_nie-ma:1", f"{customer.id}:2"):
        assert "zdecydowano" in decide(trainer, {"wiadomosc": [place]}, "ask_balance")
    assert system.tables()["lessons"] == []


def test_choosing_from_the_list_without_choosing_says_so_beside_it(system: System, trainer: Colleague) -> None:
    say(system, NONSENSE)
    (group,) = groups(trainer.get(QUEUE).text)
    answer = trainer.post(QUEUE, data={"wiadomosc": group["wiadomosc"], "wybor": "z-listy", "miejsce": "1"})
    assert answer.status_code == 400
    assert 'href="#temat-1"' in answer.text
    assert "Wybierz temat albo zadanie z listy." in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"{LESSONS}?przed=wczoraj",
        f"{LESSONS}?przed=0001-01-01T00:00:00%2B14:00|k_a:1",
        f"{LESSONS}?przed=2026-11-26T12:00:00%2B01:00|k_'; DROP:1",
        f"{LESSONS}?przed=2026-11-26T12:00:00|k_a:1",
        f"{LESSONS}?przed=9999-12-31T23:59:59-14:00|k_a:1",
        f"{QUEUE}?gotowe=<script>",
    ],
)
def test_an_address_made_by_hand_is_an_ordinary_page(system: System, trainer: Colleague, path: str) -> None:
    assert trainer.get(path).status_code == 200


@pytest.mark.parametrize("query", ["cel=wszystko", "cel=nauka&od=jutro", "cel=nauka&od=0001-01-01", "cel=ocena&od=%00"])
def test_an_export_made_by_hand_says_what_is_wrong(system: System, trainer: Colleague, query: str) -> None:
    answer = trainer.get(f"{EXPORT}?{query}")
    assert answer.status_code == 400
    assert "Coś trzeba poprawić" in answer.text


def test_only_trainers_teach(system: System) -> None:
    reviewer = at_work(system, "roza.przeglad", "reviewer")
    for path in (QUEUE, LESSONS, EXPORT, f"{EXPORT}?cel=nauka"):
        assert reviewer.get(path).status_code == 403
    assert reviewer.post(QUEUE, data={}).status_code == 403
    assert "Nauka" not in reviewer.get("/biuro/rozmowy").text


def test_the_command_line_writes_the_same_file(system: System, trainer: Colleague, tmp_path: Path) -> None:
    say(system, NONSENSE)
    (group,) = groups(trainer.get(QUEUE).text)
    decide(trainer, group, "ask_balance")
    file = tmp_path / "taught.yml"
    command = [str(Path(sys.executable).with_name("mojbok")), "lessons", "export", "--purpose", "training"]
    done = subprocess.run(
        [*command, "--out", str(file)],
        cwd=ROOT,
        env=os.environ | system.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "1 sentences of 1 intents" in done.stdout
    assert file.read_text(encoding="utf-8") == exported(trainer, "nauka")
