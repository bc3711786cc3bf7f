"""The last stage before the output: the patient's own level, sound off and on, dither.

It is applied as late as possible, and again to what is handed over but not yet heard, so that what
a person asks for at the screen is heard at once. What comes out depends on nothing but the blocks,
the orders and the frame numbers of both: the same again gives the same bytes.
"""

from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from companion.sound.course import Course, Levels
from companion.sound.curves import BLOCK, FLOOR, Block, amplitude, out_of_silence

Samples = npt.NDArray[np.int16]
"""16-bit samples of shape (frames, 2)."""

_OFF = 0.65
"""Seconds of the fade when sound is switched off: with what the output has taken already, all is
gone within a second of the order."""
_STEP_DOWN = 0.5
"""Seconds in which the level comes down …"""
_SLOPE_UP = 6.0
"""… and dB a second by which it goes up at most."""
_AWAY = 0.3
"""Seconds of the fade when it leaves by an output that nobody agreed to."""
_BREAK_OFF = 0.06
"""Seconds of the fade before a hole."""
_BACK = 10.0
"""Seconds of a fade back: straight in dB, 6 dB a second."""
_NOTHING: Final = 1e-6
_HIGHEST = 0.0
"""dB: the hard bound of the level."""
_FULL: Final = 32767.0
_NOISE: Final = 1 << 16
"""Frames after which the dither begins anew."""
_SEED = 48_000
_GLANCE: Final = 480
"""Frames from one to the next that are looked at for silence."""


class Aim(msgspec.Struct, frozen=True, tag="aim"):
    """Go to the patient's `level` in dB, and be on or off; `fade` seconds from silence."""

    level: float
    on: bool
    fade: float


class Agree(msgspec.Struct, frozen=True, tag="agree"):
    """Whether the output is one that a person agreed to."""

    agreed: bool


class BreakOff(msgspec.Struct, frozen=True, tag="break-off"):
    """There will be nothing to play: be silent before that."""


class ComeBack(msgspec.Struct, frozen=True, tag="come-back"):
    """The output, or what it plays, was away: come from silence, if the output is agreed to."""


class End(msgspec.Struct, frozen=True, tag="end"):
    """Fade everything away within `seconds`."""

    seconds: float


class GoOn(msgspec.Struct, frozen=True, tag="go-on"):
    """The end is called off."""


class ComesIn(msgspec.Struct, frozen=True, tag="comes-in"):
    """What sounds comes `out_of_silence` by itself: it is at `level` dB, and in `seconds` at 0.
    Counts as long as any door is not open."""

    level: float
    seconds: float


FinishOrder = Aim | Agree | BreakOff | ComeBack | End | GoOn | ComesIn


