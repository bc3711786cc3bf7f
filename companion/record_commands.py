"""The commands that concern the record: reading it back, proving it, copying it."""

import sys
from datetime import datetime
from pathlib import Path

import click

_DAY = click.DateTime(["%Y-%m-%d"])
_WRONG = 1


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
    from companion import audit as auditing

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
    sys.exit(0 if found.whole else _WRONG)
