"""Music comes into the library heard to its end and whole, or not at all."""

import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from library_home import make_home, sine
from patience import PATIENCE
from sound_files import Samples, noise, write

from companion.library import copying, hearing, taking
from companion.library.check import load_library
from companion.library.decoding import opened
from companion.library.examining import examine
from companion.library.files import SOUND_BYTES, Unusable
from companion.library.heard import RULER, Heard, Mark, Verdict, judge
from companion.library.hearing import hear, tags_of
from companion.library.loudness import Loudness
from companion.library.playlists import Entry
from companion.library.taking import Taken, take
from companion.session.plan import Phase
from companion.sound.ruler import MUSIC_RISE

CALM = Heard(Loudness(30.0, -20.0, -6.0, -18.0, 1.0), 5.0, 3.0, 9.0, 0.5, 4.0, 0.0, 0.0, "", "", "")


@cache
def music() -> Samples:
    return noise(24, -30)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return write(tmp_path / "stick" / "Été [Live]_1.flac", music())


def heard(folder: Path, samples: Samples) -> Heard:
    return hear(write(folder / "a.wav", samples), lambda _: None)


def verdict_of(stick: Path, **rest: Any) -> Verdict:
    return examine(stick, section="peak", licence="bought", **rest)


def inside(home: Path) -> list[str]:
    """What lies in the music's folder, hidden files too."""
    return sorted(path.name for path in (home / "playlists" / "music").iterdir())


def peak(home: Path) -> tuple[Entry, ...]:
    library = load_library(home, None)
    assert library.problems == ()
    return library.playlists["calm"].sections[Phase.PEAK]


# --- what is heard --------------------------------------------------------------------------------


def test_calm_music_is_good(tmp_path: Path) -> None:
    parts: list[float] = []
    found = hear(write(tmp_path / "a.wav", music()), parts.append)
    assert parts[-1] == 1.0 and parts == sorted(parts)
    assert found.range < 1 and found.rise < 2
    assert (found.silence, found.silent_before, found.silent_after) == (0.0, 0.0, 0.0)
    verdict = judge("a", "h", found, section="peak", licence="CC0-1.0", words_sung=False)
    assert verdict.mark is Mark.GOOD
    assert verdict.told.startswith("0:24, -2") and "steepest rise" in verdict.told


def test_what_may_startle_is_found_where_it_is(tmp_path: Path) -> None:
    samples = music().copy()
    samples[48_000 * 15 : 48_000 * 15 + 4800] *= 10
    samples[48_000 * 20 :] *= 2
    found = heard(tmp_path, samples)
    assert 15.0 <= found.rise_at <= 15.1 and 18 < found.rise < 21


def test_it_is_measured_as_loud_as_it_is_played(tmp_path: Path) -> None:
    """Out of next to nothing a rise counts from -50 dBFS, wherever the file itself lies."""
    samples = music() * 0.1
    samples[: 48_000 * 14] = 0.0
    quiet = heard(tmp_path, samples)
    assert quiet.gain == 6.0
    loud = heard(tmp_path, samples * 10)
    assert loud.rise == pytest.approx(quiet.rise + 20 - 6 + loud.gain, abs=0.2)


def test_silences_are_found(tmp_path: Path) -> None:
    samples = music().copy()
    for start, end in ((0, 2), (9, 10), (12, 17), (23, 24)):
        samples[48_000 * start : 48_000 * end] = 0.0
    found = heard(tmp_path, samples)
    assert (found.silence, found.silence_at) == (5.0, 12.0)
    assert (found.silent_before, found.silent_after) == (2.0, 1.0)


def test_one_channel_and_numbers_that_are_none_are_heard(tmp_path: Path) -> None:
    both, one = music(), music()[:, :1]
    same = heard(tmp_path, np.repeat(one, 2, axis=1))
    mono = hear(write(tmp_path / "b.wav", one, layout="mono"), lambda _: None)
    assert mono.rise == pytest.approx(same.rise, abs=0.1) and mono.gain == same.gain
    assert len(both) == 24 * 48_000


