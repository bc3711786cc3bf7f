"""What `companion check` says: the problems first, then what there is."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from companion.config import Config
from companion.library.check import Library
from companion.library.fields import in_words
from companion.library.pace import length, pace
from companion.library.playlists import PlaylistContent
from companion.library.scripts import PARTS, room
from companion.problems import Problem
from companion.session.plan import Cue, Protocol, Script


def report(library: Library, config: Config | None, problems: Iterable[Problem] = ()) -> str:
    """All of it as text. `problems` are those of files that could not be loaded at all."""
    wrong = _together(problems, library.problems)
    lines = [str(problem) for problem in wrong]
    lines += [f"worth a look: {problem}" for problem in library.advice]
    lines += [""] if lines else []
    for content in library.playlists.values():
        lines += _playlist(content)
    for script in library.scripts.values():
        lines += _script(script, config)
    if config:
        lines.append(f"A call reaches {config.calls.reaches}.")
    count = len(wrong)
    lines.append(f"{count} problem{'s' * (count != 1)}." if count else "No problem found.")
    return "\n".join(lines)


def as_json(
    library: Library, config: Config | None, problems: Iterable[Problem] = ()
) -> dict[str, Any]:
    """The same as plain values, for a program to read."""
    return {
        "problems": [asdict(problem) for problem in _together(problems, library.problems)],
        "advice": [asdict(problem) for problem in library.advice],
        "playlists": {
            stem: {"title": content.title, "hash": content.hash, "sections": list(content.sections)}
            for stem, content in library.playlists.items()
        },
        "scripts": {
            stem: {
                "title": script.title,
                "language": script.language,
                "hash": script.hash,
                "parts": {name: asdict(pace(cues)) for name, cues in _parts(script) if cues},
            }
            for stem, script in library.scripts.items()
        },
        "protocols": sorted(config.protocols) if config else [],
        "reaches": config.calls.reaches if config else "",
    }


def _together(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problem for group in groups for problem in group))


def _parts(script: Script) -> tuple[tuple[str, tuple[Cue, ...]], ...]:
    return tuple(zip(PARTS, (script.settle, script.back), strict=True))


def _playlist(content: PlaylistContent) -> list[str]:
    lines = [f"playlist {content.stem}: {content.title}"]
    for phase, entries in content.sections.items():
        names = ", ".join(
            f"{entry.track.title} ({in_words(entry.track.seconds)}, {entry.track.gain:+.1f} dB)"
            if entry.track.seconds
            else f"{entry.track.title} (soundscape)"
            for entry in entries
        )
        lines.append(f"  {phase:9}{names}")
    return [*lines, ""]


def _script(script: Script, config: Config | None) -> list[str]:
    lines = [f"script {script.stem}: {script.title} ({script.language})"]
    for name, cues in _parts(script):
        if not cues:
            lines.append(f"  {name:9}no words")
            continue
        figures = pace(cues)
        recorded = sum(cue.clip is not None for cue in cues)
        lines.append(
            f"  {name:9}{len(cues)} sentences, {recorded} recorded, {figures.words} words in "
            f"{in_words(round(figures.seconds))}: {figures.overall:.0f} a minute over all, "
            f"{figures.speaking:.0f} while speaking, longest pause "
            f"{in_words(figures.longest_pause)}"
        )
        cut = [p.name for p in _protocols(config) if length(cues) > room(name, p)]
        if cut:
            lines.append(f"           stops early, at a sentence's end, in {', '.join(cut)}")
    return [*lines, ""]


def _protocols(config: Config | None) -> Iterable[Protocol]:
    return config.protocols.values() if config else ()
