"""What the supervisor and the screen start; nobody types these."""

import sys
from pathlib import Path

import click


@click.command(hidden=True)
@click.option("--socket", type=click.Path(path_type=Path), required=True)
@click.option("--beat-fd", type=int, required=True)
@click.option("--life-fd", type=int, required=True)
@click.option("--hint", default="")
@click.pass_obj
def screen(home: Path, socket: Path, beat_fd: int, life_fd: int, hint: str) -> None:
    """The screen process."""
    from companion import joining

    sys.exit(joining.screen(home, socket, beat_fd, life_fd, hint))


@click.command(hidden=True)
@click.option("--home", "at", type=click.Path(path_type=Path), required=True)
@click.option("--listen-fd", type=int, required=True)
@click.option("--beat-fd", type=int, required=True)
@click.option("--life-fd", type=int, required=True)
def sound(at: Path, listen_fd: int, beat_fd: int, life_fd: int) -> None:
    """The sound process."""
    from companion import joining

    sys.exit(joining.sound(at, listen_fd, beat_fd, life_fd))


@click.command(hidden=True)
@click.option("--beat-fd", type=int, required=True)
@click.option("--life-fd", type=int, required=True)
@click.pass_obj
def plain(home: Path, beat_fd: int, life_fd: int) -> None:
    """The screen that stands in when the real one cannot run."""
    from companion import joining

    sys.exit(joining.plain(home, beat_fd, life_fd))


@click.command(hidden=True)
@click.pass_obj
def tables(home: Path) -> None:
    """The child that makes the tables of the soundscapes."""
    from companion import joining

    joining.tables(home)
