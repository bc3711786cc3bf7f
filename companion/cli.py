"""The commands. What a person types at a shell ends in one plain line when it cannot be done."""

import sys
from pathlib import Path

import click

from companion import __version__, record_commands
from companion.cli_keeping import KEY, keys, read_key, retention
from companion.problems import BadContent
from companion.progress_bar import bar

_ARC = ("settle", "onset", "build", "peak", "return", "recovery")
FAULT = 1
BAD_CONTENT = 2


class _Commands(click.Group):
    """The commands, with every expected mistake told in plain words."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BadContent as error:
            for problem in error.problems:
                click.echo(problem, err=True)
            sys.exit(BAD_CONTENT)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"{where}{error.strerror or error}", err=True)
            sys.exit(FAULT)


@click.group(cls=_Commands, invoke_without_command=True)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder with config.yaml, playlists and scripts, where everything is kept.",
)
@click.version_option(__version__, message="Companion %(version)s")
@click.pass_context
def main(ctx: click.Context, home: Path | None) -> None:
    """Calming sound, gentle words and one large call, beside a patient receiving an infusion.

    Companion plays music and scripts that clinic staff chose, shows the time, and keeps a short
    mood rating on this tablet. It is not a medical device. Without a command it runs.
    """
    from companion.home import find_home

    ctx.obj = find_home(home)
    if (ctx.obj / ".restoring" / "proved.json").exists():
        from companion.restoring import finish

        finish(ctx.obj)
    if ctx.invoked_subcommand is None:
        ctx.invoke(run)


@main.command()
@click.pass_obj
def run(home: Path) -> None:
    """Run on this terminal until a nurse ends the day with her PIN.

    The first start asks for the first lead's initials and PIN. Whatever dies is started again,
    and an open session goes on where its time now stands.
    """
    from companion import joining

    sys.exit(joining.run(home))


@main.command()
@click.option("--language", type=click.Choice(["en", "es"]), help="Of the patient's screens.")
@click.pass_obj
def demo(_home: Path, language: str | None) -> None:
    """Live through a whole short session, about three minutes, in a scratch folder.

    A nurse is made on the spot and her PIN is shown. Nothing is kept when you end the day.
    """
    from companion import demo as demonstration

    sys.exit(demonstration.run(language))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_obj
def check(home: Path, as_json: bool) -> None:
    """Check config.yaml, every playlist and every script, and tell all that is wrong at once.

    Each mistake is named with its file, line and column. Exit code 2 when there is one.
    """
    from companion import checking, reviews_at_shell

    report, good = checking.check(home, as_json, reviews_at_shell.told_of)
    click.echo(report)
    sys.exit(0 if good else BAD_CONTENT)


@main.command()
@click.argument("what", type=click.Choice(["playlist", "script", "config"]))
def schema(what: str) -> None:
    """Print what an editor needs to complete and check a playlist, a script or the config.

    It is a JSON Schema. The home has all three in its folder `schemas`, and the first line of a
    file names its own there.
    """
    from companion.library import schema as schemas

    click.echo(schemas.schema(what), nl=False)


@main.command()
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
    from companion import rehearsal_report

    files = {"json_file": json_file, "sound": sound, "picture": picture}
    good = rehearsal_report.run(home, protocol, playlist, script, click.echo, **files)
    sys.exit(0 if good else FAULT)


@main.command("add")
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
    from companion import adding

    if json_lines:
        given = (home, files, playlist, section, licence, words_sung)
        sys.exit(0 if adding.add_for_a_screen(*given, sys.stdout, sys.stdin) else FAULT)
    if playlist is None:
        raise click.UsageError("Say to which playlist, as --playlist tidewater.")
    good = adding.add(home, files, playlist, section, licence, words_sung, by, bar, click.echo)
    sys.exit(0 if good else FAULT)


@main.group()
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
    from companion import carrying_told

    sys.exit(0 if carrying_told.to(home, folder, again, bar, click.echo) else FAULT)


@library.command("from")
@_FOLDER
@_AGAIN
@click.option("--files-only", is_flag=True, hidden=True)
@click.pass_obj
def library_from(home: Path, folder: Path, again: bool, files_only: bool) -> None:
    """Copy the library in FOLDER to this tablet, and take its reviews in with a PIN."""
    from companion import carrying_told

    def ask_initials() -> str:
        told = "Initials of whoever takes the reviews in (none: they stay in the folder)"
        try:
            return str(click.prompt(told, default="", show_default=False))
        except click.Abort:
            return ""

    def ask_pin() -> str:
        pin: str = click.prompt("PIN", hide_input=True)
        return pin

    given = (home, folder, again, bar, click.echo, ask_initials, ask_pin)
    good = carrying_told.back(*given, reviews=not files_only)
    sys.exit(0 if good else FAULT)


@main.command()
@click.pass_obj
def sessions(home: Path) -> None:
    """List the sessions on this tablet: when, where, who, how long. No patient's words."""
    from companion import record

    for line in record.session_lines(home):
        click.echo(line)


@main.command()
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.option("--to", type=click.Path(path_type=Path), help="A new file only you can read.")
@KEY
@click.pass_obj
def export(home: Path, form: str, to: Path | None, key_file: Path | None) -> None:
    """Export every session with its answers, as CSV or JSON.

    What was sealed reads as `sealed` without --key, what was deleted as `deleted`. Exit code 1 when
    the key leaves anything sealed.
    """
    from companion import record

    key = None if key_file is None else read_key(key_file)
    text, left = record.export(home, form, to, key)
    if to is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"Written to {to}.")
    if key is not None and left:
        click.echo(f"{left} answers stay sealed: this key does not open them.", err=True)
        sys.exit(FAULT)


main.add_command(keys)
main.add_command(retention)


