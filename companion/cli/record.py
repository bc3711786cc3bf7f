"""The commands about the record: listed, exported, proved, marked, copied and brought back."""

import sys
from datetime import datetime
from pathlib import Path

import click

from companion.cli.asking import ask_pin
from companion.cli.exits import FAULT
from companion.cli.keys import KEY, read_key
from companion.progress_bar import bar

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.pass_obj
def sessions(home: Path) -> None:
    """List the sessions on this tablet: when, where, who, how long. No patient's words."""
    from companion.record import record

    for line in record.session_lines(home):
        click.echo(line)


@click.command()
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.option("--to", type=click.Path(path_type=Path), help="A new file only you can read.")
@KEY
@click.pass_obj
def export(home: Path, form: str, to: Path | None, key_file: Path | None) -> None:
    """Export every session with its answers, as CSV or JSON.

    What was sealed reads as `sealed` without --key, what was deleted as `deleted`. Exit code 1 when
    the key leaves anything sealed.
    """
    from companion.record import record

    key = None if key_file is None else read_key(key_file)
    text, left = record.export(home, form, to, key)
    if to is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"Written to {to}.")
    if key is not None and left:
        click.echo(f"{left} answers stay sealed: this key does not open them.", err=True)
        sys.exit(FAULT)


@click.command()
@click.option("--session", help="Only this one: the beginning of its name; or `book`.")
@click.option("--by", "who", metavar="INITIALS", help="Only what this person did.")
@click.option("--from", "since", type=_DAY, help="Only from this day on, as 2027-01-15.")
@click.option("--to", "until", type=_DAY, help="Only up to this day.")
@click.option("--head", help="A head from paper: tells whether it is in this record.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_obj
def audit(
    home: Path,
    session: str | None,
    who: str | None,
    since: datetime | None,
    until: datetime | None,
    head: str | None,
    as_json: bool,
) -> None:
    """Tell who did what and when, with or without a PIN, and whether the record is whole.

    No patient's words and no code are in it. Exit code 1 when the record is not whole, or does
    not hold the head that was given.
    """
    from companion.record import audit as auditing

    wish = auditing.Wish(
        session, who, since.date() if since else None, until.date() if until else None, head
    )
    found = auditing.audit(home, wish)
    if found is None:
        click.echo("Nothing has been kept here yet.")
        return
    if as_json:
        click.echo(auditing.as_json(found))
    else:
        for line in auditing.lines(found):
            click.echo(line)
    sys.exit(0 if found.whole else FAULT)


@click.command()
@click.argument("session")
@click.option("--event", type=int, metavar="NUMBER", help="Only this one, as the audit counts.")
@click.option("--rating", is_flag=True, help="Only what was answered after the infusion.")
@click.option(
    "--reason",
    type=click.Choice(["other patient", "mistake", "somebody else", "tried out"]),
    required=True,
)
@click.pass_obj
def void(home: Path, session: str, event: int | None, rating: bool, reason: str) -> None:
    """Mark a closed SESSION (the beginning of its name), or something in it, as void.

    Asks for initials and a PIN. Nothing is deleted: it is one more event. Exit code 2 while
    Companion runs here, for there it is done on the screen.
    """
    from companion.record import voiding_at_shell

    if rating and event is not None:
        raise click.UsageError("Either --event or --rating.")

    ask = lambda: str(click.prompt("Initials of whoever marks it"))  # noqa: E731
    sys.exit(voiding_at_shell.run(home, session, event, rating, reason, ask, ask_pin))


_FOLDER = click.argument("folder", type=click.Path(path_type=Path))


@click.command()
@_FOLDER
@click.pass_obj
def backup(home: Path, folder: Path) -> None:
    """Copy all that is kept here into a new folder in FOLDER, such as a stick, and read it back.

    Sessions may run meanwhile. The copy holds the journal, the settings and the library; patients'
    answers in it can be read unless they are sealed. Exit code 1 when no copy was made, or one
    that lacks something.
    """
    from companion.backup import told as backup_told

    sys.exit(backup_told.copy(home, folder, bar, click.echo))


@click.command()
@_FOLDER
@click.pass_obj
def restore(home: Path, folder: Path) -> None:
    """Bring back a copy that `companion backup` made: FOLDER, or the newest copy in it.

    Every file, the whole journal and each event in it is proved before anything is replaced. What
    stood here before is set aside, never deleted. Exit code 2 while Companion runs here.
    """
    from companion.backup import told as backup_told

    sys.exit(backup_told.bring_back(home, folder, bar, click.echo))
