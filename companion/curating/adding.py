"""`companion add`: sound files heard, told of, and taken into the library and a playlist."""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TextIO

from companion.cleaning import clean
from companion.home import fill_home
from companion.library.edit import PlaylistEdit
from companion.library.examining import examine
from companion.library.heard import Mark, Verdict
from companion.library.taking import Taken, take
from companion.record.record import RUNNING
from companion.session.book import Kind
from companion.session.events import By

Progress = Callable[[float], None]
"""Told how far something is, from 0 to 1."""


class Bar(Protocol):
    """Shows on the terminal how far a file is; called with what is done and the file's name."""

    def __call__(self, label: str) -> AbstractContextManager[Progress]: ...


def add(
    home: Path,
    files: Sequence[Path],
    playlist: str,
    section: str,
    licence: str,
    words_sung: bool | None,
    by: str,
    bar: Bar,
    say: Callable[[str], None],
) -> bool:
    """Add `files` to a section and tell of each what was found and done. True where all are good
    and added. `by` are the initials of whoever adds them; empty: nobody is written down. Raises
    BadContent where the playlist cannot be used: then nothing was done; and OSError."""
    fill_home(home)
    PlaylistEdit(home / "playlists" / f"{playlist}.yaml")
    good, added = True, False
    for path in files:
        name = clean(path.name, 60)
        with bar(f"hearing {name}") as progress:
            verdict = examine(
                path, section=section, licence=licence, words_sung=words_sung, progress=progress
            )
        say(f"{name}: {verdict.sentence}")
        good = good and verdict.mark is Mark.GOOD
        if verdict.mark is Mark.REFUSED:
            continue
        with bar(f"copying {name}") as progress:
            taken = take(verdict, home, playlist, section, progress)
        say(f"{name}: {taken.told}")
        good, added = good and bool(taken.fields), added or taken.entered
    return _written_down(home, playlist, by, say) and good if added and by else good


def _written_down(home: Path, playlist: str, by: str, say: Callable[[str], None]) -> bool:
    """Whether the book now says that `by` wrote this version of the playlist."""
    from companion.at_shell import Refused, desk_of

    try:
        with desk_of(home, RUNNING) as desk:
            if by not in [person.initials for person in desk.staff]:
                raise Refused(f"Nobody here has the initials {clean(by, 20)}.")
            asyncio.run(desk.review.authored(Kind.PLAYLIST, playlist, By(by)))
    except Refused as refused:
        say(f"Who added them was not written down. {refused}")
        return False
    return True


def add_for_a_screen(
    home: Path,
    files: Sequence[Path],
    playlist: str | None,
    section: str,
    licence: str,
    words_sung: bool | None,
    told: TextIO,
    asked: TextIO,
) -> bool:
    """The same for a program that shows it and asks a person, as `companion add --json-lines`.

    Writes one JSON object a line, in this order; `file` is a path as it was given, `part` goes
    from 0 to 1, every `sentence` is for a person:

    - for each file any number of `{"kind": "hearing", "file", "part"}`, then
      `{"kind": "verdict", "file", "mark": "good" | "flagged" | "refused", "sentence", "title",
      "artist", "licence", "seconds", "gain"}` (of a refused file without what follows `sentence`);
    - `{"kind": "asks"}`, and waits for one line such as `{"take": ["/media/stick/a.ogg"]}`; refused
      files in it are left out. Nothing is copied where the input ends instead, or the list is
      empty;
    - for each of these any number of `{"kind": "copying", "file", "part"}`, then
      `{"kind": "taken", "file", "fields", "sentence"}`: `fields` are those of a track, as
      `PlaylistEdit.add` takes them, and empty where it was not taken;
    - `{"kind": "done", "taken": 1}`.

    Without a `playlist` files are copied and not entered: a screen with unsaved changes enters
    `fields` itself. Ending the process at any moment leaves nothing half done. True where
    everything asked for was taken.
    """

    def tell(kind: str, **rest: Any) -> None:
        told.write(json.dumps({"kind": kind, **rest}) + "\n")
        told.flush()

    fill_home(home)
    verdicts: dict[str, Verdict] = {}
    for path in files:
        progress = _telling(tell, "hearing", str(path))
        verdict = examine(
            path, section=section, licence=licence, words_sung=words_sung, progress=progress
        )
        verdicts[verdict.file] = verdict
        tell("verdict", **_plain(verdict))
    tell("asks")
    wanted = [verdicts[file] for file in _answer(asked) if file in verdicts]
    taken: list[Taken] = []
    for verdict in wanted:
        if verdict.heard is None:
            continue
        progress = _telling(tell, "copying", verdict.file)
        taken.append(take(verdict, home, playlist, section, progress))
        tell("taken", file=verdict.file, fields=taken[-1].fields, sentence=taken[-1].told)
    count = sum(bool(one.fields) for one in taken)
    tell("done", taken=count)
    return count == len(wanted)


def _telling(tell: Callable[..., None], kind: str, file: str) -> Progress:
    return lambda part: tell(kind, file=file, part=round(part, 2))


def _plain(verdict: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": verdict.file,
        "mark": str(verdict.mark),
        "sentence": verdict.told,
    }
    if verdict.heard:
        told |= {
            "title": verdict.heard.title,
            "artist": verdict.heard.artist,
            "licence": verdict.licence,
            "seconds": verdict.heard.loudness.seconds,
            "gain": verdict.heard.gain,
        }
    return told


def _answer(asked: TextIO) -> list[str]:
    """The files that a person wants; none where nobody answers."""
    try:
        found = json.loads(asked.readline())
    except ValueError:
        return []
    take = found.get("take") if isinstance(found, dict) else None
    return [str(file) for file in take] if isinstance(take, list) else []
