"""The voice bus: one recorded sentence after another, and how far the music goes down for them."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from companion.session.plan import Cue
from companion.session.wanted import Voice
from companion.sound.curves import FLOOR, RATE, Block, Glide, amplitude
from companion.sound.shelf import Shelf, close_opened
from companion.sound.source import Source
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
"""A sentence asked for up to this many seconds late is still spoken from its first word."""
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
        self._then: float | None = None
        self._duck = Glide(0.0)

    def say(self, voice: Voice | None, t: float) -> None:
        """Speak `voice` when its moment comes. A sentence that has begun is spoken to its end,
        unless the new one is due before that."""
        if voice is None:
            self._forget_waiting()
            return
        if self._known(voice):
            self._then = voice.then
            return
        if self._waiting and self._waiting.voice.cue == voice.cue:
            self._waiting.voice = voice
            return
        self._forget_waiting()
        if self._speaking and self._last and voice.begins < self._last.due:
            self._speaking.glide.fade(FLOOR, _CUT)
        late = t - voice.begins
        if late < voice.cue.seconds:
            at = late if late > _WHOLE else 0.0
            self._waiting = _Waiting(voice, self._shelf.clip(voice.cue, at))

    def forget(self) -> None:
        """Another session begins: what was spoken in the one before may be spoken again."""
        if not self._speaking:
            self._last = None

    def hush(self, seconds: float) -> None:
        """Let even the sentence that speaks fade away within `seconds`."""
        self._forget_waiting()
        self._then = None
        if self._speaking:
            self._speaking.glide.fade(FLOOR, seconds)

    def render(self, t: float, frames: int) -> Block | None:
        """The next `frames` frames, `t` being the moment of the first; None in silence."""
        lead = self._begin_if_due(t, frames)
        if self._speaking is None:
            return None
        speaking = self._speaking
        block = np.zeros((frames, 2), np.float32)
        samples = speaking.source.read(frames - lead)
        gains = speaking.glide.gains(frames - lead)
        if not isinstance(gains, float):
            gains = gains[: len(samples)]
        block[lead : lead + len(samples)] = samples * (np.float32(speaking.gain) * gains)
        if len(samples) < frames - lead or speaking.glide.level <= FLOOR:
            self._end(t + (lead + len(samples)) / RATE)
        return block

    def duck(self, t: float, frames: int) -> Glide:
        """How far the music is down under the voice."""
        if self._needed(t + frames / RATE):
            self._duck.to(_DUCK, _DOWN)
        else:
            self._duck.to(0.0, _UP)
        return self._duck

    def _needed(self, t: float) -> bool:
        if self._speaking or (self._waiting and t >= self._waiting.voice.begins - _DOWN):
            return True
        upcoming = self._waiting.voice.begins if self._waiting else self._then
        if upcoming is None or self._last is None:
            return False
        return upcoming - self._last.ended < _STAY and t < upcoming + _GRACE

    def _known(self, voice: Voice) -> bool:
        """Whether it is the sentence that speaks now or has just spoken."""
        if self._last is None or voice.cue != self._last.cue:
            return False
        if self._speaking:
            return True
        return abs(voice.begins - self._last.begins) < voice.cue.seconds

    def _begin_if_due(self, t: float, frames: int) -> int:
        """Begin the waiting sentence within this block; returns the frames of quiet before it.

        It waits until the music is down and the sentence before it has been spoken."""
        waiting = self._waiting
        if not waiting or self._speaking or not waiting.opening.done():
            return 0
        lead = max(0, round((waiting.voice.begins - t) * RATE))
        if lead >= frames or self._duck.level > _DUCK:
            return 0
        self._waiting = None
        cue = waiting.voice.cue
        error = waiting.opening.exception()
        if error is not None:
            self._tell(TrackFailed(cue.clip or cue.say, str(error)))
            return 0
        self._speaking = _Speaking(waiting.opening.result(), amplitude(min(cue.gain, _MOST_GAIN)))
        self._last = _Spoken(cue, waiting.voice.begins, ended=t + cue.seconds)
        self._then = waiting.voice.then
        return lead

    def _end(self, t: float) -> None:
        if self._speaking and self._last:
            self._last.ended = t
            self._speaking.source.close()
            self._speaking = None

    def _forget_waiting(self) -> None:
        if self._waiting:
            self._waiting.opening.add_done_callback(close_opened)
            self._waiting = None