@pytest.mark.parametrize(
    ("change", "section", "words", "told"),
    [
        ({"rise": 9.4, "rise_at": 192.0}, "peak", None, "may startle at 3:12: it rises 9.4 dB"),
        ({"silence": 12.0, "silence_at": 61.0}, "peak", None, "is silent for 12 s at 1:01"),
        ({"silent_before": 5.0}, "peak", None, "begins with 5 s of silence"),
        ({"silent_after": 8.0}, "peak", None, "ends with 8 s of silence"),
        ({"range": 21.0}, "peak", None, "much louder in some passages"),
        ({"loudness": Loudness(30.0, -31.0, -9.0, -29.0, 0.0)}, "peak", None, "need 9.0 dB more"),
        ({}, "peak", True, "not advised before the return"),
        ({}, "return", True, ""),
        ({}, "peak", False, ""),
        ({"rise": RULER}, "peak", None, ""),
    ],
)
def test_what_a_curator_should_know_is_flagged(
    change: dict[str, Any], section: str, words: bool | None, told: str
) -> None:
    found = replace(CALM, **change)
    verdict = judge("a", "h", found, section=section, licence="x", words_sung=words)
    assert verdict.mark is (Mark.FLAGGED if told else Mark.GOOD)
    assert told in verdict.told and verdict.heard


def test_a_file_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write(tmp_path / "a.flac", music())
    data = bytearray(whole.read_bytes())
    place = data.index(b"fLaC") + 8 + 10
    packed = int.from_bytes(data[place : place + 8]) & ~((1 << 36) - 1)
    data[place : place + 8] = (packed | 48_000 * 3600 * 300).to_bytes(8)
    (tmp_path / "says.flac").write_bytes(data)
    with pytest.raises(Unusable, match="lasts 300:00:00 or more"):
        hear(tmp_path / "says.flac", lambda _: None)
    data[place : place + 8] = packed.to_bytes(8)
    (tmp_path / "silent-about-it.flac").write_bytes(data)
    monkeypatch.setattr(hearing, "LONGEST", 10.0)
    with pytest.raises(Unusable, match=r"lasts 0:1[0-2] or more"):
        hear(tmp_path / "silent-about-it.flac", lambda _: None)


def test_the_rule_is_the_ruler_s() -> None:
    assert RULER == MUSIC_RISE


@pytest.mark.parametrize(
    ("seconds", "licence", "told"),
    [
        (19.6, "x", "lasts 19 s, and 20 s is the least"),
        (8000.0, "x", "lasts 2:13:20 or more, and 2:00:00 is the most"),
        (30.0, "", "names no licence"),
    ],
)
def test_what_cannot_be_taken_is_refused(seconds: float, licence: str, told: str) -> None:
    found = replace(CALM, loudness=replace(CALM.loudness, seconds=seconds))
    verdict = judge("a", "h", found, section="peak", licence=licence, words_sung=None)
    assert (verdict.mark, verdict.heard) == (Mark.REFUSED, None) and told in verdict.told


# --- whatever a file may be -----------------------------------------------------------------------


def test_whatever_is_no_music_is_refused_in_a_plain_sentence(tmp_path: Path) -> None:
    whole = sine(tmp_path / "whole.wav", 1.0)
    (tmp_path / "folder.wav").mkdir()
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "device.wav").symlink_to("/dev/zero")
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    (tmp_path / "empty.wav").touch()
    with (tmp_path / "huge.wav").open("wb") as huge:
        huge.truncate(SOUND_BYTES + 1)
    cases = {
        "none.wav": "cannot be opened: No such file",
        "folder.wav": "is not a plain file",
        "pipe.wav": "is not a plain file",
        "device.wav": "is not a plain file",
        "loop.wav": "cannot be opened: Too many levels",
        "empty.wav": "is empty",
        "huge.wav": "is too large: 300 MB, and 300 MB is the most",
        "a\0.wav": "cannot be opened: its name",
        "song.m4p": "protected against copying",
        "notes.txt": "must end in one of",
        "list.m3u8": "must end in one of",
    }
    for name, told in cases.items():
        assert told in verdict_of(tmp_path / name).told, name
    for address in ("https://x.example/a.mp3", f"concat:{whole}|{whole}", f"file:{whole}"):
        assert "cannot be opened: No such file" in verdict_of(Path(address)).told, address


