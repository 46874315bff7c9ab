"""`mojbok`: the command line."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.settings import SettingsError, load

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
def train() -> None:
    """Train the model, if what it is made of has changed."""
    from backend.training import TrainingFailed, train

    try:
        train(typer.echo)
    except TrainingFailed as error:
        _fail(str(error))


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
