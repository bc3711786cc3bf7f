"""The whole library: everything that can be used, and everything that is wrong with the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from companion.config import Config
from companion.library.clips import Made
from companion.library.files import Unusable
from companion.library.loudness import CACHE
from companion.library.playlists import PlaylistContent, load_playlist
from companion.library.reading import Location
from companion.library.scripts import ScriptContent, lengths_of, load_script, made_of, spoken
from companion.library.shelf import Shelf
from companion.library.unsaid import unsaid
from companion.library.wording import Spoken
from companion.problems import BadContent, Problem, nearest
from companion.session.plan import Cue, Script

PLAYLISTS = "playlists"
SCRIPTS = "scripts_guided"


@dataclass(frozen=True, slots=True)
class Library:
    """What staff may choose from, by stem of its file."""

    playlists: Mapping[str, PlaylistContent]
    scripts: Mapping[str, Script]
    lines: Mapping[Spoken, Cue]
    """The clinic's own sentences, the call line and the anchors, with their recordings."""
    problems: tuple[Problem, ...]
    """Mistakes: something is missing or goes against a rule."""
    advice: tuple[Problem, ...]
    """What is worth a look and may be meant so."""
    written: Mapping[str, ScriptContent] = field(default_factory=dict)
    """The scripts as they stand in their files."""


def playlist_shelf(home: Path) -> Shelf:
    """Where the playlists of this home lie."""
    return Shelf(home / PLAYLISTS, home / CACHE)


def script_shelf(home: Path) -> Shelf:
    """Where its scripts lie."""
    return Shelf(home / SCRIPTS, home / CACHE)


def load_library(home: Path, config: Config | None) -> Library:
    """Read and measure everything in the home's library.

    A file with mistakes never hides the good ones. Without a `config` nothing is held against
    protocols, and there are no lines.
    """
    loading = _Loading(home, config)
    loading.read_playlists()
    loading.read_scripts()
    loading.read_lines()
    loading.check_usual()
    loading.check_languages()
    return loading.library()


class _Loading:
    """A library on its way."""

    def __init__(self, home: Path, config: Config | None) -> None:
        self._config = config
        self._music = playlist_shelf(home)
        self._words = script_shelf(home)
        self._playlists: dict[str, PlaylistContent] = {}
        self._scripts: dict[str, ScriptContent] = {}
        self._lines: dict[Spoken, Cue] = {}
        self._problems: list[Problem] = []
        self._advice: list[Problem] = []

    def read_playlists(self) -> None:
        for stem in self._stems(self._music):
            try:
                content, problems = load_playlist(stem, self._music)
            except BadContent as bad:
                self._problems += bad.problems
                continue
            self._problems += problems
            if content:
                self._playlists[stem] = content
                self._advice += content.advice

    def read_scripts(self) -> None:
        for stem in self._stems(self._words):
            try:
                content, problems = load_script(stem, self._words)
            except BadContent as bad:
                self._problems += bad.problems
                continue
            self._problems += problems
            self._scripts[stem] = content
            self._advice += content.advice
            if self._config:
                config = self._config
                real = [p for n, p in config.protocols.items() if n not in config.demonstrations]
                wrong, advice = lengths_of(content, real)
                self._problems += wrong
                self._advice += advice

    def read_lines(self) -> None:
        if not self._config:
            return
        lines: list[tuple[Location, Spoken]] = [(("call_line",), self._config.call_line)]
        lines += [(("anchors", i), line) for i, line in enumerate(self._config.anchors)]
        for code, said in self._config.languages.items():
            of = ("languages", code)
            lines += [((*of, "call_line"), said.call_line)] if said.call_line else []
            lines += [((*of, "anchors", i), line) for i, line in enumerate(said.anchors)]
        for where, written in lines:
            line = spoken(self._words, written.say, written.sound, made=self._beside(written.sound))
            self._lines[written] = line.cue
            if line.wrong:
                self._problems.append(self._config.problem((*where, "sound"), line.wrong))

    def _beside(self, sound: str | None) -> Mapping[str, Made]:
        """What is known of the recordings in the folder of this one; where that cannot be read it
        is measured like any other."""
        try:
            return made_of(PurePosixPath(sound).parent.as_posix(), self._words) if sound else {}
        except Unusable:
            return {}

    def check_usual(self) -> None:
        if not self._config:
            return
        usual = self._config.usual
        if usual.playlist not in self._playlists:
            self._not_there("playlist", usual.playlist, self._playlists)
        if usual.script is not None and usual.script not in self._scripts:
            self._not_there("script", usual.script, self._scripts)

    def check_languages(self) -> None:
        if self._config:
            scripts = [content.script for content in self._scripts.values()]
            self._advice += unsaid(self._config, scripts)

    def _not_there(self, key: str, name: str, valid: Mapping[str, object]) -> None:
        if self._config:
            told = f"there is no {key} {name!r} that can be used"
            self._problems.append(self._config.problem(("usual", key), told, nearest(name, valid)))

    def _stems(self, shelf: Shelf) -> list[str]:
        stems = []
        for stem, problems in shelf.stems():
            self._problems += problems
            if not problems:
                stems.append(stem)
        return stems

    def library(self) -> Library:
        return Library(
            playlists=self._playlists,
            scripts={stem: content.script for stem, content in self._scripts.items()},
            lines=self._lines,
            problems=tuple(self._problems),
            advice=tuple(self._advice),
            written=self._scripts,
        )
