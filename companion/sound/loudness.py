"""How loud what was rendered is to the ear: ITU-R BS.1770, as FFmpeg's `ebur128` reckons it."""

from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt

from companion.sound.curves import RATE, Block

STEP: Final = 0.1
"""Seconds from one reading to the next."""
NOTHING: Final = -120.0
"""LUFS of silence."""

Levels = npt.NDArray[np.float64]


class LoudnessMeter:
    """Takes samples as they come and keeps the short-term loudness of each tenth of a second."""

    def __init__(self) -> None:
        self._graph = av.filter.Graph()
        chain = [
            self._graph.add_abuffer(
                sample_rate=RATE, format="flt", layout="stereo", time_base=Fraction(1, RATE)
            ),
            self._graph.add("ebur128", "metadata=1:framelog=quiet"),
            self._graph.add("abuffersink"),
        ]
        self._graph.link_nodes(*chain).configure()
        self._frames = 0
        self._short: list[float] = []
        self._whole = NOTHING

    def add(self, samples: Block) -> None:
        """Any number of frames, of shape (frames, 2)."""
        packed = np.ascontiguousarray(samples, np.float32).reshape(1, -1)
        frame: Any = av.AudioFrame.from_ndarray(packed, "flt", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._frames, Fraction(1, RATE)
        self._frames += len(samples)
        self._graph.push(frame)
        while True:
            try:
                read: Any = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if "lavfi.r128.S" in read.metadata:
                self._short.append(max(NOTHING, float(read.metadata["lavfi.r128.S"])))
                self._whole = float(read.metadata["lavfi.r128.I"])

    @property
    def short_term(self) -> Levels:
        """LUFS of the three seconds that end with each tenth of a second so far."""
        return np.array(self._short)

    @property
    def whole(self) -> float:
        """Integrated loudness so far, in LUFS."""
        return self._whole
