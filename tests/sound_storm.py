"""Storms of orders over hostile sources, on a simulated clock, and what may be heard of them.

    python tests/sound_storm.py 17        # one storm again, by its seed, with its orders

A storm is a chain of transitions. Around each one twenty seconds are rendered: orders of any kind
fall into the first six, sometimes many at once, and then nothing more until the next.
"""

import sys
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import numpy as np
from hostile_sources import CALM, HOSTILE, HostileShelf, Made, track, write_files

from companion.session.plan import Cue, Phase, Section
from companion.session.wanted import Arc, Music, Voice, Wanted
from companion.sound.ceiling import CEILING
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.programme import Programme
from companion.sound.ruler import WINDOW, Levels100ms, Ruler

_AROUND = 20.0
"""Seconds rendered for each transition."""
_ORDERS = 6.0
"""Seconds of them into which orders fall."""
STEP = BLOCK / RATE
"""Seconds of a block."""
_FOR_EVER = 1e9
_COMES = 9.0
"""Seconds that music may take to come, beside its fade, where its first track never opens."""
_QUIET = -60.0
"""dBFS, less what the music is lowered by …"""
_DUCKED = -16.0
"""… and what a voice takes from it …"""
_LATELY = 20.0
"""… within so many seconds."""
_TOLERANCE = 0.05
"""dB by which what is measured may be beside the ruler."""
_JOLT = 0.002
"""How much a sample may lie beside the line through the two before it, where all sources are low
notes: what is more is a click."""

Log = Callable[[str], None]


def _no_log(line: str) -> None:
    """Where nobody reads along."""


@dataclass
class Judged:
    """What was heard of one storm. Levels and rises in dB, lengths in seconds."""

    seed: int
    seconds: float = 0.0
    peak: float = -120.0
    excess: float = -120.0
    """By how much the ruler was exceeded where music was alone …"""
    excess_at: float = 0.0
    voice_excess: float = -120.0
    """… and where a voice sounded."""
    voice_excess_at: float = 0.0
    silence: float = 0.0
    """The longest that nobody asked for."""
    silence_at: float = 0.0
    jolt: float = 0.0
    jolt_at: float = 0.0
    findings: list[str] = field(default_factory=list)

    def find(self, at: float, what: str) -> None:
        self.findings.append(f"storm {self.seed}, second {at:.1f}: {what}")


