"""`companion rehearse`: one session rehearsed and told, on the terminal and as JSON."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from companion.problems import BadContent, Problem
from companion.rehearse import Rehearsal, clock, rehearse
from companion.session.plan import Plan


def run(
    home: Path,
    protocol: str,
    playlist: str,
    script: str | None,
    json_file: Path | None,
    sound: Path | None,
    say: Callable[[str], None],
) -> bool:
    """Rehearse and tell; True when there is nothing to find. Raises BadContent and OSError."""
    plan, demonstration = _plan(home, protocol, playlist, script)
    rehearsal = rehearse(plan, demonstration)
    for line in rehearsal.lines:
        say(f"{clock(line.at):>7}  {line.what}")
    findings = list(rehearsal.findings)
    told: dict[str, object] = {"lines": [asdict(line) for line in rehearsal.lines]}
    if sound is not None:
        findings += _sound(home, rehearsal, sound, say, told)
    for finding in findings:
        say(f"finding: {finding}")
    if not findings:
        say("No finding.")
    if json_file is not None:
        told |= {"seconds": rehearsal.seconds, "findings": findings}
        json_file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return not findings


def _plan(home: Path, protocol: str, playlist: str, script: str | None) -> tuple[Plan, bool]:
    from companion.config import Card, load_config
    from companion.home import fill_home
    from companion.library.check import load_library
    from companion.library.resolve import plan_for

    fill_home(home)
    config = load_config(home / "config.yaml")
    library = load_library(home, config)
    spoken = library.scripts.get(script or "")
    language = config.usual.language if spoken is None else spoken.language
    card = Card(protocol, playlist, script, language)
    return plan_for(config, library, card), protocol in config.demonstrations


def _sound(
    home: Path,
    rehearsal: Rehearsal,
    sound: Path,
    say: Callable[[str], None],
    told: dict[str, object],
) -> tuple[str, ...]:
    """Render, measure and tell; what is to be found in it."""
    from companion.library.files import Unusable
    from companion.library.loudness import measure
    from companion.rehearsal_sound import NoSuchFormat, render

    try:
        heard = render(home, rehearsal, sound, lambda _: None)
        loudness = measure(sound)
    except NoSuchFormat as error:
        raise BadContent([Problem(str(sound), 0, 0, "", str(error))]) from None
    except Unusable as error:
        return (f"{sound.name} {error}",)
    for at, title in heard.tracks:
        say(f"{clock(at):>7}  plays: {title}")
    say(
        f"{sound.name}: {clock(loudness.seconds)}, {loudness.loudness:.1f} LUFS at 0 dB, "
        f"peak {heard.peak:.1f} dBFS, steepest rise {heard.loudest_rise:.1f} dB "
        f"at {clock(heard.loudest_rise_at)}, held down by {abs(heard.held):.1f} dB at most"
        f"{f' at {clock(heard.held_at)}' if heard.held else ''}, "
        f"longest silence {heard.longest_silence:.1f} s"
    )
    told["sound"] = asdict(heard) | {"loudness": loudness.loudness}
    return heard.findings
