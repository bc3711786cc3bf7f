"""Rehearses the whole shipped library and writes docs/library.md again: `python
docs/library_table.py`, from the project's folder. Hours of sound take a while; what was heard is
kept in docs/.heard, so that it goes on where it was stopped and repeats only what changed.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import companion
from companion.config import Card, Config
from companion.config_loading import load_config
from companion.home import fill_home
from companion.library.check import Library, load_library
from companion.library.resolve import plan_for
from companion.rehearsal.rehearse import Line, clock, rehearse
from companion.rehearsal.sound import render
from companion.session.plan import Cue

_HERE = Path(__file__).parent
_KEPT = _HERE / ".heard"
_HEAD = """\
# The library, rehearsed

Every playlist, lived through from the first fade to the first minute of recovery on a simulated
clock, at 0 dB, and measured. Made by `docs/library_table.py`. How to read it:

- **loudness**: of the whole session, in LUFS; music is brought to -22.
- **rise**: the steepest there is. What is called calm is 6 dB in music alone and 10 where a voice
  sounds ([the ruler](sound/ruler.md)).
- **silence**: the longest between the first sound and the last, in seconds.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One session as it was rehearsed; the figures are None where no sound was rendered."""

    protocol: str
    playlist: str
    script: str | None
    findings: tuple[Line, ...]
    loudness: float | None = None
    rise: float | None = None
    voice_rise: float | None = None
    silence: float | None = None


class _Rehearsals:
    """The shipped library, rehearsed session by session."""

    def __init__(self, home: Path) -> None:
        fill_home(home)
        self._home = home
        self.config: Config = load_config(home / "config.yaml")
        self.library: Library = load_library(home, self.config)
        assert not self.library.problems, self.library.problems
        self._sound = _hash_of(Path(companion.__file__).parent / "sound")

    def rehearsed(self, protocol: str, playlist: str, script: str | None, aloud: bool) -> Result:
        """One session by its timeline and, `aloud`, by its sound."""
        spoken = self.library.scripts.get(script or "")
        language = spoken.language if spoken else self.config.language
        card = Card(protocol, playlist, script, language)
        plan = plan_for(self.config, self.library, card)
        rehearsal = rehearse(plan, card.protocol in self.config.demonstrations)
        result = Result(card.protocol, card.playlist, card.script, rehearsal.findings)
        if not aloud:
            return result
        parts = (plan.protocol, plan.playlist.hash, plan.script and plan.script.hash, self._sound)
        kept = _KEPT / f"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}.json"
        if not kept.exists():
            print(f"{card.protocol} {card.playlist} {card.script or ''}", flush=True)
            stated = self.library.playlists[card.playlist].stated
            heard = asdict(render(self._home, rehearsal, None, stated))
            _KEPT.mkdir(exist_ok=True)
            kept.write_text(json.dumps(heard))
        return _with_sound(result, json.loads(kept.read_text()))


def _hash_of(folder: Path) -> str:
    sources = sorted(folder.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def _with_sound(result: Result, heard: dict[str, Any]) -> Result:
    return Result(
        result.protocol,
        result.playlist,
        result.script,
        (*result.findings, *(Line(**found) for found in heard["findings"])),
        heard["loudness"],
        heard["loudest_rise"],
        heard["voice_rise"],
        heard["longest_silence"],
    )


def main() -> None:
    """Rehearse everything, the shortest first, and write the page after each."""
    with tempfile.TemporaryDirectory() as home:
        all_of_it = _Rehearsals(Path(home))
        alone: list[Result] = []
        for protocol, playlist in _alone(all_of_it):
            alone.append(all_of_it.rehearsed(protocol, playlist, None, aloud=True))
            _write(all_of_it, alone, [])
        spoken: list[Result] = []
        for protocol, playlist, script in _spoken(all_of_it, alone):
            spoken.append(all_of_it.rehearsed(protocol, playlist, script, aloud=True))
            _write(all_of_it, alone, spoken)


def _alone(all_of_it: _Rehearsals) -> Iterator[tuple[str, str]]:
    """Each playlist in each protocol, music alone."""
    protocols = all_of_it.config.protocols.values()
    for protocol in sorted(protocols, key=lambda one: one.settle + one.peak):
        for playlist in all_of_it.library.playlists:
            yield protocol.name, playlist


def _spoken(all_of_it: _Rehearsals, alone: list[Result]) -> Iterator[tuple[str, str, str]]:
    """Each recorded script over the loudest and the quietest playlist, in the usual protocol."""
    usual = all_of_it.config.usual.protocol
    by_loudness = sorted(
        (result for result in alone if result.protocol == usual), key=lambda one: one.loudness or 0
    )
    for stem in _recorded(all_of_it.library):
        for playlist in dict.fromkeys((by_loudness[-1].playlist, by_loudness[0].playlist)):
            yield usual, playlist, stem


def _recorded(library: Library) -> list[str]:
    def clips(cues: tuple[Cue, ...]) -> bool:
        return any(cue.clip for cue in cues)

    return [stem for stem, one in library.scripts.items() if clips(one.settle) or clips(one.back)]


def _write(all_of_it: _Rehearsals, alone: list[Result], spoken: list[Result]) -> None:
    """The page as far as it is known."""
    lines = [_HEAD, "## Music alone", ""]
    lines += ["| playlist | protocol | loudness | rise | silence | findings |", "|---" * 6 + "|"]
    lines += [
        f"| {one.playlist} | {one.protocol} | {one.loudness:.1f} | {one.rise:.1f} | "
        f"{one.silence:.1f} | {_told(one)} |"
        for one in sorted(alone, key=lambda one: one.playlist)
    ]
    left = len(list(_alone(all_of_it))) - len(alone)
    if left:
        lines += ["", f"{left} more are still to be rehearsed: run the script again."]
    lines += ["", "## With a voice", ""]
    if spoken:
        told = "Each recorded script over the loudest and the quietest playlist."
        lines += [
            told,
            "",
            "| script | playlist | loudness | rise | rise in the voice | findings |",
        ]
        lines += ["|---" * 6 + "|"]
    else:
        lines += ["No script with recordings was rehearsed with its sound."]
    lines += [
        f"| {one.script} | {one.playlist} | {one.loudness:.1f} | {one.rise:.1f} | "
        f"{one.voice_rise:.1f} | {_told(one)} |"
        for one in spoken
    ]
    lines += ["", "## Every other pair, by its timeline alone", "", *_silently(all_of_it, spoken)]
    (_HERE / "library.md").write_text("\n".join(lines) + "\n")


def _silently(all_of_it: _Rehearsals, spoken: list[Result]) -> Iterator[str]:
    """What the timelines tell of all pairs whose sound was not rendered."""
    heard = {(one.protocol, one.playlist, one.script) for one in spoken}
    results = [
        all_of_it.rehearsed(protocol, playlist, script, aloud=False)
        for protocol in all_of_it.config.protocols
        for playlist in all_of_it.library.playlists
        for script in all_of_it.library.scripts
        if (protocol, playlist, script) not in heard
    ]
    found = [result for result in results if result.findings]
    yield (
        f"{len(results)} pairs of a playlist and a script, each in every protocol: "
        f"{len(found) or 'none'} with a finding."
    )
    if found:
        yield ""
    for one in found:
        yield f"- {one.playlist}, {one.script}, {one.protocol}: {_told(one)}"


def _told(result: Result) -> str:
    return "; ".join(f"{clock(one.at)} {one.what}" for one in result.findings) or "none"


if __name__ == "__main__":
    main()
