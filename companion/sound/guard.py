"""The guard: whatever comes, nothing startles.

It keeps the ruler (`ruler.py`) on the music and on the voice apart and their sum under a ceiling,
and leaves what is calm as it is, bit for bit.
"""

import math
from typing import Final

import numpy as np

from companion.sound.ceiling import LIMIT, Ceiling, highest_sample
from companion.sound.curves import Block
from companion.sound.lately import AHEAD
from companion.sound.meter import SLOT
from companion.sound.rise import Rise
from companion.sound.ruler import LOWEST

DELAY: Final = AHEAD * SLOT
"""Frames that everything is late: 50 ms."""
_OPENED: Final = -17.0
"""dBFS that R is never under on the voice bus: it is open for a sentence at its usual level, which
the music has made room for by then."""
_LOUDEST = 16.0
"""What is beyond +24 dBFS is a fault and no sound."""


class Guard:
    """Takes both buses and gives out their sum, `DELAY` frames late."""

    def __init__(self) -> None:
        self._music = Rise(LOWEST)
        self._voice = Rise(_OPENED)
        self._ceiling = Ceiling()

    @property
    def reduction(self) -> float:
        """dB (not above 0) by which either bus was held down at most in the block made last."""
        return 20.0 * math.log10(max(min(self._music.gain, self._voice.gain), 1e-6))

    def process(self, music: Block | None, voice: Block | None, frames: int) -> Block | None:
        """The next `frames` frames, a multiple of `DELAY` and under a second. None is silence, on
        both ways."""
        music, voice = _sound(music), _sound(voice)
        slots = frames // SLOT
        most = self._ceiling.asked(music, voice, slots, apart=self.reduction < 0.0)
        music = self._music.turn(music, slots, None if most is None else most[0])
        voice = self._voice.turn(voice, slots, None if most is None else most[1])
        if music is None or voice is None:
            heard = voice if music is None else music
        else:
            heard = music + voice
        if heard is not None and self.reduction < 0.0:
            heard = np.clip(heard, -LIMIT, LIMIT)
        return heard


def _sound(block: Block | None) -> Block | None:
    """`block` without what is no number; None if it is silent."""
    if block is None:
        return None
    peak = highest_sample(block)
    if peak <= _LOUDEST:
        return block if peak else None
    return np.where(np.abs(block) <= _LOUDEST, block, np.float32(0.0))
