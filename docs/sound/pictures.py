"""Makes the picture of each soundscape again: `python docs/sound/pictures.py`, from the project's
folder, or with the names of some.

Half an hour through a whole arc: the spectrogram above, how loud it is below. It needs nothing but
the project itself, and rsvg-convert.
"""

import base64
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from companion.session.plan import Phase
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.loudness import LoudnessMeter
from companion.sound.synthesis import soundscape
from companion.sound.synthesis.catalogue import SOUNDSCAPES

_HERE = Path(__file__).parent
_SEED = 7
_MINUTES = {
    Phase.SETTLE: 3.0,
    Phase.ONSET: 6.0,
    Phase.BUILD: 5.0,
    Phase.PEAK: 8.0,
    Phase.RETURN: 5.0,
    Phase.RECOVERY: 3.0,
}
_WIDE, _HIGH = 900, 300
"""Pixels of the spectrogram: one column is two seconds."""
_LOWEST, _HIGHEST = 40.0, 10_000.0
"""Hz of its edges; its scale is logarithmic."""
_WINDOW = 1 << 14
"""Frames of one spectrum."""
_RANGE, _STEP = 66.0, 3.0
"""dB from its darkest to its brightest, and of one shade."""
_HERTZ = (50, 100, 200, 500, 1000, 2000, 5000, 9000)
_LOUDEST, _SOFTEST, _CURVE = -14.0, -30.0, 160
"""LUFS at the edges of the curve, and its height in pixels."""
_LEFT, _TOP, _BETWEEN = 64, 46, 40
_SHADES = (
    (8, 10, 20),
    (38, 24, 84),
    (120, 40, 110),
    (205, 80, 84),
    (246, 168, 82),
    (252, 244, 200),
)

Pixels = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]


def main() -> None:
    """One picture for each name given, or for all."""
    for name in sys.argv[1:] or SOUNDSCAPES:
        spectra, loud = _heard(name)
        picture = _HERE / f"{name}.png"
        subprocess.run(
            ["rsvg-convert", "--format=png", "--output", str(picture)],
            input=_svg(name, _shaded(spectra), loud).encode(),
            check=True,
        )
        print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB")


def _heard(name: str) -> tuple[Values, Values]:
    """The spectrum of each column in dB, highest first, and the loudness of each tenth second:
    that of the three seconds before it, in LUFS."""
    source = soundscape(name, _SEED, 0.5, 0.5, 0.0)
    meter = LoudnessMeter()
    seconds = sum(_MINUTES.values()) * 60
    columns, rest, width = [], np.empty((0, 2), np.float32), round(seconds * RATE / _WIDE)
    for number in range(round(seconds * RATE / BLOCK)):
        source.follow(*_place(number * BLOCK / RATE / 60))
        block = source.read(BLOCK)
        meter.add(block)
        rest = np.concatenate((rest, block))
        while len(rest) >= width:
            columns.append(_column(rest[:width]))
            rest = rest[width:]
    return 10 * np.log10(np.array(columns).T[::-1] + 1e-12), meter.short_term


def _place(minute: float) -> tuple[Phase, float]:
    for phase, minutes in _MINUTES.items():
        if minute < minutes:
            return phase, minute / minutes
        minute -= minutes
    return Phase.RECOVERY, 1.0