class Storm:
    """Wishes that change as a mad session's would."""

    def __init__(self, seed: int, log: Log = _no_log) -> None:
        self.chance = Random(seed)
        self.calm = self.chance.random() < 0.4
        self.now = 0.0
        """The session's second; what was rendered is another matter."""
        self._log = log
        self._music = self._some_music()
        self._clips = 0
        self.wanted = Wanted(
            Arc(Phase.PEAK, 0.0, 0.3, 0.01), self._music, fade=2.0, until=_FOR_EVER
        )

    def order(self) -> None:
        """Change what is wanted in some way."""
        kinds = {
            self._skip: 5,
            self._be_silent: 2,
            self._sound_again: 4,
            self._speak: 6,
            self._speak_no_more: 1,
            self._lower: 3,
            self._be_left_alone: 1,
            self._jump: 1,
            self._hold: 1,
            self._same_again: 1,
        }
        (kind,) = self.chance.choices(list(kinds), list(kinds.values()))
        self._log(f"{self.now:8.1f} {kind.__name__[1:]}")
        self.wanted = replace(self.wanted, until=_FOR_EVER)
        kind()

    def moments(self) -> list[int]:
        """The blocks of a transition before which orders come."""
        many = self.chance.choice([1, 1, 1, 2, 2, 3, 4, 12])
        return [self.chance.randrange(round(_ORDERS / STEP)) for _ in range(many)]

    def calm_down(self) -> None:
        """Mostly there is music when the next storm comes."""
        self.wanted = replace(self.wanted, until=_FOR_EVER)
        if self.chance.random() < 0.8:
            self._sound_again()

    def _some_music(self) -> Music:
        kinds = CALM if self.calm else HOSTILE
        many = self.chance.choice([1, 1, 2, 3, 4])
        tracks = tuple(track(self.chance.choice(kinds), self.chance) for _ in range(many))
        began = self.now - self.chance.choice([0.0, 0.0, self.chance.uniform(0, 60)])
        crossfade = self.chance.choice([1.0, 2.0, 8.0, 8.0, 8.0, 20.0])
        self._log(f"{self.now:8.1f}   {[one.title for one in tracks]} over {crossfade}")
        return Music(Section(self.chance.choice(list(Phase)), tracks), began, crossfade)

    def _skip(self) -> None:
        self._music = self._some_music()
        self._sound_again()

    def _be_silent(self) -> None:
        self.wanted = replace(self.wanted, music=None, fade=self.chance.choice([1.0, 4.0, 8.0]))

    def _sound_again(self) -> None:
        fade = self.chance.choice([2.0, 8.0, 10.0])
        self.wanted = replace(self.wanted, music=self._music, fade=fade)

    def _speak(self) -> None:
        self._clips += 1
        seconds = self.chance.uniform(1.0, 6.0)
        begins = self.now + self.chance.choice([-8.0, -2.0, 0.0, 0.0, 2.0, 3.0, 4.0, 6.0])
        kinds = ["say", "say", "say", "late", "dead"] + ["torn", "shout"] * (not self.calm)
        kind = self.chance.choice(kinds)
        clip = f"{kind} {self.chance.randrange(1 << 30)}"
        cue = Cue(f"{self._clips}", seconds, 4.0, clip=clip, gain=self.chance.uniform(-6, 6))
        then = self.chance.choice([None, begins + seconds + self.chance.uniform(0.1, 14)])
        self._log(f"{self.now:8.1f}   {clip} at {begins:.1f} for {seconds:.1f}, then {then}")
        self.wanted = replace(self.wanted, voice=Voice(cue, begins, then))

    def _speak_no_more(self) -> None:
        self.wanted = replace(self.wanted, voice=None)

    def _lower(self) -> None:
        self.wanted = replace(self.wanted, lower=self.chance.choice([0.0, 0.0, -6.0, -12.0, -18.0]))

    def _be_left_alone(self) -> None:
        self.wanted = replace(self.wanted, until=self.now + self.chance.uniform(0.0, 3.0))

    def _jump(self) -> None:
        """The session's clock and the frames rendered part."""
        self.now += self.chance.choice([-40.0, -5.0, -0.7, 0.3, 0.7, 5.0, 100.0])

    def _hold(self) -> None:
        pace = self.chance.choice([0.0, 0.01])
        self.wanted = replace(
            self.wanted, arc=Arc(self.chance.choice(list(Phase)), self.now, 0.5, pace)
        )

    def _same_again(self) -> None:
        """Only sent once more."""


class Measured:
    """Measures what comes, block after block."""

    def __init__(self, judged: Judged, calm: bool) -> None:
        self._judged = judged
        self._calm = calm
        self._levels = Levels100ms()
        self._ruler = Ruler()
        self._last = np.zeros((2, 2), np.float32)
        self._peak = 0.0
        self._numbers_told = False
        self._least: list[float] = []

    def hear(self, block: Block, voice: bool, least: float) -> None:
        """`least` is the level under which it is silent, in dBFS; none if it may be."""
        judged = self._judged
        at = judged.seconds
        judged.seconds += len(block) / RATE
        if not np.isfinite(block).all():
            if not self._numbers_told:
                judged.find(at, "what is no number")
            self._numbers_told = True
            block = np.nan_to_num(block)
        self._peak = max(self._peak, float(block.max()), -float(block.min()))
        self._levels.add(block)
        self._ruler.add(block, voice)
        self._least.append(least)
        if self._calm:
            joined = np.concatenate((self._last, block))
            jolts = np.abs(np.diff(joined, 2, axis=0)).max(axis=1)
            self._last = block[-2:]
            if (jolt := float(jolts.max())) > judged.jolt:
                judged.jolt, judged.jolt_at = jolt, at + int(jolts.argmax()) / RATE

    def judge(self) -> None:
        judged, levels = self._judged, self._levels.levels
        judged.peak = 20 * float(np.log10(max(self._peak, 1e-6)))
        if judged.peak > CEILING + 0.001:
            judged.find(0.0, f"a peak of {judged.peak:.2f} dBFS")
        if judged.jolt > _JOLT:
            judged.find(judged.jolt_at, f"a click of {judged.jolt:.4f}")
        excess, voiced = self._ruler.excess, self._ruler.voiced
        judged.excess, judged.excess_at = _worst(np.where(voiced, -120.0, excess))
        judged.voice_excess, judged.voice_excess_at = _worst(np.where(voiced, excess, -120.0))
        if judged.excess > _TOLERANCE:
            judged.find(judged.excess_at, f"music rises {judged.excess:.2f} dB too much")
        if judged.voice_excess > _TOLERANCE:
            what = f"a voice rises {judged.voice_excess:.2f} dB too much"
            judged.find(judged.voice_excess_at, what)
        least = np.repeat(self._least, round(STEP * 10))[: len(levels)]
        judged.silence, judged.silence_at = _longest(levels < least)
        if judged.silence >= 1.0:
            judged.find(judged.silence_at, f"{judged.silence:.1f} s of silence")


