"""The commands about what staff write: checked, rehearsed, read and accepted."""

import sys
from pathlib import Path

import click

from companion.cli.asking import ask_pin
from companion.cli.exits import BAD_CONTENT, FAULT


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_obj
def check(home: Path, as_json: bool) -> None:
    """Check config.yaml, every playlist and every script, and tell all that is wrong at once.

    Each mistake is named with its file, line and column. Exit code 2 when there is one.
    """
    from companion.curating import checking
    from companion.review import at_shell as reviews_at_shell

    report, good = checking.check(home, as_json, reviews_at_shell.told_of)
    click.echo(report)
    sys.exit(0 if good else BAD_CONTENT)


@click.command()
@click.argument("what", type=click.Choice(["playlist", "script", "config"]))
def schema(what: str) -> None:
    """Print what an editor needs to complete and check a playlist, a script or the config.

    It is a JSON Schema. The home has all three in its folder `schemas`, and the first line of a
    file names its own there.
    """
    from companion.library import schema as schemas

    click.echo(schemas.schema(what), nl=False)


@click.command()
@click.option("--protocol", required=True, help="A protocol of config.yaml, as standard-40.")
@click.option("--playlist", required=True, metavar="FILE-STEM", help="As tidewater.")
@click.option("--script", metavar="FILE-STEM", help="As the-quiet-shore; none: music alone.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all of it here.")
@click.option(
    "--sound",
    type=click.Path(path_type=Path),
    help="Render the whole session to this .wav, .flac or .ogg file and measure it.",
)
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    help="Draw it all to this .svg or .png file; with --sound also how loud it is.",
)
@click.pass_obj
def rehearse(
    home: Path,
    protocol: str,
    playlist: str,
    script: str | None,
    json_file: Path | None,
    sound: Path | None,
    picture: Path | None,
) -> None:
    """Live through a session on a simulated clock and tell what a patient would get.

    Prints the timeline and what a curator should know. Exit code 1 when there is a finding.
    """
    from companion.rehearsal import report as rehearsal_report

    files = {"json_file": json_file, "sound": sound, "picture": picture}
    good = rehearsal_report.run(home, protocol, playlist, script, click.echo, **files)
    sys.exit(0 if good else FAULT)


@click.command()
@click.argument("kind", type=click.Choice(["playlist", "script"]), required=False)
@click.argument("stem", required=False, metavar="[FILE-STEM]")
@click.option("--reason", default="", help="Why you accept your own: for a lead who is alone here.")
@click.pass_obj
def review(home: Path, kind: str | None, stem: str | None, reason: str) -> None:
    """List who accepted which playlist and script; read one, and accept it with your PIN.

    Patients hear only what a curator or lead of the clinic has accepted, never its author. Exit
    code 2 while Companion runs here, for there it is done on the screen.
    """
    from companion.home import fill_home
    from companion.review import at_shell as reviews_at_shell

    fill_home(home)
    if kind is None:
        for line in reviews_at_shell.lines(home):
            click.echo(line)
        return
    if stem is None:
        raise click.UsageError(f"Name the {kind} too, as `companion review` lists it.")

    ask = lambda: str(click.prompt("Initials of whoever has read it"))  # noqa: E731
    sys.exit(reviews_at_shell.run(home, kind, stem, reason, ask, ask_pin))