def _column(samples: Block) -> Values:
    """The mean power in each row, the lowest first."""
    edges = np.geomspace(_LOWEST, _HIGHEST, _HIGH + 1) * _WINDOW / RATE
    first = np.floor(edges[:-1]).astype(int)
    last = np.maximum(np.ceil(edges[1:]).astype(int), first + 1)
    window = np.hanning(_WINDOW)[:, np.newaxis]
    starts = range(0, len(samples) - _WINDOW + 1, _WINDOW // 2)
    power = sum(
        (np.abs(np.fft.rfft(samples[s : s + _WINDOW] * window, axis=0)) ** 2).sum(axis=1)
        for s in starts
    ) / len(starts)
    total = np.concatenate(([0.0], np.cumsum(power)))
    rows: Values = (total[last] - total[first]) / (last - first)
    return rows


def _shaded(spectra: Values) -> bytes:
    """The spectrogram as a PNG with one shade for every few dB."""
    steps = int(_RANGE / _STEP)
    shades = np.clip((spectra - spectra.max() + _RANGE) / _STEP, 0, steps - 1).astype(np.uint8)
    places = np.linspace(0, len(_SHADES) - 1, steps)
    table = np.array(
        [np.interp(places, range(len(_SHADES)), channel) for channel in zip(*_SHADES, strict=True)]
    )
    rows = np.concatenate((np.zeros((len(shades), 1), np.uint8), shades), axis=1)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", shades.shape[1], shades.shape[0], 8, 3, 0, 0, 0)),
        (b"PLTE", table.T.astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def _svg(name: str, spectrogram: bytes, loud: Values) -> str:
    """The whole picture."""
    below = _TOP + _HIGH + _BETWEEN
    parts = [
        f'<rect width="100%" height="100%" fill="#0b0d12"/>'
        f'<text x="{_LEFT}" y="18" fill="#e8e6df" font-size="14">{name}, seed {_SEED}, '
        f"knobs in the middle: 30 minutes through an arc</text>",
        f'<image x="{_LEFT}" y="{_TOP}" width="{_WIDE}" height="{_HIGH}" '
        f'href="data:image/png;base64,{base64.b64encode(spectrogram).decode()}"/>',
    ]
    for hertz in _HERTZ:
        share = np.log(hertz / _LOWEST) / np.log(_HIGHEST / _LOWEST)
        y = _TOP + _HIGH * (1 - share)
        said = f"{hertz} Hz" if hertz < 1000 else f"{hertz // 1000} kHz"
        parts.append(_label(_LEFT - 6, y + 4, said, "end"))
        parts.append(_line(_LEFT - 4, y, _LEFT, y, "#8a8f99"))
    for level in np.arange(_SOFTEST, _LOUDEST + 1, 4):
        y = below + _height(level)
        parts.append(_label(_LEFT - 6, y + 4, f"{level:.0f} LUFS", "end"))
        parts.append(_line(_LEFT, y, _LEFT + _WIDE, y, "#5c6370" if level == -22 else "#2a2e38"))
    minute, total = 0.0, sum(_MINUTES.values())
    for phase, minutes in _MINUTES.items():
        x = _LEFT + _WIDE * minute / total
        parts.append(_line(x, _TOP - 16, x, below + _CURVE, "#6b7280"))
        parts.append(_label(x + 4, _TOP - 5, phase, "start"))
        parts.append(_label(x + 4, below + _CURVE + 15, f"{minute:.0f} min", "start"))
        minute += minutes
    kept = loud[35::10]
    across = np.linspace(_LEFT + _WIDE * 3.5 / (total * 60), _LEFT + _WIDE, len(kept))
    points = " ".join(
        f"{x:.1f},{below + _height(y):.1f}" for x, y in zip(across, kept, strict=True)
    )
    parts.append(f'<polyline points="{points}" fill="none" stroke="#f6c56b" stroke-width="1"/>')
    parts.append(_label(_LEFT, below - 10, "loudness of three seconds", "start"))
    size = f'width="{_LEFT + _WIDE + 16}" height="{below + _CURVE + 26}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="DejaVu Sans" '
        f'font-size="11">{"".join(parts)}</svg>'
    )


def _height(level: float) -> float:
    """Pixels below the top of the curve."""
    return float(np.clip((_LOUDEST - level) / (_LOUDEST - _SOFTEST), 0.0, 1.0) * _CURVE)


def _label(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#b8bcc6" text-anchor="{anchor}">{said}</text>'


def _line(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{colour}"/>'


if __name__ == "__main__":
    main()