@main.group(invoke_without_command=True)
@click.pass_context
def staff(ctx: click.Context) -> None:
    """List the people of this tablet; add, change and remove them when it is not running."""
    from companion import record

    if ctx.invoked_subcommand is None:
        for line in record.staff_lines(ctx.obj):
            click.echo(line)


_ROLE = click.Choice(["nurse", "curator", "lead"])


def _ask_pin() -> str:
    pin: str = click.prompt("PIN, six digits", hide_input=True, confirmation_prompt="Once more")
    return pin


@staff.command()
@click.argument("initials")
@click.option("--role", type=_ROLE, default="nurse")
@click.pass_obj
def add(home: Path, initials: str, role: str) -> None:
    """Add a person and ask for her PIN."""
    _change(home, "add", initials, role=role, pin=_ask_pin())


@staff.command()
@click.argument("initials")
@click.pass_obj
def pin(home: Path, initials: str) -> None:
    """Give a person a new PIN."""
    _change(home, "pin", initials, pin=_ask_pin())


@staff.command()
@click.argument("initials")
@click.pass_obj
def remove(home: Path, initials: str) -> None:
    """Remove a person. Her initials stay on what she did."""
    _change(home, "remove", initials)


def _change(home: Path, act: str, initials: str, role: str = "", pin: str = "") -> None:
    from companion import record

    refusal = record.change_staff(home, act, initials, role=role, pin=pin)
    if refusal:
        click.echo(refusal, err=True)
        sys.exit(FAULT)
    click.echo("Done.")


@main.command()
@click.pass_obj
def calibrate(home: Path) -> None:
    """Tell how loud this tablet is, with a sound level meter and a lead's PIN.

    Plays a steady noise on the output in use and takes what the meter reads of it, so that the
    loudest a patient can choose is 75 dB(A) at her ear. Exit code 2 while Companion runs here.
    """
    from companion import calibrate as at_shell

    def ask_pin() -> str:
        pin: str = click.prompt("PIN", hide_input=True)
        return pin

    sys.exit(at_shell.run(home, lambda: str(click.prompt("A lead's initials")), ask_pin))


@main.command()
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


@main.command()
@click.argument("file", metavar="FILE.txt", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--again", is_flag=True, help="Write over a script of this name.")
@click.pass_obj
def script(home: Path, file: Path, again: bool) -> None:
    """Make a script of a plain text: a paragraph is a sentence, a blank line its pause.

    `[pause 30]` is a longer one, `# return` begins the return. Above the first sentence may stand
    title: …, language: …, author: … Exit code 2, and nothing written, when there is a mistake.
    """
    from companion import converting

    sys.exit(converting.run(home, file, again, click.echo))


@main.command()
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
    from companion import taking, voicing

    if folder is None:
        sys.exit(voicing.run(home, script, again, click.echo))
    sys.exit(taking.run(home, script, folder, again, click.echo))


@main.command()
@click.argument("kind", type=click.Choice(["playlist", "script"]), required=False)
@click.argument("stem", required=False, metavar="[FILE-STEM]")
@click.option("--reason", default="", help="Why you accept your own: for a lead who is alone here.")
@click.pass_obj
def review(home: Path, kind: str | None, stem: str | None, reason: str) -> None:
    """List who accepted which playlist and script; read one, and accept it with your PIN.

    Patients hear only what a curator or lead of the clinic has accepted, never its author. Exit
    code 2 while Companion runs here, for there it is done on the screen.
    """
    from companion import reviews_at_shell
    from companion.home import fill_home

    fill_home(home)
    if kind is None:
        for line in reviews_at_shell.lines(home):
            click.echo(line)
        return
    if stem is None:
        raise click.UsageError(f"Name the {kind} too, as `companion review` lists it.")

    def ask_pin() -> str:
        pin: str = click.prompt("PIN", hide_input=True)
        return pin

    ask = lambda: str(click.prompt("Initials of whoever has read it"))  # noqa: E731
    sys.exit(reviews_at_shell.run(home, kind, stem, reason, ask, ask_pin))


for command in (
    record_commands.audit,
    record_commands.void,
    record_commands.backup,
    record_commands.restore,
):
    main.add_command(command)


# --- what the supervisor starts ------------------------------------------------------------------


@main.command(hidden=True)
@click.option("--socket", type=click.Path(path_type=Path), required=True)
@click.option("--beat-fd", type=int, required=True)
@click.option("--life-fd", type=int, required=True)
@click.option("--hint", default="")
@click.pass_obj
def screen(home: Path, socket: Path, beat_fd: int, life_fd: int, hint: str) -> None:
    """The screen process."""
    from companion import joining

    sys.exit(joining.screen(home, socket, beat_fd, life_fd, hint))


@main.command(hidden=True)
@click.option("--home", "at", type=click.Path(path_type=Path), required=True)
@click.option("--listen-fd", type=int, required=True)
@click.option("--beat-fd", type=int, required=True)
@click.option("--life-fd", type=int, required=True)
def sound(at: Path, listen_fd: int, beat_fd: int, life_fd: int) -> None:
    """The sound process."""
    from companion import joining

    sys.exit(joining.sound(at, listen_fd, beat_fd, life_fd))


@main.command(hidden=True)
@click.option("--beat-fd", type=int, required=True)
@click.option("--life-fd", type=int, required=True)
@click.pass_obj
def plain(home: Path, beat_fd: int, life_fd: int) -> None:
    """The screen that stands in when the real one cannot run."""
    from companion import joining

    sys.exit(joining.plain(home, beat_fd, life_fd))


@main.command(hidden=True)
@click.pass_obj
def tables(home: Path) -> None:
    """The child that makes the tables of the soundscapes."""
    from companion import joining

    joining.tables(home)
