"""`companion rehearse`: one session rehearsed and told, as text, as JSON and as a picture."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from companion.problems import BadContent, Problem
from companion.rehearsal.rehearse import Line, Rehearsal, clock, rehearse

if TYPE_CHECKING:
    from companion.rehearsal.heard import Measured
    from companion.session.plan import Plan

_CONVERTER = "rsvg-convert"
"""The program that makes a .png of a picture."""


def run(
    home: Path,
    protocol: str,
    playlist: str,
    script: str | None,
    say: Callable[[str], None],
    *,
    json_file: Path | None = None,
    sound: Path | None = None,
    picture: Path | None = None,
) -> bool:
    """Rehearse and tell; True when there is nothing to find.

    All of it is written to `json_file`, what is heard to `sound` and what it looks like to
    `picture` (.svg or .png), where they are given. Raises BadContent and OSError.
    """
    if picture is not None:
        _refuse_unknown(picture)
    plan, demonstration, stated = _planned(home, protocol, playlist, script)
    rehearsal = rehearse(plan, demonstration)
    for line in rehearsal.lines:
        say(f"{clock(line.at):>7}  {line.what}")
    heard = None if sound is None else _sound(home, rehearsal, sound, stated)
    if sound is not None and heard is not None:
        _tell_sound(sound.name, rehearsal, heard, say)
    findings = (*rehearsal.findings, *(heard.findings if heard else ()))
    for finding in findings:
        say(f"finding: {finding}")
    if not findings:
        say("No finding.")
    if json_file is not None:
        told = {
            "seconds": rehearsal.seconds,
            "lines": [asdict(line) for line in rehearsal.lines],
            "findings": [asdict(finding) for finding in findings],
            "sound": asdict(heard) if heard else None,
        }
        json_file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    if picture is not None:
        _draw(picture, _heading(plan), rehearsal, heard, findings)
    return not findings


def _heading(plan: "Plan") -> str:
    spoken = plan.script.title if plan.script else "no voice"
    return f"{plan.playlist.title} · {spoken} · {plan.protocol.title}"


def _draw(
    path: Path,
    heading: str,
    rehearsal: Rehearsal,
    heard: "Measured | None",
    findings: tuple[Line, ...],
) -> None:
    """Write the picture."""
    from companion.rehearsal.picture import picture

    drawn = picture(heading, rehearsal, heard, findings)
    if path.suffix == ".svg":
        path.write_text(drawn, encoding="utf-8")
    else:
        done = subprocess.run([_CONVERTER], input=drawn.encode(), capture_output=True, check=True)
        path.write_bytes(done.stdout)


def _refuse_unknown(picture: Path) -> None:
    """Before anything is rendered, for an hour of sound takes minutes."""
    if picture.suffix == ".svg" or (picture.suffix == ".png" and shutil.which(_CONVERTER)):
        return
    told = f"expected a file that ends in .svg, or in .png where {_CONVERTER} is installed"
    raise BadContent([Problem(str(picture), 0, 0, "", told)])


def _planned(
    home: Path, protocol: str, playlist: str, script: str | None
) -> tuple["Plan", bool, dict[str, float]]:
    """The plan, whether it is a demonstration, and the levels that staff wrote, by title."""
    from companion.config_loading import load_config
    from companion.home import fill_home
    from companion.library.check import load_library
    from companion.library.resolve import rehearsal_plan

    fill_home(home)
    config = load_config(home / "config.yaml")
    library = load_library(home, config)
    plan = rehearsal_plan(config, library, protocol, playlist, script)
    return plan, protocol in config.demonstrations, library.playlists[playlist].stated


def _sound(home: Path, rehearsal: Rehearsal, sound: Path, stated: dict[str, float]) -> "Measured":
    from companion.rehearsal.sound import NoSuchFormat, render

    try:
        return render(home, rehearsal, sound, stated)
    except NoSuchFormat as error:
        raise BadContent([Problem(str(sound), 0, 0, "", str(error))]) from None


def _tell_sound(
    name: str, rehearsal: Rehearsal, heard: "Measured", say: Callable[[str], None]
) -> None:
    for at, title in heard.tracks:
        say(f"{clock(at):>7}  plays: {title}")
    say(
        f"{name}: {clock(rehearsal.seconds)}, {heard.loudness:.1f} LUFS at 0 dB, "
        f"peak {heard.peak:.1f} dBFS, steepest rise {heard.loudest_rise:.1f} dB "
        f"at {clock(heard.loudest_rise_at)}, held down by {abs(heard.held):.1f} dB at most"
        f"{f' at {clock(heard.held_at)}' if heard.held else ''}, "
        f"longest silence {heard.longest_silence:.1f} s"
    )
