"""A rehearsed session as a picture: phases, tracks, words, check-ins, and how loud it is."""

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from companion.rehearsal.drawing import Drawing, Point, fitting
from companion.rehearsal.rehearse import Line, Rehearsal, clock
from companion.rehearsal.tracks import Playing, playings
from companion.session import events as e

if TYPE_CHECKING:
    from companion.rehearsal.heard import Measured

_GROUND, _BANDS = "#0b090c", ("#141115", "#191519")
_INK, _SOFT, _FAINT = "#d3bb9c", "#a08c78", "#3a322e"
_TRACKS = (("#46321f", "#d9ab7a"), ("#33404c", "#9fb0bf"))
"""Fill and edge of a file, and of a soundscape."""
_VOICE, _ALLOWED, _OVER = "#d9ab7a", "#7a6a5e", "#e8743b"

_LEFT, _RIGHT, _WIDE = 96.0, 24.0, 1480.0
_TOP = 92.0
"""Where the bands begin."""
_LANE, _MARKS, _BETWEEN = 34.0, 16.0, 26.0
_LOUD, _RULER = 200.0, 84.0
"""Heights: of a lane of tracks, of a row of marks, of the room between rows, and of the curves."""
_LOUDEST, _SOFTEST = -10.0, -50.0
"""LUFS at the edges of the loudness."""
_MOST_OVER, _MOST_UNDER = 6.0, -18.0
"""dB at the edges of the ruler."""
_LEVELS = ((-18.0, "voice"), (-22.0, "music"), (-35.0, "quiet"))
_LEGEND = (
    "warm: a file · cool: a soundscape · filled words are recorded, a filled check-in is asked"
)
_FINDINGS = 12
"""Findings that are written out."""


def picture(
    heading: str, rehearsal: Rehearsal, heard: "Measured | None", findings: Sequence[Line]
) -> str:
    """The whole session as one SVG; without `heard` what was planned is all there is."""
    return _Picture(heading, rehearsal, heard, findings).svg()


