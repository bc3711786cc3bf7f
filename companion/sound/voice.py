"""The voice bus: one recorded sentence after another, and how far the music goes down for them."""

import math
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from companion.session.plan import Cue
from companion.session.wanted import Voice
from companion.sound.curves import FLOOR, RATE, Block, Gain, Glide, amplitude, scale
from companion.sound.shelf import Shelf, close_opened
from companion.sound.source import Source, read_to_end
from companion.sound.wire import Notice, TrackFailed

_DUCK = -16.0
"""dB that the music goes down under a voice …"""
_DOWN = 3.0
"""… in this many seconds before the first word …"""
_UP = 5.0
"""… and back in this many after the last …"""
_STAY = 12.0
"""… unless the next word is nearer than this."""
_WHOLE = 4.0
"""A sentence asked for up to this many seconds late is still spoken from its first word; one whose
file takes longer to open is not spoken."""
_GRACE = 2.0
"""Seconds that the next sentence may be announced late."""
_CUT = 0.5
"""Seconds in which a sentence goes when another one must be heard instead."""
_MOST_GAIN = 6.0
"""dB."""


@dataclass(slots=True)
class _Speaking:
    """The sentence that sounds."""

    source: Source
    gain: float
    """Amplitude."""
    glide: Glide = field(default_factory=lambda: Glide(0.0))
    """Where it is cut short, how it goes."""


@dataclass(slots=True)
class _Waiting:
    """The sentence that comes next, with its recording."""

    voice: Voice
    opening: Future[Source]
    due: float
    """The moment it was wanted at: when it begins, or when it was asked for if that was later."""


@dataclass(slots=True)
class _Spoken:
    """The sentence that began last. Moments are session seconds."""

    cue: Cue
    begins: float
    """When it should have begun."""
    ended: float
    """When it ends or ended."""

    @property
    def due(self) -> float:
        """When it should have ended."""
        return self.begins + self.cue.seconds