def _worst(values: np.ndarray) -> tuple[float, float]:
    at = int(values.argmax())
    return float(values[at]), at * WINDOW / RATE


def _longest(flags: np.ndarray) -> tuple[float, float]:
    """Seconds of the longest run of true, and where it begins."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    begins, ends = edges[::2], edges[1::2]
    if not len(begins):
        return 0.0, 0.0
    at = int((ends - begins).argmax())
    return float(ends[at] - begins[at]) / 10, float(begins[at]) / 10


class Hearing:
    """A programme that is rendered block by block, and judged."""

    def __init__(self, seed: int, home: Path, calm: bool, log: Log = _no_log) -> None:
        """The real files of `home` are those of `hostile_sources`."""
        self.judged = Judged(seed)
        self.rendered: Callable[[Block], None] = lambda block: None
        """Told of each block."""
        self._measured = Measured(self.judged, calm)
        self._shelf = HostileShelf(home, calm)
        self._open_before = Made.opened
        self._programme = Programme(self._shelf, lambda notice: log(f"{'':12} {notice}"))
        self._wanted: Wanted | None = None
        self._since = 0.0
        """The second from which on music was wanted without a break."""
        self._lowered: deque[float] = deque(maxlen=round(_LATELY / STEP))

    def want(self, wanted: Wanted, now: float) -> None:
        self._wanted = wanted
        self._programme.want(wanted, now)

    def step(self, now: float) -> None:
        """Render one block; `now` is the session's second at its beginning."""
        wanted, at = self._wanted, self.judged.seconds
        assert wanted is not None
        self._shelf.settle(STEP)
        block = self._programme.render(BLOCK)
        if wanted.music is None or now >= wanted.until:
            self._since = at + STEP
        speaks = self._programme.speaking
        ducked = _DUCKED if speaks or wanted.voice is not None else 0.0
        self._lowered.append(wanted.lower + ducked)
        up = at - self._since >= wanted.fade + _COMES
        self._measured.hear(block, speaks, _QUIET + min(self._lowered) if up else -np.inf)
        self.rendered(block)

    def close(self) -> Judged:
        self._programme.close()
        self._shelf.close()
        if Made.opened != self._open_before:
            left = Made.opened - self._open_before
            self.judged.find(self.judged.seconds, f"{left} sources left open")
        self._measured.judge()
        return self.judged


def weather(
    seed: int,
    transitions: int,
    home: Path,
    log: Log = _no_log,
    rendered: Callable[[Block], None] = lambda block: None,
) -> Judged:
    """Render the storm `seed` and judge it."""
    storm = Storm(seed, log)
    hearing = Hearing(seed, home, storm.calm, log)
    hearing.rendered = rendered
    hearing.want(storm.wanted, storm.now)

    def play(seconds: float) -> None:
        for _ in range(round(seconds / STEP)):
            hearing.step(storm.now)
            storm.now += STEP

    play(_AROUND)
    for _ in range(transitions):
        storm.calm_down()
        hearing.want(storm.wanted, storm.now)
        moments = storm.moments()
        for moment in range(round(_AROUND / STEP)):
            for _ in range(moments.count(moment)):
                storm.order()
                hearing.want(storm.wanted, storm.now)
            play(STEP)
    return hearing.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder))
        told = weather(int(sys.argv[1]), 10, Path(folder), print)
    print("\n".join([str(told), *told.findings]))
