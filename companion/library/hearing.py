"""A sound file heard to its end by a process of its own, and measured as it would be played.

The process may take so much memory and no more, comes after everything else on the tablet, ends
when its standard input does, and is ended by whoever started it when it takes too long: no file
can hold up or end the program. It writes one JSON object a line: `{"part": 0.25}` as it goes, then
`{"heard": {…}}` or `{"unusable": "why"}`.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from companion.cleaning import clean
from companion.library.decoding import limit_myself, opened
from companion.library.files import Unusable
from companion.library.heard import LONGEST, Heard, too_long
from companion.library.loudness import MUSIC, listen

_SILENT: Final = -60.0
"""dBFS under which nothing is heard."""
_BEGUN: Final = 11.0
"""Seconds in which a piece is faded in over another: its own rise is not heard."""
_TITLE: Final = 80
"""Characters."""


def hear(path: Path, progress: Callable[[float], None]) -> Heard:
    """Hear the file to its end. `progress` is told the part of it that was heard. Raises
    Unusable."""
    with opened(path) as container:
        duration = (container.duration or 0) / 1e6
        if duration > LONGEST:
            raise Unusable(too_long(duration))
        told = tags_of(container)
    ears = _Ears(duration, progress)
    loudness, span = listen(path, ears.hear, flawless=True)
    return ears.heard(loudness.gain(MUSIC), loudness=loudness, range=round(span, 1), **told)


def tags_of(container: Any) -> dict[str, str]:
    """Title, artist and licence as the file itself names them, each on one plain line."""
    found: dict[str, str] = {}
    for tags in (container.metadata, *(stream.metadata for stream in container.streams)):
        for key, value in tags.items():
            found.setdefault(key.lower(), " ".join(clean(str(value), _TITLE).split()))
    licence = found.get("license") or found.get("licence") or ""
    return {"title": found.get("title", ""), "artist": found.get("artist", ""), "licence": licence}


class _Ears:
    """Hears a file as it goes by: how suddenly it rises, and where it is silent."""

    def __init__(self, duration: float, progress: Callable[[float], None]) -> None:
        from companion.sound.ruler import Levels100ms, Ruler

        self._ruler, self._levels = Ruler(), Levels100ms()
        self._duration, self._progress = duration, progress
        self._waiting: list[Any] = []
        self._frames = self._taken = 0
        self._told = 0.0

    def hear(self, frame: Any) -> None:
        """One frame, as `loudness.listen` gives it."""
        import numpy as np

        sides = len(frame.layout.channels)
        samples = np.frombuffer(frame.planes[0], np.float32, frame.samples * sides)
        both = samples.reshape(-1, sides).repeat(2 // sides, axis=1)
        self._waiting.append(np.nan_to_num(both, posinf=0.0, neginf=0.0))
        self._frames += frame.samples
        if self._frames - self._taken >= frame.sample_rate:
            self._take()

    def _take(self) -> None:
        """Measure about a second at once."""
        import numpy as np

        from companion.sound.curves import RATE

        samples = np.concatenate(self._waiting) if self._waiting else np.zeros((0, 2), np.float32)
        self._waiting.clear()
        self._taken = self._frames
        self._ruler.add(samples)
        self._levels.add(samples)
        if self._frames > LONGEST * RATE:
            raise Unusable(too_long(self._frames / RATE))
        part = min(self._frames / RATE / self._duration, 1.0) if self._duration > 0 else 0.0
        if part >= self._told + 0.01:
            self._told = part
            self._progress(part)

    def heard(self, gain: float, **measured: Any) -> Heard:
        """All of it, as it sounds `gain` dB louder."""
        import numpy as np

        from companion.sound.ruler import rises_of

        self._take()
        rises = rises_of(self._ruler.levels + gain)
        skipped = min(round(_BEGUN * 40), len(rises))
        later = rises[skipped:]
        steepest = int(np.argmax(later)) if len(later) else 0
        sounds = np.flatnonzero(self._levels.levels + gain >= _SILENT)
        gaps = np.diff(sounds) - 1 if len(sounds) > 1 else np.zeros(1, int)
        longest = int(np.argmax(gaps))
        total = len(self._levels.levels)
        return Heard(
            rise=round(float(later[steepest]), 1) if len(later) else 0.0,
            rise_at=round((steepest + skipped) / 40, 1),
            silence=round(float(gaps[longest]) / 10, 1),
            silence_at=round(float(sounds[longest] + 1) / 10, 1) if len(sounds) else 0.0,
            silent_before=round(float(sounds[0]) / 10, 1) if len(sounds) else total / 10,
            silent_after=round(float(total - 1 - sounds[-1]) / 10, 1) if len(sounds) else 0.0,
            **measured,
        )


def main() -> None:
    """Hear the file named on the command line."""
    os.nice(10)
    threading.Thread(target=_leave_when_alone, daemon=True).start()
    limit_myself()

    def tell(line: dict[str, Any]) -> None:
        print(json.dumps(line), flush=True)

    try:
        heard = hear(Path(sys.argv[1]), lambda part: tell({"part": round(part, 3)}))
    except Unusable as error:
        tell({"unusable": str(error)})
    except MemoryError:
        tell({"unusable": "needs more memory than a sound file should"})
    else:
        tell({"heard": asdict(heard)})


def _leave_when_alone() -> None:
    """End at once with whoever started this process, who holds the other end of its input."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
