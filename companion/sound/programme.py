"""From what is wanted to what sounds: the whole programme of a session, with no thread and no
device. Session time advances with the frames rendered, so a rehearsal runs as fast as it can."""

from collections.abc import Callable

import numpy as np

from companion.session.wanted import Arc, Wanted
from companion.sound.curves import (
    FLOOR,
    RATE,
    Block,
    Coming,
    Glide,
    coming,
    out_of_silence,
    scale,
)
from companion.sound.guard import Guard
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
        self._guard = Guard()
        self._spoke = False
        """Whether there is a voice in what the guard still holds."""
        self.speaking = False
        """Whether a voice sounds in the block rendered last."""
        self.time = 0.0
        """The session second of the next frame."""

    @property
    def title(self) -> str:
        """Of the track that sounds; empty in silence."""
        return self._music.title

    @property
    def since(self) -> float:
        """The session second at which that track came in; 0 in silence."""
        return self._music.since

    @property
    def coming(self) -> Coming:
        """How all that sounds comes from silence at the next frame; nothing under a voice, which
        does not come with the music."""
        return Coming() if self.speaking else coming(self._presence)

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

    @property
    def reduction(self) -> float:
        """dB (not above 0) by which the guard held the sound down at most in the block rendered
        last."""
        return self._guard.reduction

    def render(self, frames: int) -> Block:
        """The next `frames` frames as the guard lets them out, its `DELAY` late; `frames` is a
        multiple of that, and under a second."""
        music = voice = None
        if self._wanted is not None:
            music, voice = self._render(self._wanted, frames)
        self.time += frames / RATE
        spoke, self._spoke = self._spoke, voice is not None
        self.speaking = spoke or self._spoke
        heard = self._guard.process(music, voice, frames)
        return np.zeros((frames, 2), np.float32) if heard is None else heard

    def _render(self, wanted: Wanted, frames: int) -> tuple[Block | None, Block | None]:
        """Music and voice; None where it is silent."""
        if not self._renewed():
            self._voice.hush(_UNRENEWED)
        down = self._voice.duck(self.time, frames)
        lowered = self._lower.gains(frames)
        voice = self._voice.render(self.time, frames)
        music = self._render_music(wanted, frames)
        if music is not None:
            scale(music, down)
            scale(music, lowered)
        return music, voice

    def close(self) -> None:
        """Close every source."""
        self._music.stop()
        self._voice.close()

    def _renewed(self) -> bool:
        return self._wanted is not None and self.time < self._wanted.until

    def _render_music(self, wanted: Wanted, frames: int) -> Block | None:
        """The music bus with its coming from silence and going into it; None in silence."""
        music = wanted.music if self._renewed() else None
        if music is not None:
            self._music.play(music, self.time)
        else:
            self._presence.fade(FLOOR, wanted.fade if self._renewed() else _UNRENEWED)
        if self._music.silent:
            self._presence.jump(FLOOR)
        if music is None and self._presence.level <= FLOOR:
            self._music.stop()
            return None
        self._music.follow(wanted.arc.phase, _position(wanted.arc, self.time))
        block = self._music.render(frames)
        if music is not None and self._music.sounding:
            self._presence.fade(0.0, wanted.fade)
        scale(block, out_of_silence(self._presence.gains(frames)))
        return block


def _position(arc: Arc, t: float) -> float:
    return min(max(arc.position + (t - arc.since) * arc.pace, 0.0), 1.0)
