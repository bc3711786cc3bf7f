"""Five hundred files as they may lie on a stick, each with what is to be said of it.

About seventy are encoded; the others are made of their bytes. What is right for each follows from
how it was made. Where that could be argued, what a patient would hear decides:

- a file of frames that says how long it is and ends before is damaged;
- one that does not say (ogg, opus), or is nothing but samples (wav), is what is left of it;
- packets that cannot be decoded in the midst of a piece leave it damaged: there is a jump;
- what stands before or after the sound and is skipped by every player is not heard, so it counts
  for nothing;
- every byte of plain samples is sound: junk in a wav file is a burst of noise, which may startle.
"""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

import numpy as np
from sound_files import Samples, write

GOOD, FLAGGED, REFUSED = "good", "flagged", "refused"
SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a")


@dataclass(frozen=True)
class Made:
    """One file, and what is to be said of it."""

    path: Path
    mark: str
    word: str = ""
    """Stands in the reason."""
    licence: str = "bought"
    """What the person says of it."""


@dataclass(frozen=True)
class Recipe:
    """A kind of sound file that is played."""

    suffix: str
    codec: str
    rate: int
    layout: str = "stereo"
    faststart: bool = False
    """Whether an m4a file has its index before its sound, not after it."""

    @property
    def name(self) -> str:
        return f"{self.codec} {self.rate} {self.layout.replace('.', '')}"

    def encode(self, folder: Path, kind: str, samples: Samples) -> Path:
        path = folder / f"{kind} {self.name}{' fast' * self.faststart}{self.suffix}"
        container = {"movflags": "faststart"} if self.faststart else None
        options = {"b": "64k"} if self.codec in ("aac", "libopus", "libmp3lame") else {}
        return write(path, samples, self.rate, self.layout, self.codec, container, **options)


DERIVED = (
    Recipe(".wav", "pcm_s16le", 16_000, "mono"),
    Recipe(".flac", "flac", 22_050),
    Recipe(".mp3", "libmp3lame", 44_100),
    Recipe(".ogg", "vorbis", 44_100),
    Recipe(".opus", "libopus", 48_000),
    Recipe(".m4a", "aac", 44_100),
    Recipe(".m4a", "aac", 32_000, faststart=True),
    Recipe(".mp3", "libmp3lame", 22_050, "mono"),
)
OTHERS = (
    Recipe(".wav", "pcm_s16le", 8_000, "mono"),
    Recipe(".wav", "pcm_s24le", 96_000),
    Recipe(".wav", "pcm_f32le", 48_000),
    Recipe(".wav", "pcm_s16le", 44_100, "5.1"),
    Recipe(".flac", "flac", 8_000, "mono"),
    Recipe(".flac", "flac", 96_000),
    Recipe(".flac", "flac", 48_000, "5.1"),
    Recipe(".mp3", "libmp3lame", 16_000, "mono"),
    Recipe(".mp3", "libmp3lame", 48_000),
    Recipe(".ogg", "flac", 44_100),
    Recipe(".ogg", "libopus", 24_000, "mono"),
    Recipe(".opus", "libopus", 48_000, "5.1"),
    Recipe(".m4a", "aac", 48_000, "5.1"),
    Recipe(".m4a", "aac", 96_000, "mono"),
    Recipe(".m4a", "alac", 44_100),
)
_SIDES = {"mono": 1, "stereo": 2, "5.1": 6}
_seeds = count(1)


def calm(recipe: Recipe, seconds: float = 22.0, level: float = -22.0) -> Samples:
    """White noise of its own, with `level` as the RMS of each side in dBFS."""
    chance = np.random.default_rng(next(_seeds))
    shape = (round(seconds * recipe.rate), _SIDES[recipe.layout])
    return (10 ** (level / 20) * chance.standard_normal(shape)).astype(np.float32)


