"""`mojbok`: the command line."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.customers.schemas import Team
from backend.settings import SettingsError, load
from backend.staff.schemas import Role
from backend.staff.teaching.schemas import Purpose

cli = typer.Typer(
    help="The mojBOK customer assistant.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@cli.command()
def run() -> None:
    """Start the backend, the actions and Rasa; Ctrl-C stops them all."""
    from backend.run import CannotRun, run
    from backend.training import TrainingFailed

    _do(run(load()), CannotRun, TrainingFailed)


@cli.command()
def train(
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Train beside the live model and show what changes; it stays live.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="With --evaluate: make the new one live afterwards.")
    ] = False,
) -> None:
    """Train the model, if what it is made of has changed, and make it live."""
    from backend.commands.evaluate import evaluate as compare
    from backend.dictionary import make_dictionary
    from backend.training import TrainingFailed, train

    if accept and not evaluate:
        _fail("Say --accept with --evaluate; without both the new model goes live anyway.")
    try:
        if evaluate:
            compare(accept=accept)
        else:
            train(typer.echo)
        make_dictionary(typer.echo)
    except TrainingFailed as error:
        _fail(str(error))


@cli.command(name="models")
def models_() -> None:
    """List the trained models with their time, and which one is live."""
    from backend.commands.models import list_models

    list_models()


@cli.command()
def rollback(
    name: Annotated[str | None, typer.Argument(help="The model; the one before the live one by default.")] = None,
) -> None:
    """Make an earlier model live; a running system takes it at its next start."""
    from backend.commands.models import go_back
    from backend.training import NoSuchModel

    try:
        go_back(name)
    except NoSuchModel as error:
        _fail(str(error))


lessons = typer.Typer(help="What was taught at the office's console.", no_args_is_help=True)
cli.add_typer(lessons, name="lessons")


@lessons.command()
def export(
    purpose: Annotated[Purpose, typer.Option(help="To learn from, or to measure with.")],
    out: Annotated[Path, typer.Option(help="The file of Rasa's YAML to write.")],
    since: Annotated[dt.datetime | None, typer.Option(help="Only what was decided from this time on.")] = None,
) -> None:
    """Write new sentences, masked, for bot/data/taught/ or tests/understanding/taught/."""
    from backend.commands.lessons import export_lessons

    _do(export_lessons(load(), purpose, out, since))


@cli.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder with the CSV files of docs/data-formats.md.")],
    skip_bad: Annotated[bool, typer.Option(help="Leave bad rows out instead of importing nothing.")] = False,
) -> None:
    """Bring customers, documents, payments and consumption in."""
    from backend.commands.data import ImportRefused, import_data

    _do(import_data(load(), folder, skip_bad=skip_bad), ImportRefused)


@cli.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the CSV files go.")],
    customers: Annotated[int, typer.Option(min=1, help="How many.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people.")] = 1,
    as_of: Annotated[dt.datetime | None, typer.Option(help="The time the data speak for; now by default.")] = None,
) -> None:
    """Write a folder of made-up customers, ready to be imported."""
    from backend.clock import WARSAW
    from backend.imports.demo import write_demo

    time = as_of or dt.datetime.now(WARSAW)
    write_demo(folder, customers, seed, time.replace(microsecond=0, tzinfo=WARSAW))
    typer.echo(f"{customers} customers in {folder}")


channels = typer.Typer(help="Messengers.", no_args_is_help=True)
cli.add_typer(channels, name="channels")


@channels.command()
def check() -> None:
    """Tell which messengers are on and what they lack; register webhooks where the platform lets us."""
    from backend.commands.channels import check_channels

    _do(check_channels(load()))


staff = typer.Typer(help="Who may use the office's console.", no_args_is_help=True)
cli.add_typer(staff, name="staff")

Login = Annotated[str, typer.Argument(help="The member's login.")]


@staff.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="First and last name, as colleagues and customers read it.")],
    role: Annotated[list[Role], typer.Option(help="What the member does; may be given more than once.")],
    team: Annotated[Team | None, typer.Option(help="The team; an agent has one.")] = None,
) -> None:
    """Invite somebody new; prints the address where they set a password and an authenticator."""
    from backend.commands import staff as work
    from backend.staff.schemas import NotMember

    _do(work.add(load(), login, name, role, team), NotMember)


@staff.command()
def invite(login: Login) -> None:
    """Invite again who lost the password or the authenticator; what they had is good no more."""
    from backend.commands import staff as work
    from backend.staff.schemas import NotMember

    _do(work.invite(load(), login), NotMember)


@staff.command()
def close(login: Login) -> None:
    """Shut somebody out; what they did stays on record."""
    from backend.commands import staff as work
    from backend.staff.schemas import NotMember

    _do(work.close(load(), login), NotMember)


@staff.command(name="list")
def list_() -> None:
    """List the members with their roles."""
    from backend.commands import staff as work

    _do(work.list_all(load()))


Customer = Annotated[str, typer.Option(help="The customer number.")]


@cli.command()
def erase(customer: Customer) -> None:
    """Erase a person everywhere, but for what the law makes us keep (docs/privacy.md)."""
    from backend.commands.people import erase_customer
    from backend.erasure import NotErased

    _do(erase_customer(load(), customer), NotErased)


@cli.command()
def hold(
    customer: Customer,
    reason: Annotated[str, typer.Option(help="Why the data must stay.")] = "",
    release: Annotated[bool, typer.Option("--release", help="Take the hold away.")] = False,
) -> None:
    """Keep a customer's data from being erased, for a reason of law."""
    from backend.commands.people import hold_customer
    from backend.erasure import NotErased

    if bool(reason) == release:
        _fail("Say either --reason or --release.")
    _do(hold_customer(load(), customer, reason or None), NotErased)


@cli.command()
def retention() -> None:
    """Remove what has served its time (docs/privacy.md); a running system does it every day."""
    from backend.commands.people import remove_old

    _do(remove_old(load()))


@cli.command()
def chat(url: Annotated[str, typer.Option(help="Where the assistant is.")] = "http://127.0.0.1:8000") -> None:
    """Talk to the assistant in the terminal."""
    from backend.commands.chat import talk

    raise typer.Exit(talk(url))


@cli.command()
def log(
    conversation: Annotated[str | None, typer.Argument(help="Print this one whole.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many conversations to list.")] = 20,
) -> None:
    """List conversations, or print one with what was understood and done (masked)."""
    from backend.commands.log import NoSuchConversation, print_log

    _do(print_log(load(), conversation, limit), NoSuchConversation)


@cli.command()
def doctor() -> None:
    """Check what the system needs, with a hint for what is missing."""
    from backend.commands.doctor import examine

    raise typer.Exit(0 if asyncio.run(examine(load())) else 1)


def _do(work: Any, *refusals: type[Exception]) -> None:
    from sqlalchemy.exc import OperationalError

    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except refusals as error:
        _fail(str(error))
    except OperationalError as error:
        _fail(f"The database cannot be used ({error.orig}): see MOJBOK_DATABASE_URL.")


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def main() -> None:
    try:
        cli()
    except (SettingsError, OSError) as error:  # an OSError names the file and what is wrong with it
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
