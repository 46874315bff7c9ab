"""Models: which one is live, what a change in the data does to the figures, and the way back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend import training
from backend.cli import cli
from backend.commands.evaluate import Outcome, report
from backend.settings import ROOT

OLD, OLDER, PRESENT = "mojbok-00000000000b.tar.gz", "mojbok-00000000000a.tar.gz", "mojbok-00000000000c.tar.gz"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three models; the last one is of the present data. Nothing is trained."""
    monkeypatch.setattr(training, "MODELS", tmp_path)
    monkeypatch.setattr(training, "model_path", lambda: tmp_path / PRESENT)
    monkeypatch.setattr(training, "_train", lambda path, _say: path.write_text("a model"))
    for age, name in enumerate((PRESENT, OLD, OLDER)):
        (tmp_path / name).write_text("a model")
        os.utime(tmp_path / name, (1_700_000_000 - age, 1_700_000_000 - age))
    return tmp_path


def mojbok(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def to_run() -> str:
    """What a start of the system takes."""
    return training.model_to_run(lambda _: None).name


def change_the_data(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = "mojbok-00000000000d.tar.gz"
    monkeypatch.setattr(training, "model_path", lambda: shelf / name)
    return name


def test_the_model_of_the_present_data_is_live_where_nothing_was_decided(shelf: Path) -> None:
    assert to_run() == PRESENT
    lines = mojbok("models").splitlines()
    assert [line.split()[0] for line in lines] == [PRESENT, OLD, OLDER]
    assert lines[0].endswith("live, present data")


def test_going_back_takes_the_model_before_and_a_start_keeps_to_it(shelf: Path) -> None:
    training.train(lambda _: None)
    assert f"{OLD} is live. A running system takes it at its next start." in mojbok("rollback")
    assert to_run() == OLD
    assert f"{OLDER} is live" in mojbok("rollback")
    assert to_run() == OLDER
    assert mojbok("models").splitlines()[2].endswith("  live")


def test_any_kept_model_can_be_named_and_training_goes_forward_again(shelf: Path) -> None:
    mojbok("rollback", OLDER.removesuffix(".tar.gz"))
    assert to_run() == OLDER
    mojbok("train")
    assert to_run() == PRESENT


@pytest.mark.parametrize("name", ["mojbok-ffffffffffff", "../../etc/passwd", "live.json", "unfinished.tar.gz"])
def test_going_back_to_what_is_no_model_changes_nothing(shelf: Path, name: str) -> None:
    done = CliRunner().invoke(cli, ["rollback", name])
    assert done.exit_code == 1
    assert f"There is no model {name}" in done.output
    assert to_run() == PRESENT


def test_there_is_no_way_back_behind_the_first_model(shelf: Path) -> None:
    mojbok("rollback", OLDER)
    done = CliRunner().invoke(cli, ["rollback"])
    assert done.exit_code == 1
    assert "There is no earlier model." in done.output


def test_changed_data_are_trained_and_go_live_even_after_going_back(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mojbok("rollback", OLDER)
    name = change_the_data(shelf, monkeypatch)
    assert to_run() == name


def test_a_model_trained_beside_does_not_go_live_by_a_start(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training.train(lambda _: None)
    name = change_the_data(shelf, monkeypatch)
    assert training.train_beside(lambda _: None).name == name
    assert to_run() == PRESENT
    mojbok("train")
    assert to_run() == name


def test_old_models_are_thrown_away_but_never_the_live_one(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "KEPT", 2)
    mojbok("rollback", OLDER)
    name = change_the_data(shelf, monkeypatch)
    training.train_beside(lambda _: None)
    assert sorted(path.name for path in training.models()) == [OLDER, PRESENT, name]


def test_a_clean_clone_trains_and_goes_live(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in training.models():
        path.unlink()
    assert to_run() == PRESENT
    assert "It is live, and there is no other to compare it with." in mojbok("train", "--evaluate")


def test_accepting_without_evaluating_is_refused(shelf: Path) -> None:
    assert CliRunner().invoke(cli, ["train", "--accept"]).exit_code == 1


def test_the_report_has_the_topics_that_changed_the_totals_and_what_is_newly_wrong() -> None:
    outcomes = [
        Outcome("ile płacę", "ask_balance", None, "ask_balance"),
        Outcome("saldo", "ask_balance", "ask_balance", "ask_balance"),
        Outcome("ile kosztuje konto", "cost", "cost", "ask_balance"),
        Outcome("cennik konta", "cost", "cost", None),
        Outcome("halo", "greet", "greet", "greet"),
    ]
    lines = report(outcomes).splitlines()
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[1:4]}
    assert rows == {
        "ask_balance": "2 1 → 2 (+1) 0",
        "cost": "2 2 → 0 (-2) 0 → 1 (+1)",
        "all": "5 4 → 3 (-1) 0 → 1 (+1)",
    }
    assert "  cost → ask_balance (was cost): ile kosztuje konto" in lines
    assert "  cost → asks back (was cost): cennik konta" in lines


CONTRADICTING = """
version: "3.1"
nlu:
- intent: ask_balance
  examples: |
    - ile kosztuje konto
    - czy konto w mojbok kosztuje
    - koszt konta
    - ile mam do zapłaty
    - moje saldo
    - jakie mam saldo
- intent: greet
  examples: |
    - dzień dobry
    - cześć
    - witam serdecznie
    - dobry wieczór
    - hej
    - halo
- intent: thanks
  examples: |
    - dziękuję
    - dzięki za pomoc
    - bardzo dziękuję
    - wielkie dzięki
    - serdecznie dziękuję
    - dzięki
rules:
- rule: balance
  steps:
  - intent: ask_balance
  - action: utter_done
- rule: greet
  steps:
  - intent: greet
  - action: utter_done
- rule: thanks
  steps:
  - intent: thanks
  - action: utter_done
"""
MEASURED = """
nlu:
- intent: cost
  examples: |
    - ile kosztuje konto w portalu
- intent: greet
  examples: |
    - dzień dobry państwu
"""
DOMAIN = 'version: "3.1"\nresponses:\n  utter_done:\n  - text: Dobrze.\n'


def test_training_beside_shows_what_a_change_in_the_data_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real thing on a dozen sentences; beside it the project's own model. Takes about 40 s of one core."""
    real, models = training.live_model(), tmp_path / "models"
    assert real
    (tmp_path / "bot" / "data").mkdir(parents=True)
    models.mkdir()
    for name in ("components", "requirements.lock", *(path.name for path in (ROOT / "bot").glob("*.py"))):
        (tmp_path / "bot" / name).symlink_to(ROOT / "bot" / name)
    (tmp_path / "config.yml").symlink_to(ROOT / "config.yml")
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "bot" / "data" / "few.yml").write_text(CONTRADICTING)
    (tmp_path / "evaluation.yml").write_text(MEASURED)
    (models / OLD).symlink_to(real)
    (models / "live.json").write_text(json.dumps({"model": OLD, "data": OLD}))
    monkeypatch.setattr(training, "ROOT", tmp_path)
    monkeypatch.setattr(training, "MODELS", models)
    monkeypatch.setattr("backend.commands.evaluate.MEASURED", tmp_path)
    told = mojbok("train", "--evaluate")
    assert "cost → ask_balance (was cost): ile kosztuje konto w portalu" in told
    assert f"{OLD} stays live." in told
    assert training.live_model() == models / OLD
    assert len(training.models()) == 2
