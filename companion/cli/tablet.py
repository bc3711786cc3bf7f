"""The commands about the tablet itself: its people, its sound, and whether it is fit."""

import sys
from pathlib import Path

import click

from companion.cli.asking import ask_new_pin, ask_pin
from companion.cli.exits import FAULT


@click.group(invoke_without_command=True)
@click.pass_context
def staff(ctx: click.Context) -> None:
    """List the people of this tablet; add, change and remove them when it is not running."""
    from companion.record import record

    if ctx.invoked_subcommand is None:
        for line in record.staff_lines(ctx.obj):
            click.echo(line)


_ROLE = click.Choice(["nurse", "curator", "lead"])


@staff.command()
@click.argument("initials")
@click.option("--role", type=_ROLE, default="nurse")
@click.pass_obj
def add(home: Path, initials: str, role: str) -> None:
    """Add a person and ask for her PIN."""
    _change(home, "add", initials, role=role, pin=ask_new_pin())


@staff.command()
@click.argument("initials")
@click.pass_obj
def pin(home: Path, initials: str) -> None:
    """Give a person a new PIN."""
    _change(home, "pin", initials, pin=ask_new_pin())


@staff.command()
@click.argument("initials")
@click.pass_obj
def remove(home: Path, initials: str) -> None:
    """Remove a person. Her initials stay on what she did."""
    _change(home, "remove", initials)


def _change(home: Path, act: str, initials: str, role: str = "", pin: str = "") -> None:
    from companion.record import record

    refusal = record.change_staff(home, act, initials, role=role, pin=pin)
    if refusal:
        click.echo(refusal, err=True)
        sys.exit(FAULT)
    click.echo("Done.")


@click.command()
@click.pass_obj
def calibrate(home: Path) -> None:
    """Tell how loud this tablet is, with a sound level meter and a lead's PIN.

    Plays a steady noise on the output in use and takes what the meter reads of it, so that the
    loudest a patient can choose is 75 dB(A) at her ear. Exit code 2 while Companion runs here.
    """
    from companion.calibration import at_shell

    sys.exit(at_shell.run(home, lambda: str(click.prompt("A lead's initials")), ask_pin))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_obj
def doctor(home: Path, as_json: bool) -> None:
    """Look whether this tablet is fit: sound, disk, clock, battery, files, each way of a call.

    Each way of a call is tried with a message that says it is a test. Exit code 1 where there is
    anything to look at.
    """
    from companion import doctor as looking
    from companion.home import fill_home

    fill_home(home)
    ask = lambda: click.confirm("Do you hear a soft tone?")  # noqa: E731
    sys.exit(looking.run(home, as_json, ask))