class VoiceBus:
    """Follows one `Voice` value after another."""

    def __init__(self, shelf: Shelf, tell: Callable[[Notice], None]) -> None:
        self._shelf = shelf
        self._tell = tell
        self._waiting: _Waiting | None = None
        self._speaking: _Speaking | None = None
        self._last: _Spoken | None = None
        self._unheard: Voice | None = None
        """The sentence given up last."""
        self._then: float | None = None
        self._duck = Glide(0.0)
        self._down_at = 0.0
        """The moment at which the music is down, while it is on its way or there."""

    def say(self, voice: Voice | None, t: float) -> None:
        """Speak `voice` when its moment comes. A sentence that has begun is spoken to its end,
        unless the new one is due before that."""
        if voice is None:
            self._forget_waiting()
            return
        if voice == self._unheard:
            return
        if self._known(voice):
            self._then = voice.then
            return
        if self._waiting and self._waiting.voice.cue == voice.cue:
            self._waiting.voice, self._waiting.due = voice, max(t, voice.begins)
            return
        self._forget_waiting()
        if self._speaking and self._last and voice.begins < self._last.due:
            self._speaking.glide.fade(FLOOR, _CUT)
        late = t - voice.begins
        if late < voice.cue.seconds:
            at = late if late > _WHOLE else 0.0
            due = max(t, voice.begins)
            self._waiting = _Waiting(voice, self._shelf.clip(voice.cue, at), due)

    def forget(self) -> None:
        """Another session begins: what was spoken in the one before may be spoken again."""
        self._unheard = None
        if not self._speaking:
            self._last = None

    def hush(self, seconds: float) -> None:
        """Let even the sentence that speaks fade away within `seconds`."""
        self._forget_waiting()
        self._then = None
        if self._speaking:
            self._speaking.glide.fade(FLOOR, seconds)

    def close(self) -> None:
        """Close every source."""
        self._forget_waiting()
        if self._speaking:
            self._speaking.source.close()
            self._speaking = None

    def duck(self, t: float, frames: int) -> Gain:
        """How far the music is down under the voice in the next `frames` frames, `t` being the
        moment of the first. Asked before these are rendered."""
        self._give_up_the_unplayable(t)
        above = round(min(max(0.0, self._down_from(t) - t) * RATE, frames))
        if above:
            self._duck.to(0.0, _UP)
        if above == frames:
            return self._duck.gains(frames)
        before = self._duck.gains(above) if above else 1.0
        self._duck.to(_DUCK, _DOWN)
        self._down_at = t + (above + self._duck.left) / RATE
        after = self._duck.gains(frames - above)
        if not above:
            return after
        gains = np.empty((frames, 1), np.float32)
        gains[:above], gains[above:] = before, after
        return gains

    def render(self, t: float, frames: int) -> Block | None:
        """The next `frames` frames, `t` being the moment of the first; None in silence."""
        done = self._begin_if_due(t, 0, frames)
        if self._speaking is None:
            return None
        block = np.zeros((frames, 2), np.float32)
        while done < frames and self._speaking:
            done += _speak(self._speaking, block[done:])
            if done < frames or self._speaking.glide.level <= FLOOR:
                self._end(t + done / RATE)
                done = self._begin_if_due(t, done, frames)
        return block

    def _down_from(self, t: float) -> float:
        """The moment from which the music is to be down, as far as is known at `t`."""
        if self._speaking:
            return t
        upcoming = self._waiting.voice.begins if self._waiting else self._then
        if upcoming is None:
            return math.inf
        near = self._last is not None and upcoming - self._last.ended < _STAY
        if near and t < upcoming + _GRACE:
            return t
        return upcoming - _DOWN if self._waiting else math.inf

    def _known(self, voice: Voice) -> bool:
        """Whether it is the sentence that speaks now or has just spoken."""
        if self._last is None or voice.cue != self._last.cue:
            return False
        if self._speaking:
            return True
        return abs(voice.begins - self._last.begins) < voice.cue.seconds

    def _give_up_the_unplayable(self, t: float) -> None:
        """Before the music goes down for a sentence that nobody will hear."""
        waiting = self._waiting
        if not waiting:
            return
        if waiting.opening.done():
            error = waiting.opening.exception()
            why = "" if error is None else str(error)
        else:
            why = "it takes too long to open" if t > waiting.due + _WHOLE else ""
        if why:
            self._unheard = waiting.voice
            self._forget_waiting()
            self._tell(TrackFailed(waiting.voice.cue.clip or waiting.voice.cue.say, why))

    def _begin_if_due(self, t: float, done: int, frames: int) -> int:
        """Begin the waiting sentence between frame `done` and `frames`; returns the frame at which
        it begins, or `frames`.

        It waits until the music is down and the sentence before it has been spoken."""
        waiting = self._waiting
        down = self._duck.target == _DUCK
        if not waiting or self._speaking or not down or not waiting.opening.done():
            return done if self._speaking else frames
        due = max(waiting.voice.begins, self._down_at)
        begins = max(done, round((due - t) * RATE))
        if begins >= frames or waiting.opening.exception() is not None:
            return frames
        self._waiting = None
        cue = waiting.voice.cue
        self._speaking = _Speaking(waiting.opening.result(), amplitude(min(cue.gain, _MOST_GAIN)))
        self._last = _Spoken(cue, waiting.voice.begins, ended=t + begins / RATE + cue.seconds)
        self._then = waiting.voice.then
        return begins

    def _end(self, t: float) -> None:
        if self._speaking and self._last:
            self._last.ended = t
            self._speaking.source.close()
            self._speaking = None

    def _forget_waiting(self) -> None:
        if self._waiting:
            self._waiting.opening.add_done_callback(close_opened)
            self._waiting = None


def _speak(speaking: _Speaking, block: Block) -> int:
    """Fill `block` as far as the sentence goes; returns the frames of it."""
    samples = read_to_end(speaking.source, len(block))
    scale(samples, speaking.gain)
    gains = speaking.glide.gains(len(block))
    scale(samples, gains if isinstance(gains, float) else gains[: len(samples)])
    block[: len(samples)] = samples
    return len(samples)
