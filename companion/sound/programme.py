"""From what is wanted to what sounds: the whole programme of a session, with no thread and no
device. Session time advances with the frames rendered, so a rehearsal runs as fast as it can."""

from collections.abc import Callable

import numpy as np

from companion.session.wanted import Arc, Wanted
from companion.sound.curves import FLOOR, RATE, Block, Gain, Glide
from companion.sound.music import MusicBus
from companion.sound.shelf import Shelf
from companion.sound.voice import VoiceBus
from companion.sound.wire import Notice

_SLACK = 0.5
"""Seconds that a client's clock may differ from the frames rendered before they are believed
less than it."""
_ANOTHER_SESSION = 30.0
"""Seconds that time must run back for it to be another session's."""
_UNRENEWED = 8.0
"""Seconds of the fade when nobody says what to do next."""
_LOWER_DOWN = 3.0
_LOWER_UP = 5.0


class Programme:
    """Renders the newest `Wanted`. Notices go to `tell`, from within `want` and `render`."""

    def __init__(self, shelf: Shelf, tell: Callable[[Notice], None]) -> None:
        self._music = MusicBus(shelf, tell)
        self._voice = VoiceBus(shelf, tell)
        self._wanted: Wanted | None = None
        self._presence = Glide(FLOOR)
        """The music coming from silence and going into it."""
        self._lower = Glide(0.0)
        self.time = 0.0
        """The session second of the next frame."""

    @property
    def title(self) -> str:
        """Of the track that sounds; empty in silence."""
        return self._music.title

    def want(self, wanted: Wanted, now: float) -> None:
        """Make `wanted` so, from session second `now` on. The same again changes nothing."""
        if now < self.time - _ANOTHER_SESSION:
            self._voice.forget()
        if self._wanted is None or abs(now - self.time) > _SLACK:
            self.time = now
        if self._wanted is None or not self._music.sounding:
            self._lower.jump(wanted.lower)
        self._wanted = wanted
        self._lower.to(wanted.lower, _LOWER_DOWN if wanted.lower < self._lower.level else _LOWER_UP)
        if self._renewed():
            self._voice.say(wanted.voice, self.time)

    def render(self, frames: int) -> Block:
        """The next `frames` frames, both buses together, before the ceiling."""
        block = None if self._wanted is None else self._render(self._wanted, frames)
        self.time += frames / RATE
        return np.zeros((frames, 2), np.float32) if block is None else block

    def _render(self, wanted: Wanted, frames: int) -> Block | None:
        if not self._renewed():
            self._voice.hush(_UNRENEWED)
        down = self._voice.duck(self.time, frames).gains(frames)
        lowered = self._lower.gains(frames)
        voice = self._voice.render(self.time, frames)
        music = self._render_music(wanted, frames)
        if music is None:
            return voice
        _scale(music, down)
        _scale(music, lowered)
        if voice is not None:
            music += voice
        return music

    def close(self) -> None:
        """Close every source."""
        self._music.stop()
        self._voice.hush(0.0)

    def _renewed(self) -> bool:
        return self._wanted is not None and self.time < self._wanted.until

    def _render_music(self, wanted: Wanted, frames: int) -> Block | None:
        """The music bus with its coming from silence and going into it; None in silence."""
        music = wanted.music if self._renewed() else None
        if music is not None:
            self._music.play(music, self.time)
        else:
            self._presence.fade(FLOOR, wanted.fade if self._renewed() else _UNRENEWED)
        if not self._music.sounding:
            self._presence.jump(FLOOR)
        if music is None and self._presence.level <= FLOOR:
            self._music.stop()
            return None
        self._music.follow(wanted.arc.phase, _position(wanted.arc, self.time))
        block = self._music.render(self.time, frames)
        if music is not None and self._music.sounding:
            self._presence.fade(0.0, wanted.fade)
        _scale(block, self._presence.gains(frames))
        return block


def _scale(block: Block, gain: Gain) -> None:
    """Every block passes here several times, and mostly nothing is to be done."""
    if not isinstance(gain, float) or gain != 1.0:
        block *= gain


def _position(arc: Arc, t: float) -> float:
    return min(max(arc.position + (t - arc.since) * arc.pace, 0.0), 1.0)