class _Picture:
    """A picture being drawn, row by row from above."""

    def __init__(
        self,
        heading: str,
        rehearsal: Rehearsal,
        heard: "Measured | None",
        findings: Sequence[Line],
    ) -> None:
        self._rehearsal, self._heard, self._findings = rehearsal, heard, findings
        self._foot = _TOP + _BETWEEN + 2 * _LANE + 2 * (_BETWEEN + _MARKS) + 10
        if heard is not None:
            self._foot += _BETWEEN * 2 + _LOUD + _RULER
        told = min(len(findings), _FINDINGS + 1)
        width = _LEFT + _WIDE + _RIGHT
        self._drawing = Drawing(width, self._foot + 40 + 18 * told, _GROUND, heading)
        self._drawing.text(_LEFT, 34, heading, _INK, size=18)
        self._drawing.text(_LEFT, 56, self._summary(), _SOFT)
        self._drawing.text(_LEFT + _WIDE, 56, _LEGEND, _SOFT, "end")

    def svg(self) -> str:
        self._phases()
        self._time()
        y = _TOP + _BETWEEN
        self._music(y)
        y += 2 * _LANE + _BETWEEN
        self._words(y)
        y += _MARKS + _BETWEEN
        self._check_ins(y)
        if self._heard is not None:
            y += _MARKS + _BETWEEN
            self._loudness(y, self._heard.short_term)
            self._ruler(y + _LOUD + _BETWEEN, self._heard.excess)
        self._found()
        return self._drawing.svg()

    def _x(self, at: float) -> float:
        return _LEFT + _WIDE * min(max(at / self._rehearsal.seconds, 0.0), 1.0)

    def _summary(self) -> str:
        parts = [clock(self._rehearsal.seconds)]
        if self._heard is not None:
            parts += [
                f"{self._heard.loudness:.1f} LUFS at 0 dB",
                f"steepest rise {self._heard.loudest_rise:.1f} dB",
                f"longest silence {self._heard.longest_silence:.1f} s",
            ]
        count = len(self._findings)
        parts.append(f"{count} finding{'s' * (count != 1)}" if count else "no finding")
        return " · ".join(parts)

    def _phases(self) -> None:
        begun = list(self._rehearsal.phases)
        ends = [*(at for at, _ in begun[1:]), self._rehearsal.seconds]
        for (at, phase), end, fill in zip(begun, ends, itertools.cycle(_BANDS), strict=False):
            left, width = self._x(at), self._x(end) - self._x(at)
            self._drawing.box(left, _TOP - 18, width, self._foot - _TOP + 18, fill)
            self._drawing.text(left + 6, _TOP - 4, fitting(phase, width - 6), _INK)

    def _time(self) -> None:
        step = 300.0 if self._rehearsal.seconds > 1200.0 else 30.0
        for number in range(int(self._rehearsal.seconds // step) + 1):
            x = self._x(number * step)
            self._drawing.line((x, self._foot), (x, self._foot + 5), _ALLOWED)
            self._drawing.text(x, self._foot + 18, clock(number * step), _SOFT, "middle")

    def _name(self, y: float, said: str) -> None:
        self._drawing.text(_LEFT - 12, y, said, _SOFT, "end")

    def _music(self, y: float) -> None:
        """Two lanes in turn, so that each crossfade shows as two slopes above each other."""
        self._name(y + _LANE + 4, "music")
        for number, playing in enumerate(playings(self._rehearsal)):
            self._track(playing, y + _LANE * (number % 2))

    def _track(self, playing: Playing, y: float) -> None:
        track = playing.track
        fill, edge = _TRACKS[track.file is None]
        left, right = self._x(playing.begins), self._x(playing.ends)
        full = self._x(playing.begins + playing.fades_in)
        fades = self._x(playing.ends - playing.fades_out)
        if full > fades:
            full = fades = (full + fades) / 2
        top, foot = y + 3, y + _LANE - 3
        points = ((left, foot), (full, top), (fades, top), (right, foot))
        told = f"{track.title}, {clock(playing.begins)} to {clock(playing.ends)}"
        self._drawing.shape(points, fill, edge, told)
        self._drawing.text(full + 6, foot - 9, fitting(track.title, fades - full - 8), _INK)

    def _words(self, y: float) -> None:
        self._name(y + 12, "words")
        for sentence in self._rehearsal.sentences:
            left, right = self._x(sentence.begins), self._x(sentence.ends)
            right = max(right, left + 2)
            points = ((left, y), (right, y), (right, y + _MARKS), (left, y + _MARKS))
            recorded = sentence.cue.clip is not None
            told = f"{clock(sentence.begins)} {sentence.cue.say}"
            self._drawing.shape(points, _VOICE if recorded else "none", _VOICE, told)

    def _check_ins(self, y: float) -> None:
        self._name(y + 12, "check-ins")
        for event in self._rehearsal.events:
            if isinstance(event, e.CheckInAsked | e.CheckInSkipped):
                asked = isinstance(event, e.CheckInAsked)
                x, half = self._x(event.at), _MARKS / 2
                points = ((x, y), (x + half, y + half), (x, y + 2 * half), (x - half, y + half))
                told = f"{clock(event.at)} check-in {'asked' if asked else 'left out'}"
                self._drawing.shape(points, _INK if asked else "none", _INK, told)

    def _loudness(self, y: float, short_term: Sequence[float]) -> None:
        self._name(y + _LOUD / 2 - 8, "loudness")
        self._name(y + _LOUD / 2 + 8, "3 s, LUFS")
        for level, what in _LEVELS:
            high = y + _share(level, _LOUDEST, _SOFTEST) * _LOUD
            self._drawing.line((_LEFT, high), (_LEFT + _WIDE, high), _FAINT)
            self._name(high + 4, f"{what} {level:.0f}")
        self._drawing.curve(self._curve(short_term, y, _LOUD, (_LOUDEST, _SOFTEST)), _INK)

    def _ruler(self, y: float, excess: Sequence[float]) -> None:
        """How near each second comes to what is allowed, and what goes beyond."""
        allowed = y + _share(0.0, _MOST_OVER, _MOST_UNDER) * _RULER
        self._drawing.line((_LEFT, allowed), (_LEFT + _WIDE, allowed), _ALLOWED, dashed=True)
        self._name(allowed + 4, "allowed")
        self._name(allowed + 36, "rise")
        self._drawing.curve(self._curve(excess, y, _RULER, (_MOST_OVER, _MOST_UNDER)), _SOFT)
        for second, over in enumerate(excess):
            if over > 0.0:
                x = self._x(second)
                high = y + _share(over, _MOST_OVER, _MOST_UNDER) * _RULER
                self._drawing.box(x - 1, high, 3, allowed - high, _OVER)

    def _curve(
        self, values: Sequence[float], y: float, height: float, edges: tuple[float, float]
    ) -> Iterator[Point]:
        """A point for each second; the highest of several that share a pixel."""
        per = max(1, int(self._rehearsal.seconds / _WIDE))
        for first in range(0, len(values), per):
            highest = max(values[first : first + per])
            yield self._x(first + per / 2), y + _share(highest, *edges) * height

    def _found(self) -> None:
        y = self._foot + 44
        for found in self._findings[:_FINDINGS]:
            x = self._x(found.at)
            self._drawing.line((x, _TOP), (x, self._foot), _OVER, dashed=True)
            self._drawing.text(_LEFT, y, str(found), _INK)
            y += 18
        more = len(self._findings) - _FINDINGS
        if more > 0:
            self._drawing.text(_LEFT, y, f"and {more} more", _SOFT)


def _share(value: float, highest: float, lowest: float) -> float:
    """How far below the upper edge, from 0 to 1."""
    return min(max((highest - value) / (highest - lowest), 0.0), 1.0)