def test_what_only_decoding_shows_is_refused_too(tmp_path: Path) -> None:
    flac = write(tmp_path / "whole.flac", music()).read_bytes()
    made = {
        "list.mp3": (f"ffconcat version 1.0\nfile {tmp_path}/whole.flac\n".encode(), "decoded"),
        "cut.flac": (flac[: len(flac) // 2], "is damaged: it ends after 12 s of 24 s"),
        "not.mp3": (np.random.default_rng(1).bytes(60_000), "cannot be decoded"),
    }
    for name, (data, told) in made.items():
        (tmp_path / name).write_bytes(data)
        verdict = verdict_of(tmp_path / name)
        assert verdict.mark is Mark.REFUSED and told in verdict.told, verdict
    (tmp_path / "other.mp3").write_bytes(flac)
    assert verdict_of(tmp_path / "other.mp3").mark is not Mark.REFUSED


@pytest.mark.parametrize("name", ["a.flac", "a.m4a"])
def test_sound_missing_in_its_midst_is_refused_with_the_second(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, music())
    assert verdict_of(path).mark is not Mark.REFUSED
    data = path.read_bytes()
    begin = int(len(data) * 0.7)
    for lost in (bytes(len(data) // 25), np.random.default_rng(1).bytes(len(data) // 25)):
        path.write_bytes(data[:begin] + lost + data[begin + len(lost) :])
        verdict = verdict_of(path)
        assert verdict.mark is Mark.REFUSED
        told = re.fullmatch(r"is damaged: sound is missing after (\d+) s", verdict.told)
        assert told and int(told[1]) in (16, 17), verdict.told
        assert verdict.sentence.endswith(f"after {told[1]} s")


def test_a_file_that_takes_too_long_is_given_up_with_all_it_started(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    popen = subprocess.Popen

    def noted(*arguments: Any, **rest: Any) -> Any:
        process = popen(*arguments, **rest)
        started.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", noted)
    assert verdict_of(stick, time_limit=0.0).told == "takes too long to be heard"
    with pytest.raises(ProcessLookupError):
        os.killpg(started[0], 0)


def test_hearing_ends_with_whoever_asked_for_it(tmp_path: Path) -> None:
    long = sine(tmp_path / "long.wav", 0.1)
    frames = 48_000 * 1200
    head = bytearray(long.read_bytes()[:44])
    head[4:8], head[40:44] = ((n + frames * 4).to_bytes(4, "little") for n in (36, 0))
    long.write_bytes(head)
    os.truncate(long, 44 + frames * 4)
    command = [sys.executable, "-P", "-m", "companion.library.hearing", str(long)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin and child.stdout and b"part" in child.stdout.readline()
    child.stdin.close()
    assert b"unusable" not in child.stdout.read() and child.wait(PATIENCE) == 1
    child.stdout.close()


@pytest.mark.parametrize(
    "said", ["", "import os; os.abort()", "print('{}')", "print('[1]')", "print('x')"]
)
def test_a_decoder_that_fails_is_told(
    stick: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda _, **rest: popen([sys.executable, "-c", said], **rest)
    )
    assert verdict_of(stick).told == "cannot be heard: the decoder failed"


def test_a_file_that_needs_too_much_memory_is_refused(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import sys, av, companion.sound.ruler; from companion.library import decoding, hearing;"
        "from pathlib import Path; opened = decoding.opened(Path(sys.argv[1])); opened.__enter__();"
        "pages = int(open('/proc/self/statm').read().split()[0]);"
        "decoding.MEMORY = pages * 4096 + (1 << 20); hearing.main()"
    )
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess,
        "Popen",
        lambda command, **rest: popen([sys.executable, "-c", code, command[-1]], **rest),
    )
    assert re.search("memory|decoder failed|annot allocate", verdict_of(stick).told)


def test_a_file_that_changes_while_it_is_heard_is_refused(stick: Path) -> None:
    def changing(_: float) -> None:
        with stick.open("ab") as file:
            file.write(b"\0" * 10)

    assert "changed while it was being heard" in verdict_of(stick, progress=changing).told


# --- taking ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    path = tmp_path_factory.mktemp("stick") / "Été [Live]_1.flac"
    return verdict_of(write(path, music()))


def test_a_file_is_copied_and_entered(home: Path, examined: Verdict) -> None:
    parts: list[float] = []
    taken = take(examined, home, "calm", "peak", parts.append)
    assert taken.told == "added to calm, peak: music/ete-live-1.flac" and parts[-1] == 1.0
    entry = peak(home)[1]
    assert entry.track.title == "Été [Live] 1" and entry.track.hash == examined.hash
    assert inside(home) == ["ete-live-1.flac", "low.wav"]
    assert (home / "cache/loudness" / f"{examined.hash}.json").exists(), "it is not measured again"


def test_the_same_sound_is_not_copied_twice(home: Path, examined: Verdict) -> None:
    take(examined, home, "calm", "peak")
    assert take(examined, home, None, "peak").fields["file"] == "music/ete-live-1.flac"
    assert take(examined, home, "calm", "return").told.endswith("which was here already")
    assert inside(home) == ["ete-live-1.flac", "low.wav"] and len(peak(home)) == 2


def test_what_stands_in_a_section_is_not_entered_again(home: Path, examined: Verdict) -> None:
    assert take(examined, home, "calm", "peak").entered
    before = (home / "playlists/calm.yaml").read_bytes()
    again = take(examined, home, "calm", "peak")
    assert again.told == "stands in calm, peak already: music/ete-live-1.flac"
    assert again.fields and not again.entered
    assert (home / "playlists/calm.yaml").read_bytes() == before


def test_a_copy_that_the_program_keeps_for_itself_is_not_played_from(
    home: Path, examined: Verdict
) -> None:
    kept = home / "playlists/.reviewed/calm/digest/music/a.flac"
    kept.parent.mkdir(parents=True)
    shutil.copyfile(examined.file, kept)
    assert take(examined, home, "calm", "peak").fields["file"] == "music/ete-live-1.flac"


def test_another_file_of_the_same_name_gets_a_number(home: Path, examined: Verdict) -> None:
    (home / "playlists/music/ete-live-1.flac").write_bytes(b"hers")
    (home / "playlists/music/ete-live-1-2.flac").symlink_to("/nowhere")
    assert take(examined, home, None, "peak").fields["file"] == "music/ete-live-1-3.flac"
    assert (home / "playlists/music/ete-live-1.flac").read_bytes() == b"hers"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[@click=app.quit]Tap[/]", "[@click=app.quit]Tap[/]"),
        ("[/b] [/]", "[/b] [/]"),
        ("Song [Live] [$primary]x", "Song [Live] [$primary]x"),
        ("a\x1b]0;T\x07b\x1b[2Jc", "a ]0;T b [2Jc"),
        ("a\x1b]52;c;eA==\x07\x9bm", "a ]52;c;eA== m"),
        ("right\u202eleft \u200bhidden\nline", "right left hidden line"),
        ("=cmd|' /C calc'!A0: #x", "=cmd|' /C calc'!A0: #x"),
        ("x" * 300, "x" * 80),
        ("null", "null"),
        ("\x1b", "Été [Live] 1"),
    ],
)
def test_tags_can_only_be_read(home: Path, examined: Verdict, written: str, shown: str) -> None:
    tagged = home.parent / "tagged.flac"
    with av.open(examined.file) as source, av.open(str(tagged), "w") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        target.metadata["title"] = written
        for packet in source.demux(source.streams.audio[0]):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    with opened(tagged) as container:
        told = tags_of(container)
    assert examined.heard
    verdict = replace(examined, heard=replace(examined.heard, title=told["title"]))
    take(verdict, home, "calm", "peak")
    assert peak(home)[1].track.title == shown


def refused_with_nothing_left(home: Path, taken: Taken, told: str) -> None:
    assert told in taken.told and taken.fields == {}
    assert inside(home) == ["low.wav"]
    assert len(peak(home)) == 1


def test_a_file_that_changed_after_it_was_heard_is_not_taken(home: Path, stick: Path) -> None:
    verdict = verdict_of(stick)
    with stick.open("ab") as file:
        file.write(b"more")
    refused_with_nothing_left(home, take(verdict, home, "calm", "peak"), "changed since")
    stick.unlink()
    refused_with_nothing_left(home, take(verdict, home, "calm", "peak"), "No such file")


def test_a_stick_that_is_pulled_out_leaves_nothing(
    home: Path, examined: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Pulled:
        def __init__(self, path: Path) -> None:
            self._file = path.open("rb")
            self.fileno = self._file.fileno

        def __enter__(self) -> "Pulled":
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def read(self, size: int) -> bytes:
            if self._file.tell():
                raise OSError(5, "Input/output error")
            return self._file.read(size)

    monkeypatch.setattr(taking, "open_plain", Pulled)
    monkeypatch.setattr(copying, "_PIECE", 1000)
    taken = take(examined, home, "calm", "peak")
    refused_with_nothing_left(home, taken, "Input/output error. Was a stick pulled out?")


def test_a_full_disk_leaves_nothing(
    home: Path, examined: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        taken = take(examined, home, "calm", "peak")
    refused_with_nothing_left(home, taken, "cannot be written here: No space left")
    monkeypatch.setattr(taking, "LEAST_FREE", 1 << 60)
    refused_with_nothing_left(home, take(examined, home, "calm", "peak"), "finds no room here")


def test_a_playlist_that_cannot_be_saved_takes_the_copy_back(home: Path, examined: Verdict) -> None:
    text = (home / "playlists/calm.yaml").read_text()
    (home / "playlists/calm.yaml").write_text(text + "odd: 1\n")
    taken = take(examined, home, "calm", "peak")
    (home / "playlists/calm.yaml").write_text(text)
    refused_with_nothing_left(home, taken, "odd: is not a key here")


def test_two_at_once_do_not_meet(home: Path, examined: Verdict) -> None:
    with copying.alone_in(home / "playlists"):
        taken = take(examined, home, "calm", "peak")
    refused_with_nothing_left(home, taken, "somebody else is bringing files here")


def test_a_killed_process_leaves_nothing_that_is_half(
    home: Path, examined: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import os, pickle, sys; from pathlib import Path;"
        "from companion.library.taking import take;"
        "from companion.library import copying; copying._PIECE = 1000;"
        "take(pickle.load(sys.stdin.buffer), Path(sys.argv[1]), 'calm', 'peak',"
        " lambda part: os.kill(os.getpid(), 9) if part > 0.5 else None)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(home)], input=pickle.dumps(examined), check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert inside(home) == [".ete-live-1.flac.draft", "low.wav"] and len(peak(home)) == 1
    assert take(examined, home, "calm", "peak").fields
    assert inside(home) == ["ete-live-1.flac", "low.wav"] and len(peak(home)) == 2


def test_a_copy_that_is_not_what_was_read_is_thrown_away(
    home: Path, examined: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "content_hash", lambda _: "another")
    refused_with_nothing_left(home, take(examined, home, "calm", "peak"), "may be failing")
