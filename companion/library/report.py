"""What `companion check` says: the problems first, then a table of what there is."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from companion.config import Config
from companion.library.check import Library
from companion.library.figures import Length, playlist_figures, script_figures
from companion.library.scripts import PARTS
from companion.problems import Problem
from companion.session.plan import Phase

WIDTH = 80
"""Letters in a line of a table."""
FORMAT = 1
"""Of the JSON; a key is added without a new one, never renamed or taken away."""
Reviews = Mapping[tuple[str, str], str]
"""How a `playlist` or a `script` of a stem stands with the clinic's reading, in words."""


def report(
    library: Library,
    config: Config | None,
    problems: Iterable[Problem] = (),
    reviews: Reviews | None = None,
) -> str:
    """All of it as text. `problems` are those of files that could not be loaded at all."""
    wrong = _together(problems, library.problems)
    lines = [str(problem) for problem in wrong]
    lines += [f"worth a look: {problem}" for problem in library.advice]
    lines += [""] if lines else []
    lines += _drawn(_tables(library, reviews or {}))
    if config:
        lines.append(f"A call reaches {config.calls.reaches}.")
    count = len(wrong)
    lines.append(f"{count} problem{'s' * (count != 1)}." if count else "No problem found.")
    return "\n".join(lines)


def as_json(
    library: Library,
    config: Config | None,
    problems: Iterable[Problem] = (),
    reviews: Reviews | None = None,
) -> dict[str, Any]:
    """The same as plain values, for a program to read."""
    reviews = reviews or {}
    return {
        "format": FORMAT,
        "problems": [asdict(problem) for problem in _together(problems, library.problems)],
        "advice": [asdict(problem) for problem in library.advice],
        "playlists": {
            stem: {
                "title": content.title,
                "hash": content.hash,
                "sections": list(content.sections),
                "review": reviews.get(("playlist", stem), ""),
                **asdict(playlist_figures(content)),
            }
            for stem, content in library.playlists.items()
        },
        "scripts": {
            stem: {
                "title": content.script.title,
                "language": content.script.language,
                "hash": content.script.hash,
                "licence": content.licence,
                "review": reviews.get(("script", stem), ""),
                **asdict(script_figures(content)),
            }
            for stem, content in library.written.items()
        },
        "protocols": sorted(config.protocols) if config else [],
        "reaches": config.calls.reaches if config else "",
    }


def _together(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problem for group in groups for problem in group))


def _drawn(tables: Iterable[RenderableType]) -> list[str]:
    """The tables as plain lines of at most `WIDTH` letters."""
    page = io.StringIO()
    console = Console(file=page, width=WIDTH, color_system=None, legacy_windows=False)
    console.print(Group(*tables))
    return [line.rstrip() for line in page.getvalue().splitlines()]


def _tables(library: Library, reviews: Reviews) -> Iterator[RenderableType]:
    if library.playlists:
        yield _playlists(library)
        yield ""
    if library.written:
        yield _scripts(library)
        yield ""
    if library.playlists or library.written:
        yield _rights(library, reviews)
        yield ""


def _table(*columns: str, right: Iterable[str] = ()) -> Table:
    """A table without lines; a name or a licence too long for it goes on below itself."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _row(table: Table, *cells: str) -> None:
    table.add_row(*(Text(cell) for cell in cells))


def _playlists(library: Library) -> Table:
    phases = {phase: "after" if phase is Phase.RECOVERY else str(phase) for phase in Phase}
    columns = ("Playlist", *phases.values(), "tracks", "LUFS")
    table = _table(*columns, right=columns[1:])
    for stem, content in library.playlists.items():
        figures = playlist_figures(content)
        lengths = (_told(figures.lengths.get(phase)) for phase in phases)
        level = f"{figures.lowest:.0f}"
        if f"{figures.highest:.0f}" != level:
            level += f" to {figures.highest:.0f}"
        _row(table, stem, *lengths, str(figures.tracks), level)
    return table


def _told(length: Length | None) -> str:
    """`3:28`, `∞` for a soundscape, `3:28+` for both, `-` where the music before goes on."""
    if length is None:
        return "-"
    if length.endless:
        return f"{_minutes(length.seconds)}+" if length.seconds else "∞"
    return _minutes(length.seconds)


def _minutes(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"


def _scripts(library: Library) -> Table:
    columns = ("Script", "in", *PARTS, "words a minute", "spoken")
    table = _table(*columns, right=(*PARTS, "words a minute"))
    for stem, content in library.written.items():
        figures = script_figures(content)
        parts = [figures.parts.get(name) for name in PARTS]
        rates = " / ".join(f"{part.overall:.0f}" if part else "-" for part in parts)
        lengths = (_minutes(part.seconds) if part else "-" for part in parts)
        recorded = figures.synthetic + figures.personal
        spoken = f"{recorded} of {figures.sentences}"
        if recorded:
            kinds = {"synthetic": figures.synthetic, "a person's": figures.personal}
            spoken += f", {' and '.join(kind for kind, count in kinds.items() if count)}"
        _row(table, stem, content.script.language, *lengths, rates, spoken)
    return table


def _rights(library: Library, reviews: Reviews) -> Table:
    """Licence and review of both."""
    table = _table("Playlist or script", "licence", "review" if reviews else "")
    for stem, content in library.playlists.items():
        figures = playlist_figures(content)
        missing = [f"{figures.unlicensed} missing"] if figures.unlicensed else []
        licence = ", ".join([*figures.licences, *missing]) or "needs none"
        _row(table, stem, licence, reviews.get(("playlist", stem), ""))
    for stem, written in library.written.items():
        _row(table, stem, written.licence or "missing", reviews.get(("script", stem), ""))
    return table
