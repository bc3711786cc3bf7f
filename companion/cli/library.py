"""The commands that bring music, words and voices into the library, and carry it."""

import sys
from pathlib import Path

import click

from companion.cli.asking import ask_pin
from companion.cli.exits import FAULT
from companion.progress_bar import bar

_ARC = ("settle", "onset", "build", "peak", "return", "recovery")


@click.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--playlist", metavar="FILE-STEM", help="As tidewater.")
@click.option("--section", type=click.Choice(_ARC), default="peak", show_default=True)
@click.option("--licence", default="", help="For files that name none; as CC0-1.0, or bought.")
@click.option("--words-sung", type=click.BOOL, help="yes, no; say nothing where you do not know.")
@click.option("--by", default="", help="Initials of whoever adds them: she is not to review them.")
@click.option("--json-lines", is_flag=True, hidden=True)
@click.pass_obj
def add_music(
    home: Path,
    files: tuple[Path, ...],
    playlist: str | None,
    section: str,
    licence: str,
    words_sung: bool | None,
    by: str,
    json_lines: bool,
) -> None:
    """Hear sound files to their end, tell what was found, and add them to a playlist.

    A file that is damaged, protected, too short or too long is refused; one that may startle, or
    that is silent for long, is added and flagged: listen to it before anybody reviews the
    playlist. Exit code 1 unless every file is good and added.
    """
    from companion.curating import adding

    if json_lines:
        given = (home, files, playlist, section, licence, words_sung)
        sys.exit(0 if adding.add_for_a_screen(*given, sys.stdout, sys.stdin) else FAULT)
    if playlist is None:
        raise click.UsageError("Say to which playlist, as --playlist tidewater.")
    good = adding.add(home, files, playlist, section, licence, words_sung, by, bar, click.echo)
    sys.exit(0 if good else FAULT)


@click.group()
def library() -> None:
    """Carry playlists, scripts and their sounds to a stick, and from there to another tablet.

    Files are compared by their content. What is newer over there, or was changed by somebody,
    stays and is told; --again replaces it all the same. What was deleted is not deleted over
    there.
    """


_FOLDER = click.argument("folder", type=click.Path(path_type=Path))
_AGAIN = click.option("--again", is_flag=True, help="Replace what somebody changed over there.")


@library.command("to")
@_FOLDER
@_AGAIN
@click.pass_obj
def library_to(home: Path, folder: Path, again: bool) -> None:
    """Copy the library and its reviews to FOLDER, such as a stick, and read it back."""
    from companion.curating import carrying_told

    sys.exit(0 if carrying_told.to(home, folder, again, bar, click.echo) else FAULT)


@library.command("from")
@_FOLDER
@_AGAIN
@click.option("--files-only", is_flag=True, hidden=True)
@click.pass_obj
def library_from(home: Path, folder: Path, again: bool, files_only: bool) -> None:
    """Copy the library in FOLDER to this tablet, and take its reviews in with a PIN."""
    from companion.curating import carrying_told

    def ask_initials() -> str:
        told = "Initials of whoever takes the reviews in (none: they stay in the folder)"
        try:
            return str(click.prompt(told, default="", show_default=False))
        except click.Abort:
            return ""

    given = (home, folder, again, bar, click.echo, ask_initials, ask_pin)
    good = carrying_told.back(*given, reviews=not files_only)
    sys.exit(0 if good else FAULT)


@click.command()
@click.argument("file", metavar="FILE.txt", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--again", is_flag=True, help="Write over a script of this name.")
@click.pass_obj
def script(home: Path, file: Path, again: bool) -> None:
    """Make a script of a plain text: a paragraph is a sentence, a blank line its pause.

    `[pause 30]` is a longer one, `# return` begins the return. Above the first sentence may stand
    title: …, language: …, author: … Exit code 2, and nothing written, when there is a mistake.
    """
    from companion.curating import converting

    sys.exit(converting.run(home, file, again, click.echo))


@click.command()
@click.argument("script", metavar="SCRIPT")
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Take a person's recordings from this folder: settle 1.wav, return 1.wav and so on.",
)
@click.option("--again", is_flag=True, help="Everything anew, recordings of your own too.")
@click.pass_obj
def voice(home: Path, script: str, folder: Path | None, again: bool) -> None:
    """Have a script spoken by the voice that config.yaml names, and only what has changed.

    With --from a person's own recordings become those of the script. Recordings follow their words
    when sentences are put in or taken out; what a person recorded is never lost. Exit code 1 when
    a sentence could not be spoken or a recording not used.
    """
    from companion.spoken import taking, voicing

    if folder is None:
        sys.exit(voicing.run(home, script, again, click.echo))
    sys.exit(taking.run(home, script, folder, again, click.echo))
