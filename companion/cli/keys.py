"""The commands about how long and how closely a patient's own answers are kept."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from companion.cli.asking import ask_pin

if TYPE_CHECKING:
    from companion.record.keys_at_shell import Asking

KEY = click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    help="The private key, in a file that is not on the tablet, or - to give it on standard input.",
)


def read_key(key_file: Path) -> str:
    """The text of a file with private keys, or of what is typed without being shown. Raises
    OSError."""
    if str(key_file) != "-":
        return key_file.read_text(encoding="utf-8", errors="replace")
    if sys.stdin.isatty():
        return _typed_key()
    return sys.stdin.read()


def _typed_key() -> str:
    key: str = click.prompt("The private key from the paper (it is not shown)", hide_input=True)
    return key


@click.group(invoke_without_command=True)
@click.option(
    "--sheet", type=click.Path(path_type=Path), help="Write a sheet to print, on a stick."
)
@click.pass_context
def keys(ctx: click.Context, sheet: Path | None) -> None:
    """Make a key pair, so that closed sessions can be read by whoever holds the paper alone.

    With a lead's PIN. The public key stays on the tablet; the private one is shown once, as text
    and QR code, for paper, and kept nowhere. Lost, all that was sealed to it is lost. Nothing is
    sealed before `companion keys check` has proved the paper.
    """
    from companion.record import keys_at_shell

    if ctx.invoked_subcommand is None:
        sys.exit(keys_at_shell.make(ctx.obj, sheet, _asking()))


@keys.command()
@KEY
@click.pass_obj
def check(home: Path, key_file: Path | None) -> None:
    """Prove that a paper holds the key to this tablet, and that it opens what is sealed here.

    The first time for a new key it asks for a lead's PIN, and sealing begins.
    """
    from companion.record import keys_at_shell

    private = _typed_key() if key_file is None else read_key(key_file)
    sys.exit(keys_at_shell.check(home, private, _asking()))


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def retention(home: Path, yes: bool) -> None:
    """Delete patients' codes, answers and words that `keep_days` no longer keeps.

    Tells first of how many sessions, and asks. Their times, notes and who did what stay, and the
    deletion itself is recorded.
    """
    from companion.record import retention_at_shell

    def sure(told: str) -> bool:
        if yes:
            click.echo(told)
            return True
        return click.confirm(told, default=False)

    sys.exit(retention_at_shell.run(home, sure, click.echo, _warn))


def _warn(told: str) -> None:
    click.echo(told, err=True)


def _asking() -> "Asking":
    from companion.record.keys_at_shell import Asking

    return Asking(
        initials=lambda: str(click.prompt("A lead's initials")),
        pin=ask_pin,
        ready=lambda told: click.prompt(told, default="", show_default=False, prompt_suffix=""),
        echo=click.echo,
        warn=_warn,
    )
