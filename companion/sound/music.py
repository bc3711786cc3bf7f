"""The music bus: tracks that sound, each coming in over the one before, without a hole.

Its time is counted by what it renders, from the moment a section began: if the session's time
jumps, after a fault, the music goes on from where it is.
"""

from collections.abc import Callable

import numpy as np

from companion.session.plan import Phase
from companion.session.wanted import Music
from companion.sound.curves import RATE, Block, amplitude
from companion.sound.mixer import Mixer
from companion.sound.shelf import Shelf
from companion.sound.succession import Coming, Heard, Succession
from companion.sound.wire import Notice, TrackStarted

_RETURN = 2.0
"""Seconds in which a track comes in where nothing sounds any more …"""
_ABRUPT = 0.5
"""… or what sounds is over before a crossfade could be heard as one …"""
_GONE = 5.0
"""… unless it has been silent for so long that it must come like from silence."""
_MOST_GAIN = 6.0
"""dB."""


class MusicBus:
    """Follows one `Music` value after another."""

    def __init__(self, shelf: Shelf, tell: Callable[[Notice], None]) -> None:
        self._tell = tell
        self._succession = Succession(shelf, tell)
        self._mixer = Mixer()
        self._music: Music | None = None
        self._title, self._since = "", 0.0
        self._arc: tuple[Phase, float] | None = None
        self._time = 0.0
        """The session second of the next frame."""
        self._sounded = -_GONE
        """The session second until which something sounded."""

    @property
    def sounding(self) -> bool:
        return self._mixer.sounding

    @property
    def silent(self) -> bool:
        """Whether nothing sounds and nothing has for a while: what comes, comes from silence."""
        return not self.sounding and self._time - self._sounded >= _GONE

    @property
    def title(self) -> str:
        """Of the track that came in last; empty in silence."""
        return self._title if self.sounding else ""

    @property
    def since(self) -> float:
        """The session second at which that track came in; 0 in silence."""
        return self._since if self.sounding else 0.0

    def play(self, music: Music, t: float) -> None:
        """Go over to `music` at the place it has at `t`. The same value again changes nothing."""
        if music == self._music:
            return
        self._sounded += t - self._time
        self._music, self._time = music, t
        self._succession.begin(music, self._heard())

    def render(self, frames: int) -> Block:
        """The next `frames` frames."""
        coming = self._succession.advance(self._heard())
        lead = frames
        if coming:
            lead = max(0, round((coming.begins - self._time) * RATE))
        if coming is None or lead >= frames:
            return self._render(frames)
        before = self._render(lead)
        self._bring_in(coming)
        after = self._render(frames - lead)
        return np.concatenate((before, after)) if lead else after

    def follow(self, phase: Phase, position: float) -> None:
        """Tell the newest track where the session is in its arc."""
        self._arc = phase, position
        self._mixer.follow(phase, position)

    def stop(self) -> None:
        """Close everything; the next `play` begins anew."""
        self._succession.stop()
        self._mixer.clear()
        self._music = None
        self._sounded = self._time - _GONE

    def _heard(self) -> Heard:
        return Heard(self._time, self._mixer.left(), self.silent)

    def _bring_in(self, coming: Coming) -> None:
        source, track = coming.opening.result(), coming.slot.track
        self._mixer.add(source, amplitude(min(track.gain, _MOST_GAIN)), self._seconds_in(coming))
        if self._arc:
            source.follow(*self._arc)
        self._succession.came_in(coming, self._time)
        self._title, self._since = track.title, self._time
        if self._music:
            self._tell(TrackStarted(track.title, self._music.section.phase))

    def _seconds_in(self, coming: Coming) -> float:
        """How long it takes to come in: no longer than there is something to come in over."""
        if self.silent:
            return 0.0
        left = self._mixer.left()
        if left is None:
            return coming.crossfade
        return min(coming.crossfade, left if left > _ABRUPT else _RETURN)

    def _render(self, frames: int) -> Block:
        block = self._mixer.render(frames)
        self._time += frames / RATE
        if self.sounding:
            self._sounded = self._time
        return block