def make(folder: Path) -> list[Made]:
    """The files below `folder`, in the order in which they are added."""
    global _seeds  # noqa: PLW0603 (the same files every time)
    _seeds = count(1)
    folder.mkdir()
    masters = {recipe: recipe.encode(folder, "calm", calm(recipe)) for recipe in DERIVED}
    made = [Made(path, GOOD) for path in masters.values()]
    made += [Made(one.encode(folder, "calm", calm(one)), GOOD) for one in OTHERS]
    made += _characters(folder)
    for recipe, path in masters.items():
        made += _cut(recipe, path)
        made += _spoilt(recipe, path)
        made += _misnamed(path)
    made += _protected(masters)
    made += _numbers(folder)
    made += _no_sound(folder)
    made += _no_files(folder, masters[DERIVED[0]])
    made += _odd_names(folder)
    return made


def _characters(folder: Path) -> Iterator[Made]:
    """Whole files that sound as a curator should know."""

    def at(recipe: Recipe, start: float, end: float) -> slice:
        return slice(round(start * recipe.rate), round(end * recipe.rate))

    for recipe in DERIVED[:6]:

        def whole(
            kind: str, samples: Samples, mark: str, word: str = "", of: Recipe = recipe
        ) -> Made:
            return Made(of.encode(folder, kind, samples), mark, word)

        yield whole("loud", calm(recipe, level=-12), GOOD, "softer")
        yield whole("quiet", calm(recipe, level=-46), FLAGGED, "is very quiet")
        yield whole("long", calm(recipe, 41.0), GOOD, "0:41")
        yield whole("brief", calm(recipe, 12.0), REFUSED, "20 s is the least")
        yield whole("nothing", calm(recipe) * 0, REFUSED, "is silent")
        for kind, start, end, factor, mark, word in (
            ("burst", 15.0, 15.2, 8.0, FLAGGED, "may startle at 0:15"),
            ("step", 16.0, 22.0, 4.0, FLAGGED, "may startle at 0:16"),
            ("burst while it fades in", 5.0, 5.2, 4.0, GOOD, ""),
            ("gap", 12.0, 18.0, 0.0, FLAGGED, "is silent for"),
            ("begins late", 0.0, 6.0, 0.0, FLAGGED, "begins with"),
            ("ends early", 16.0, 22.0, 0.0, FLAGGED, "ends with"),
        ):
            samples = calm(recipe, level=-28 if factor > 1 else -22)
            samples[at(recipe, start, end)] *= factor
            yield whole(kind, samples, mark, word)
        wide = calm(recipe, 40.0, -20)
        wide[at(recipe, 20.0, 40.0)] *= 10 ** (-20.5 / 20)
        yield whole("wide", wide, FLAGGED, "much louder in some passages")


def _named(path: Path, what: str) -> Path:
    return path.with_name(f"{what} {path.name}")


def _given(path: Path, data: bytes, mark: str, word: str = "", licence: str = "bought") -> Made:
    path.write_bytes(data)
    return Made(path, mark, word, licence)


def _cut(recipe: Recipe, path: Path) -> Iterator[Made]:
    """Ends early."""
    data = path.read_bytes()
    for part in (0.02, 0.2, 0.5, 0.8, 0.93, 0.97):
        target, cut = _named(path, f"{part} of"), data[: int(len(data) * part)]
        if recipe.suffix == ".m4a" and not recipe.faststart:
            yield _given(target, cut, REFUSED, "cannot be decoded")
        elif part == 0.97:
            yield _given(target, cut, GOOD, "0:2")
        elif recipe.suffix == ".wav":
            yield _given(target, cut, *_by_length(part == 0.93))
        elif recipe.suffix in (".ogg", ".opus"):
            yield _given(target, cut, *_by_length(recipe.suffix == ".ogg" and part > 0.9))
        else:
            yield _given(target, cut, REFUSED, "is damaged: it ends after")


def _by_length(enough: bool) -> tuple[str, str]:
    """A page of opus holds a second, so its last one is missing as a whole."""
    return (GOOD, "0:20") if enough else (REFUSED, "")


