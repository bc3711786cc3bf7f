"""A frame drum and low wood, played by one hand."""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.hand import ROUND, Hand, often, played
from companion.sound.synthesis.harmony import Voice
from companion.sound.synthesis.nodes import Nodes, Wave, drawn
from companion.sound.synthesis.ringing import lay
from companion.sound.synthesis.skin import BARS, ENERGY, SECONDS, Skin, Spot, Wood
from companion.sound.synthesis.tables import UNIT, Array, Tables

_TOUCH: Final = 0.1
"""Amplitude of the touch of the felt."""
_OFF: Final = (1.5, 3.5, 2.5)
"""Beats of a round at which wood may be struck …"""
_SOUNDS: Final = 0.62
"""… and how often it is."""
_WOODEN: Final = (0.25, 0.95)
"""Ranks of the wood."""
_SOFTEST: Final = 0.5
"""Of the forces of wood; the greatest is 1."""
_TURN: Final = 2
"""Rounds that the wood stays on one note."""
_WIDTH: Final = 0.45
_KNOCK, _FORCE, _RANK = range(190, 193)


class Drum:
    """The drum of a seed: the skin and the wood at a K-weighted power of one apart, where all
    strokes are played."""

    def __init__(self, tables: Tables, seed: int) -> None:
        self._seed = seed
        self.hand = Hand(seed)
        self._skin: dict[Spot, Array] = {spot: tables.get(Skin(spot)) for spot in Spot}
        self._wood = {note: tables.get(Wood(note)) for note in BARS}
        period = _TURN * ROUND * self.hand.pace
        self._voices = [Voice(seed, 60 + row, period, 0.0, BARS) for row in range(len(_OFF))]
        loudest = np.ones(1)
        self._scale = float(np.sqrt(self.hand.pace / ENERGY / often(loudest * 2)[0]))

    def power(self, share: Nodes) -> Nodes:
        """K-weighted, of the skin where `share` of all strokes are played."""
        power: Nodes = often(share) / often(np.full(1, 2.0))
        return power

    def add(self, sides: Wave, number: int, share: Nodes, skin: Nodes, wood: Nodes) -> None:
        """Add block `number` of it to `sides`: `share` of all strokes, at the amplitudes `skin`
        and `wood`."""
        start = number * BLOCK / RATE
        laid = np.zeros_like(sides)
        for stroke in self.hand.between(start - SECONDS, start + BLOCK / RATE):
            heard = played(share, stroke.rank)
            if heard.any():
                since = number * BLOCK - round(stroke.begins * RATE)
                angle = stroke.outwards * np.pi / 2
                line = drawn(heard * stroke.force)
                body, edge = stroke.takes
                for spot, take, loud in (
                    (Spot.BODY, body, np.cos(angle)),
                    (Spot.EDGE, edge, np.sin(angle)),
                    (Spot.TOUCH, edge, _TOUCH),
                ):
                    for side, sound in zip(laid, self._skin[spot][take], strict=True):
                        lay(side, sound, since, line * np.float32(loud))
        sides += laid * drawn(skin * (self._scale / UNIT))
        self._knock(sides, number, share, wood)

    def _knock(self, sides: Wave, number: int, share: Nodes, gain: Nodes) -> None:
        """The wood."""
        start = number * BLOCK / RATE
        beats = ROUND * self.hand.pace
        laid = np.zeros_like(sides)
        for turn in range(int((start - SECONDS) // beats) - 1, int(start // beats) + 2):
            for row, (voice, off) in enumerate(zip(self._voices, _OFF, strict=True)):
                begins = self.hand.second(turn * ROUND + off)
                since = number * BLOCK - round(begins * RATE)
                rank = between(*_WOODEN, self._seed, _RANK, row, turn)
                heard = played(share, rank)
                sounds = chance(self._seed, _KNOCK, row, turn) < _SOUNDS
                if sounds and heard.any() and -BLOCK < since < SECONDS * RATE:
                    force = between(_SOFTEST, 1.0, self._seed, _FORCE, row, turn)
                    line = drawn(heard * force)
                    bar = self._wood[voice.note(turn // _TURN)]
                    angle = (1.0 + _WIDTH * (row - 1)) * np.pi / 4
                    for side, loud in zip(laid, (np.cos(angle), np.sin(angle)), strict=True):
                        lay(side, bar, since, line * np.float32(np.sqrt(2.0) * loud))
        sides += laid * drawn(gain * (self._scale / UNIT))
