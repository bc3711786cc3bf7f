"""The commands that run the program."""

import sys
from pathlib import Path

import click


@click.command()
@click.pass_obj
def run(home: Path) -> None:
    """Run on this terminal until a nurse ends the day with her PIN.

    The first start asks for the first lead's initials and PIN. Whatever dies is started again,
    and an open session goes on where its time now stands.
    """
    from companion import joining

    sys.exit(joining.run(home))


@click.command()
@click.option("--language", type=click.Choice(["en", "es"]), help="Of the patient's screens.")
@click.pass_obj
def demo(_home: Path, language: str | None) -> None:
    """Live through a whole short session, about three minutes, in a scratch folder.

    A nurse is made on the spot and her PIN is shown. Nothing is kept when you end the day.
    """
    from companion import demo as demonstration

    sys.exit(demonstration.run(language))