class Finish:
    """For one thread. Orders take effect at frames that never go back.

    The sound passes three doors, and the one that is closed furthest decides: so however many of
    them open at a time, it comes up no faster than by one. A fade by which the music itself comes
    from silence counts as another: the doors take away only what is missing from it.
    """

    def __init__(self) -> None:
        self._level: Course | None = None
        self._switch = Course(0.0)
        """Sound off and on."""
        self._way = Course(0.0)
        """The way out: an output that is there and agreed to."""
        self._life = Course(0.0)
        self._coming = Course(0.0)
        """The music's own fade, as known when it began or the doors began to open."""
        self._agreed = True
        chance = np.random.default_rng(_SEED)
        noise = chance.random((2, _NOISE, 2), np.float32)
        noise[0] -= noise[1]
        self._dither = np.concatenate((noise[0], noise[0, :BLOCK]))
        """Triangular, of two steps; its beginning again at the end, so that a block of it is one
        piece."""
        self._scaled = np.empty((BLOCK, 2), np.float32)
        self._settled = 0
        """The frame from which on all stands still …"""
        self._steady: float | Levels = 0.0
        """… at this factor."""

    def silent(self, frame: int) -> bool:
        """Whether nothing can be heard at `frame`, whatever sounds."""
        closed = any(door.target <= FLOOR and door.stands(frame) for door in self._doors())
        return closed or self._level is None

    def obey(self, order: FinishOrder, frame: int) -> bool:
        """From `frame` on; tells whether that changes anything."""
        changed = self._take(order, frame)
        if changed:
            self._settled = max(course.arrives for course in self._courses())
            self._steady = self._gain(self._settled, self._settled + 1)
        return changed

    def make(self, block: Block, first: int, out: Samples, begin: int = 0) -> None:
        """Fill `out` from its frame `begin` on with `block`, whose first frame has the number
        `first` and which is under the ceiling."""
        end = first + len(block)
        if _is_silence(block):
            out[begin:] = 0
            return
        start = first + begin
        for stop in self._turns(start, end):
            steady = start >= self._settled
            gain = self._steady if steady else self._gain(start, stop)
            piece = slice(start - first, stop - first)
            self._round(block[piece], gain, start, out[piece])
            start = stop

    def _take(self, order: FinishOrder, frame: int) -> bool:
        if self._open(frame):
            self._coming.jump(frame, 0.0)
        match order:
            case ComesIn():
                return self._come_in(order, frame)
            case Aim():
                return self._aim(order, frame)
            case Agree():
                self._agreed = order.agreed
                if order.agreed:
                    return self._way.fade(frame, 0.0, _BACK)
                return self._way.fade(frame, FLOOR, _AWAY)
            case BreakOff():
                return self._way.to(frame, FLOOR, _BREAK_OFF)
            case ComeBack():
                self._way.jump(frame, FLOOR)
                if self._agreed:
                    self._way.fade(frame, 0.0, _BACK)
                return True
            case End():
                return self._life.fade(frame, FLOOR, order.seconds)
            case GoOn():
                return self._life.fade(frame, 0.0, _BACK)

    def _aim(self, aim: Aim, frame: int) -> bool:
        level = min(aim.level, _HIGHEST)
        if self._level is None:
            self._level = Course(level)
            levelled = True
        else:
            rise = level - self._level.at(frame)
            levelled = self._level.to(frame, level, max(_STEP_DOWN, rise / _SLOPE_UP))
        if aim.on:
            switched = self._switch.fade(frame, 0.0, aim.fade)
        else:
            switched = self._switch.fade(frame, FLOOR, _OFF)
        return levelled or switched

    def _come_in(self, order: ComesIn, frame: int) -> bool:
        if self._open(frame) or order.level == self._coming.at(frame):
            return False
        self._coming.jump(frame, order.level)
        return self._coming.to(frame, 0.0, order.seconds)

    def _open(self, frame: int) -> bool:
        return all(door.at(frame) >= 0.0 for door in self._doors())

    def _doors(self) -> tuple[Course, Course, Course]:
        return self._switch, self._way, self._life

    def _courses(self) -> tuple[Course, ...]:
        courses = (*self._doors(), self._coming)
        return courses if self._level is None else (self._level, *courses)

    def _turns(self, start: int, end: int) -> list[int]:
        """The frames after `start` at which something arrives, and `end`."""
        if start >= self._settled:
            return [end]
        turns = {course.arrives for course in self._courses() if start < course.arrives < end}
        return [*sorted(turns), end]

    def _gain(self, start: int, end: int) -> float | Levels:
        """The factors to 16-bit samples, between two turns: one, or one for each frame."""
        if self.silent(start) or self._level is None:
            return 0.0
        narrowest: Levels | float = 0.0
        for door in self._doors():
            narrowest = np.minimum(narrowest, door.over(start, end))
        level = self._level.over(start, end) + self._missing(narrowest, start, end)
        if isinstance(level, np.ndarray):
            return _FULL * np.power(10.0, level / 20.0)[:, np.newaxis]
        return _FULL * amplitude(float(level))

    def _missing(self, narrowest: Levels | float, start: int, end: int) -> Levels | float:
        """The dB by which the doors are closed further than the music's own fade."""
        if self._coming.at(start) >= 0.0:
            return narrowest
        gain = out_of_silence(np.power(10.0, self._coming.over(start, end) / 20.0))
        return np.minimum(0.0, narrowest - 20.0 * np.log10(np.maximum(gain, _NOTHING)))

    def _round(self, block: Block, gain: float | Levels, start: int, out: Samples) -> None:
        """What is silenced gets no dither either."""
        if isinstance(gain, float) and gain == 0.0:
            out[:] = 0
            return
        scaled = self._scaled[: len(block)]
        place = start % _NOISE
        np.multiply(block, np.asarray(gain, np.float32), out=scaled)
        scaled += self._dither[place : place + len(block)]
        np.rint(scaled, out=scaled)
        np.copyto(out, scaled, casting="unsafe")


def _is_silence(block: Block) -> bool:
    """Whether it is nothing but zeros. Mostly a few samples tell that it is not."""
    return not block[::_GLANCE].any() and not block.any()
