"""The commands. What a person types at a shell ends in one plain line when it cannot be done."""

import sys
from pathlib import Path

import click

from companion import __version__
from companion.cli import content, keys, library, processes, record, running, tablet
from companion.cli.exits import BAD_CONTENT, FAULT
from companion.problems import BadContent


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
        from companion.backup.restoring import finish

        finish(ctx.obj)
    if ctx.invoked_subcommand is None:
        ctx.invoke(running.run)


for command in (
    running.run,
    running.demo,
    content.check,
    content.schema,
    content.rehearse,
    content.review,
    library.add_music,
    library.library,
    library.script,
    library.voice,
    record.sessions,
    record.export,
    record.audit,
    record.void,
    record.backup,
    record.restore,
    keys.keys,
    keys.retention,
    tablet.staff,
    tablet.calibrate,
    tablet.doctor,
    processes.screen,
    processes.sound,
    processes.plain,
    processes.tables,
):
    main.add_command(command)