def _spoilt(recipe: Recipe, path: Path) -> Iterator[Made]:
    """Bytes lost, overwritten, or added."""
    data = path.read_bytes()
    junk = np.random.default_rng(len(data)).bytes(len(data) // 25)
    middle = int(len(data) * 0.7)

    def overwritten(start: int, piece: bytes) -> bytes:
        return data[:start] + piece + data[start + len(piece) :]

    plain = recipe.suffix == ".wav"
    burst = (FLAGGED, "may startle at 0:15") if plain else (REFUSED, "is damaged")
    hole = (GOOD, "") if plain else (REFUSED, "is damaged")
    yield _given(_named(path, "junk in"), overwritten(middle, junk), *burst)
    yield _given(_named(path, "zeros in"), overwritten(middle, bytes(len(junk))), *hole)
    # Pages are looked for in whatever comes after the last of an ogg file, without an end.
    after = (REFUSED, "cannot be decoded") if recipe.codec == "vorbis" else (GOOD, "")
    yield _given(_named(path, "junk after"), data + junk, *after)
    yield _given(_named(path, "zeros after"), data + bytes(5000), GOOD)
    # Every frame of an mp3 begins anew; other kinds say in their head what they are.
    beheaded = (GOOD, "") if recipe.suffix == ".mp3" else (REFUSED, "cannot be decoded")
    for size in (16, 64, 400):
        target = _named(path, f"{size} zeros at the head of")
        yield _given(target, overwritten(0, bytes(size)), *beheaded)
    yield _given(_named(path, "only junk as"), junk, REFUSED, "cannot be decoded")


def _misnamed(path: Path) -> Iterator[Made]:
    """A whole file under a name of another kind. Its content is what counts where it is a kind that
    is played; it lies in the library already, and is not copied again."""
    data = path.read_bytes()
    for suffix in SUFFIXES:
        if suffix != path.suffix:
            yield _given(path.with_name(f"as {path.stem}{suffix}"), data, GOOD)
    for suffix in (".aiff", ".txt", ".mp4", ".m3u8", "", ".wav.exe"):
        yield _given(path.with_name(f"no {path.stem}{suffix}"), data, REFUSED, "must end in")
    for suffix in (".m4p", ".aax", ".aa", ".wma"):
        yield _given(path.with_name(f"no {path.stem}{suffix}"), data, REFUSED, "protected")


def _protected(masters: dict[Recipe, Path]) -> Iterator[Made]:
    for recipe in [one for one in masters if one.suffix == ".m4a"]:
        data = masters[recipe].read_bytes()
        for mark in (b"drms", b"enca"):
            marked = data.replace(b"mp4a", mark, 1)
            yield _given(
                _named(masters[recipe], f"{mark.decode()} in"), marked, REFUSED, "protected"
            )


def _numbers(folder: Path) -> Iterator[Made]:
    """Samples that are none, and headers that say what cannot be."""
    floats = Recipe(".wav", "pcm_f32le", 16_000)
    for name, value in (("nan", np.nan), ("inf", np.inf), ("minus inf", -np.inf), ("huge", 1e12)):
        for place in (0, 5_000, 340_000):
            samples = calm(floats)
            samples[place] = value
            path = floats.encode(folder, f"{name} at {place}", samples)
            yield Made(path, REFUSED, "not all of its samples are numbers")
    whole = DERIVED[0].encode(folder, "header", calm(DERIVED[0])).read_bytes()
    for name, start, value, size in (
        ("no channel", 22, 0, 2),
        ("nine channels", 22, 9, 2),
        ("no rate", 24, 0, 4),
        ("slow", 24, 4_000, 4),
        ("fast", 24, 400_000, 4),
        ("no such codec", 20, 0x7777, 2),
    ):
        data = whole[:start] + value.to_bytes(size, "little") + whole[start + size :]
        yield _given(folder / f"{name}.wav", data, REFUSED)


def _no_sound(folder: Path) -> Iterator[Made]:
    """What is no sound, under the name of one; lists name a file that can be played."""
    whole = next(folder.glob("calm*.flac"))
    texts = {
        "text": "All that is gold does not glitter.\n" * 200,
        "page": "<!DOCTYPE html><html><body>404</body></html>",
        "ffconcat": f"ffconcat version 1.0\nfile '{whole}'\n",
        "m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:30\n#EXTINF:22,\n{whole}\n#EXT-X-ENDLIST\n",
        "m3u": f"#EXTM3U\n{whole}\n",
        "pls": f"[playlist]\nFile1={whole}\nNumberOfEntries=1\n",
        "cue": f'FILE "{whole}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
        "metadata": ";FFMETADATA1\ntitle=x\n",
    }
    data = {name: text.encode() for name, text in texts.items()} | {
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(2000),
        "archive": b"PK\x03\x04" + bytes(range(256)) * 20,
        "program": b"\x7fELF" + bytes(4000),
        "zeros": bytes(100_000),
        "one byte": b"R",
    }
    for suffix in SUFFIXES:
        for name, content in data.items():
            yield _given(folder / f"{name}{suffix}", content, REFUSED, "cannot be decoded")
        yield _given(folder / f"empty{suffix}", b"", REFUSED, "is empty")


def _no_files(folder: Path, whole: Path) -> Iterator[Made]:
    """What is no plain file, and links, of which only what they lead to counts."""
    names, links = cycle(SUFFIXES), []
    for target in ("/dev/zero", "/dev/null", "/dev/full", "/proc", str(folder)):
        links.append((target, "is not a plain file"))
    links += [("nowhere", "No such file"), ("link 6.wav", "Too many levels")]
    for number, (target, word) in enumerate(links):
        path = folder / f"link {number}{'.wav' if number == 6 else next(names)}"
        path.symlink_to(target)
        yield Made(path, REFUSED, word)
    for number in range(2):
        path = folder / f"link to a whole {number}.wav"
        path.symlink_to(whole)
        yield Made(path, GOOD)
    for suffix in SUFFIXES:
        pipe, inner, huge = (folder / f"{name}{suffix}" for name in ("pipe", "folder", "huge"))
        os.mkfifo(pipe)
        inner.mkdir()
        with huge.open("wb") as file:
            file.truncate(301 * 2**20)
        yield Made(pipe, REFUSED, "is not a plain file")
        yield Made(inner, REFUSED, "is not a plain file")
        yield Made(huge, REFUSED, "is too large")
        yield Made(folder / f"gone{suffix}", REFUSED, "No such file")
    door = folder / "door.wav"
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as opened:
        os.chdir(folder)  # the path of a socket may be a hundred bytes long
        try:
            opened.bind(door.name)
        finally:
            os.chdir(here)
    yield Made(door, REFUSED, "cannot be opened")


def _odd_names(folder: Path) -> Iterator[Made]:
    """Whole files, named by people; and licences that only the file itself may name."""
    recipe = DERIVED[1]
    names = [
        "-rf",
        "a: b #c",
        "'quoted\"",
        "null",
        "[x] {y}",
        "Ünïcode ☾",
        "new\nline",
        "\u202eovv",
    ]
    names += [
        "\x1b[2Jx",
        "...",
        "   ",
        "%s%n",
        "x" * 250,
        "!tag",
        "*alias",
        "&anchor",
        "~",
        "--by",
        "{",
        "\t",
    ]
    for name in names:
        whole = recipe.encode(folder, "named", calm(recipe))
        yield Made(whole.rename(folder / f"{name}{recipe.suffix}"), GOOD)
    for number in range(8):
        whole = recipe.encode(folder, f"unlicensed {number}", calm(recipe))
        yield Made(whole, REFUSED, "names no licence", licence="")
