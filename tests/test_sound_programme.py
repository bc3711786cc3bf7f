"""The programme: from what is wanted to what sounds, on simulated time."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_files import noise, rms, tone, write

from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted, quiet
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.guard import DELAY
from companion.sound.programme import Programme
from companion.sound.ruler import levels
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.source import Source, Tone, Unplayable
from companion.sound.wire import Notice, TrackFailed, TrackStarted

LEVEL = -26.0
"""dBFS of the music that the tests play."""
RISEN = 70
"""Tenths of a second after which it is at that level, if it comes at once: the guard sees to it."""
CUE = Cue("Let go.", 2.0, 6.0, clip="one.wav")
SECOND = Cue("Breathe.", 2.0, 6.0, clip="two.wav")


class Told(Tone):
    """Remembers what it was told of the arc."""

    def __init__(self, frequency: float, level: float, seconds: float | None) -> None:
        super().__init__(frequency, level, seconds)
        self.told: list[tuple[Phase, float]] = []
        self.unread_when_told = False
        self._read = 0

    def read(self, frames: int) -> Block:
        self._read += frames
        return super().read(frames)

    def follow(self, phase: Phase, position: float) -> None:
        self.told.append((phase, position))
        self.unread_when_told = self.unread_when_told or not self._read


class Torn(Told):
    """Fails after some seconds."""

    def read(self, frames: int) -> Block:
        if self._read > 8.7 * RATE:
            raise RuntimeError
        return super().read(frames)


class Tones:
    """A shelf on which each track is a tone of its own, and a clip a louder one.

    A track called `bad…` fails, one called `never…` does not open, one called `short…` ends
    after five seconds, and one called `torn…` fails after eight."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, float]] = []
        self.waiting: list[Future[Source]] = []
        self.made: list[Told] = []

    def track(self, track: Track, at: float) -> Future[Source]:
        self.opened.append((track.title, at))
        future: Future[Source] = Future()
        if track.title.startswith("bad"):
            future.set_exception(Unplayable("it is broken"))
        elif track.title.startswith("never"):
            self.waiting.append(future)
        else:
            short = 5.0 if track.title.startswith("short") else None
            frequency = 200 + 30 * (sum(map(ord, track.title)) % 20)
            kind = Torn if track.title.startswith("torn") else Told
            self.made.append(kind(frequency, LEVEL + 3.01, short))
            future.set_result(self.made[-1])
        return future

    def clip(self, cue: Cue, at: float) -> Future[Source]:
        self.opened.append((cue.clip or "", at))
        future: Future[Source] = Future()
        future.set_result(Tone(1000, -9.0, cue.seconds - at))
        return future


class Stage:
    """A programme, what it said and what it plays."""

    def __init__(self, shelf: Shelf | Tones | None = None, now: float = 0.0) -> None:
        self.shelf = shelf or Tones()
        self.told: list[Notice] = []
        self.programme = Programme(self.shelf, self.told.append)
        self.now = now

    def want(self, wanted: Wanted) -> None:
        self.programme.want(wanted, self.now)

    def play(self, seconds: float) -> Block:
        blocks = round(seconds * RATE / BLOCK)
        assert blocks * BLOCK == seconds * RATE
        self.now += blocks * BLOCK / RATE
        return np.concatenate([self.programme.render(BLOCK) for _ in range(blocks)])

    def started(self) -> list[str]:
        return [told.title for told in self.told if isinstance(told, TrackStarted)]

    def failed(self) -> list[str]:
        return [told.title for told in self.told if isinstance(told, TrackFailed)]


def music(*tracks: Track, began: float = 0.0, phase: Phase = Phase.PEAK) -> Music:
    return Music(Section(phase, tracks), began, 8.0)


def endless(name: str) -> Track:
    return Track(name, soundscape=name)


def wanted(music: Music | None = None, voice: Voice | None = None, fade: float = 1.0) -> Wanted:
    return Wanted(Arc(Phase.PEAK, 0.0, 0.0, 0.0), music, voice, fade=fade, until=1e6)


def sounding(stage: Stage | None = None) -> Stage:
    """A stage on which one endless track is at its full level, and has been for a second."""
    stage = stage or Stage()
    stage.want(wanted(music(endless("A"))))
    stage.play(8)
    return stage


# --- silence and sound ---------------------------------------------------------------------------


def test_nothing_wanted_is_silence() -> None:
    stage = Stage()
    assert not stage.play(1).any()
    stage.want(quiet(1.0))
    assert not stage.play(1).any()


def test_music_comes_from_silence_straight_in_db() -> None:
    stage = Stage()
    stage.want(wanted(music(endless("A")), fade=15.0))
    heard = [levels(stage.play(1)) for _ in range(17)]
    path = np.concatenate(heard)
    assert stage.programme.reduction == 0.0
    assert path.min() <= LEVEL - 60
    fade = path[path > LEVEL - 22]
    assert np.diff(fade[:80]) == pytest.approx(38 / 150, abs=0.05)
    assert path[-1] == pytest.approx(LEVEL, abs=0.1)
    assert stage.started() == ["A"]


def test_music_goes_into_silence_and_comes_back_from_where_it_is() -> None:
    stage = sounding()
    stage.want(wanted(None, fade=8.0))
    half = levels(stage.play(4))
    assert half[-1] == pytest.approx(LEVEL - 20, abs=1)
    stage.want(wanted(music(endless("A")), fade=8.0))
    back = levels(stage.play(5))
    assert back[0] == pytest.approx(half[-1], abs=1.5) and back[-1] == pytest.approx(LEVEL, abs=0.1)
    stage.want(wanted(None, fade=8.0))
    assert not stage.play(10)[-RATE:].any()
    assert stage.started() == ["A"]


def test_what_nobody_renews_fades_away_with_its_voice() -> None:
    stage = sounding()
    voice = Voice(replace(CUE, seconds=30.0), stage.now + 4)
    stage.want(replace(wanted(music(endless("A")), voice), until=stage.now + 10))
    assert rms(stage.play(10)[-RATE:]) > -15
    path = levels(stage.play(8.5))
    assert np.all(np.diff(path[:78]) < 0)
    assert not stage.play(1).any()
    stage.want(replace(wanted(music(endless("A"))), until=1e6))
    assert rms(stage.play(6)[-RATE:]) == pytest.approx(LEVEL, abs=0.2)


def test_another_music_crosses_over_at_equal_power() -> None:
    stage = sounding()
    heard = []
    for title in ("B", "C", "D"):
        stage.want(wanted(music(endless(title), began=stage.now)))
        heard.append(stage.play(3))
    heard.append(stage.play(8))
    path = levels(np.concatenate(heard))
    assert np.abs(path - LEVEL).max() < 1.0
    assert stage.started() == ["A", "B", "C", "D"]


def test_lower_takes_three_seconds_down_and_five_up() -> None:
    stage = sounding()
    stage.want(replace(wanted(music(endless("A"))), lower=-12.0))
    down = levels(stage.play(4))
    stage.want(wanted(music(endless("A"))))
    up = levels(stage.play(6))
    assert np.diff(down[1:30]) == pytest.approx(-0.4, abs=0.05)
    assert down[31:] == pytest.approx(LEVEL - 12, abs=0.1)
    assert np.diff(up[1:50]) == pytest.approx(0.24, abs=0.05)
    assert up[51:] == pytest.approx(LEVEL, abs=0.1)


def test_gain_counts_up_to_six_db() -> None:
    stage = Stage()
    stage.want(wanted(music(replace(endless("A"), gain=30.0))))
    assert rms(stage.play(10)[-RATE:]) == pytest.approx(LEVEL + 6, abs=0.1)


# --- tracks after each other ---------------------------------------------------------------------


def test_tracks_follow_each_other_without_a_hole() -> None:
    stage = Stage()
    tracks = [Track(name, file=name, seconds=30.0) for name in "AB"]
    stage.want(wanted(music(*tracks)))
    path = levels(stage.play(100))
    assert np.abs(path[RISEN:] - LEVEL).max() < 1.0
    assert stage.started() == ["A", "B", "A", "B", "A"]


def test_who_starts_later_hears_the_same_whatever_the_blocks(tmp_path: Path) -> None:
    for name, frequency in (("a", 200.0), ("b", 310.0)):
        write(tmp_path / "playlists" / f"{name}.flac", tone(20, frequency, LEVEL))
    tracks = [Track(name, file=f"{name}.flac", seconds=20.0) for name in "ab"]
    heard = []
    for start, seconds in ((0.0, 60.0), (13.377, 40.0)):
        stage = Stage(Shelf(tmp_path, AtOnce()), now=start)
        stage.want(replace(wanted(music(*tracks)), arc=Arc(Phase.PEAK, 0.0, 0.5, 0.0)))
        samples = stage.play(seconds)
        begin = round((21.0 - start) * RATE)  # the crossfade in which the second one began is over
        heard.append(samples[begin : begin + 30 * RATE])
        stage.programme.close()
    assert np.abs(heard[0] - heard[1]).max() < 1e-5


@given(st.floats(0.0, 400.0))
@settings(derandomize=True, max_examples=25)
def test_who_restarts_lands_at_the_same_place(t: float) -> None:
    tracks = [Track(name, file=name, seconds=s) for name, s in (("A", 60), ("B", 31), ("C", 45.5))]
    stage = Stage(now=t)
    stage.want(wanted(music(*tracks)))
    stage.play(0.5)
    title, at = stage.shelf.opened[0]
    cycle = 60 + 31 + 45.5 - 3 * 8
    begins = {"A": 0.0, "B": 52.0, "C": 75.0}
    assert at == pytest.approx(((t + 0.5) % cycle) - begins[title], abs=1e-6)


def test_the_next_track_is_opened_ahead() -> None:
    stage = Stage()
    stage.want(wanted(music(Track("A", file="a", seconds=40.0), endless("B"))))
    stage.play(24)
    assert [title for title, _ in stage.shelf.opened] == ["A", "B"]
    assert stage.started() == ["A"]


def test_a_track_that_fails_gives_way_to_the_next() -> None:
    stage = Stage()
    tracks = [Track(name, file=name, seconds=30.0) for name in ("A", "bad", "C")]
    stage.want(wanted(music(*tracks)))
    path = levels(stage.play(60))
    assert np.abs(path[RISEN:] - LEVEL).max() < 1.0
    assert stage.started() == ["A", "C", "A"] and set(stage.failed()) == {"bad"}


def test_a_track_that_ends_early_gives_way_to_the_next() -> None:
    stage = Stage()
    tracks = [Track(name, file=name, seconds=30.0) for name in ("short", "B")]
    stage.want(wanted(music(*tracks)))
    path = levels(stage.play(12))
    assert np.abs(path[RISEN:] - LEVEL).max() < 1.0
    assert stage.failed() == ["short"] and stage.started() == ["short", "B"]


def test_a_track_that_ends_early_is_followed_by_the_one_that_is_open_already() -> None:
    stage = Stage()
    tracks = [Track(name, file=name, seconds=15.0) for name in ("short", "bad", "B")]
    stage.want(wanted(music(*tracks)))
    assert levels(stage.play(9))[RISEN:] == pytest.approx(LEVEL, abs=0.5)
    assert stage.failed() == ["short", "bad"] and stage.started() == ["short", "B"]


def test_a_track_that_breaks_while_it_sounds_leaves_no_second_of_silence() -> None:
    stage = Stage()
    tracks = [Track(name, file=name, seconds=60.0) for name in ("torn", "B")]
    stage.want(wanted(music(*tracks)))
    path = levels(stage.play(20))
    quiet = np.flatnonzero(path[RISEN:] < -60) + RISEN
    assert 0 < len(quiet) < 7 and quiet[-1] - quiet[0] < 7
    assert path[quiet[-1] + 25 :] == pytest.approx(LEVEL, abs=0.5)
    assert stage.failed() == ["torn"] and stage.started() == ["torn", "B"]


@pytest.mark.parametrize("jump", [-200.0, -3.0, 3.0, 200.0])
def test_when_the_session_s_time_jumps_the_music_goes_on_from_where_it_is(jump: float) -> None:
    stage = Stage(now=300.0)
    tracks = [Track(name, file=name, seconds=30.0) for name in "ABCD"]
    stage.want(wanted(music(*tracks, began=290.0)))
    stage.play(9)
    stage.now += jump
    stage.want(wanted(music(*tracks, began=290.0)))
    path = levels(stage.play(32))
    assert np.abs(path - LEVEL).max() < 1.0
    assert stage.started() == ["A", "B", "C"]


def test_music_that_begins_in_the_future_plays_at_once() -> None:
    stage = Stage()
    stage.want(wanted(music(Track("A", file="a", seconds=30.0), began=50.0)))
    assert rms(stage.play(8)[-RATE:]) == pytest.approx(LEVEL, abs=0.1)
    assert stage.shelf.opened[0] == ("A", 0.0)


def test_a_source_hears_of_the_arc_before_it_is_heard_and_all_along() -> None:
    shelf = Tones()
    stage = Stage(shelf)
    stage.want(replace(wanted(music(endless("A"))), arc=Arc(Phase.BUILD, 0.0, 0.2, 0.1)))
    stage.play(3)
    assert shelf.made[0].told[0] == (Phase.BUILD, 0.25)
    assert shelf.made[0].told[-1] == pytest.approx((Phase.BUILD, 0.45))
    assert shelf.made[0].unread_when_told


@pytest.mark.parametrize("names", [("bad",), ("bad", "bad 2"), ("short", "short 2", "bad")])
def test_where_every_track_fails_a_soundscape_plays(names: tuple[str, ...]) -> None:
    stage = Stage()
    stage.want(wanted(music(*(Track(name, file=name, seconds=30.0) for name in names))))
    heard = levels(stage.play(40))
    assert heard[40:].min() > -60
    assert set(stage.failed()) == set(names) and stage.started()[-1] == "Shore"


def test_a_track_that_does_not_open_is_passed_over_and_closed_later() -> None:
    stage = Stage()
    tracks = [Track(name, file=name, seconds=40.0) for name in ("A", "never", "C")]
    stage.want(wanted(music(*tracks)))
    path = levels(stage.play(60))
    assert path[RISEN:].min() > LEVEL - 1
    assert stage.failed() == ["never"] and stage.started() == ["A", "C"]
    assert isinstance(stage.shelf, Tones)
    late = Late()
    stage.shelf.waiting[0].set_result(late)
    assert late.closed


class Late(Tone):
    def __init__(self) -> None:
        super().__init__(440, -20)
        self.closed = False

    def close(self) -> None:
        self.closed = True


def test_damaged_files_never_stop_the_music(tmp_path: Path) -> None:
    playlists = tmp_path / "playlists"
    whole = write(playlists / "whole.flac", noise(30, LEVEL))
    cut = whole.read_bytes()
    (playlists / "cut.flac").write_bytes(cut[: len(cut) // 2])
    (playlists / "fake.mp3").write_text("no music")
    stage = Stage(Shelf(tmp_path, AtOnce()))
    tracks = [
        Track(name, file=f"{name}", seconds=30.0)
        for name in ("cut.flac", "fake.mp3", "missing.ogg", "../whole.flac", "whole.flac")
    ]
    stage.want(wanted(music(*tracks)))
    path = levels(stage.play(60))
    assert np.abs(path[RISEN:] - LEVEL).max() < 1.5
    assert stage.started()[:2] == ["cut.flac", "whole.flac"]
    assert set(stage.failed()[:4]) == {"cut.flac", "fake.mp3", "missing.ogg", "../whole.flac"}
    stage.programme.close()


# --- the voice -----------------------------------------------------------------------------------


def voiced(path: Block) -> list[bool]:
    """For each second, whether the voice sounds (the tests' voice is far louder)."""
    return [bool(level > -15) for level in path[5::10]]


def test_the_music_is_down_before_the_first_word_and_back_after_the_last() -> None:
    stage = sounding()
    begins = stage.now + 5
    stage.want(wanted(music(endless("A")), Voice(CUE, begins)))
    path = levels(stage.play(15))
    assert path[:19] == pytest.approx(LEVEL, abs=0.2)
    assert path[49] == pytest.approx(LEVEL - 16, abs=0.6)
    assert voiced(path)[:9] == [False] * 5 + [True] * 2 + [False] * 2
    assert path[71] == pytest.approx(LEVEL - 16, abs=1.5)
    assert path[126:] == pytest.approx(LEVEL, abs=0.2)


@pytest.mark.parametrize("begins", [6.0, 6.123, 6.4999])
def test_the_first_word_comes_at_its_very_frame(begins: float) -> None:
    stage = sounding()
    stage.want(wanted(None, Voice(CUE, stage.now + begins), fade=0.5))
    heard = stage.play(12)
    first, last = np.flatnonzero(np.abs(heard[2 * RATE :, 0]) > 1e-6)[[0, -1]] + 2 * RATE
    assert first == pytest.approx(begins * RATE + DELAY, abs=2)
    assert last - first == pytest.approx(CUE.seconds * RATE, abs=4)


@pytest.mark.parametrize("begins", [5.0, 5.25, 5.377])
def test_the_music_goes_down_in_three_seconds_until_the_first_word(begins: float) -> None:
    stage = sounding()
    silent = replace(CUE, gain=-200.0)
    stage.want(wanted(music(endless("A")), Voice(silent, stage.now + begins)))
    path = levels(stage.play(7)[DELAY:])
    start = begins - 3.0
    for number, level in enumerate(path[:60]):
        down = 16.0 * min(max((number / 10 + 0.05 - start) / 3.0, 0.0), 1.0)
        assert level == pytest.approx(LEVEL - down, abs=0.3), number


def test_sentences_close_to_each_other_are_spoken_each_at_its_frame() -> None:
    stage = sounding()
    first, second = stage.now + 4.0, stage.now + 6.1
    stage.want(wanted(None, Voice(CUE, first, then=second), fade=0.5))
    stage.play(5)
    stage.want(wanted(None, Voice(SECOND, second), fade=0.5))
    heard = np.abs(stage.play(4)[:, 0]) > 1e-6
    pause = np.flatnonzero(np.diff(np.flatnonzero(heard)) > RATE // 50)
    assert len(pause) == 1
    begins = np.flatnonzero(heard)[pause[0] + 1]
    assert begins == pytest.approx(1.1 * RATE + DELAY, abs=2)


@pytest.mark.parametrize(("gap", "stays"), [(11.0, True), (14.0, False)])
def test_the_music_stays_down_if_the_next_word_is_near(gap: float, stays: bool) -> None:
    stage = sounding()
    first = Voice(CUE, stage.now + 4, then=stage.now + 6 + gap)
    stage.want(wanted(music(endless("A")), first))
    stage.play(6.5)
    stage.want(wanted(music(endless("A"))))
    between = levels(stage.play(gap - 3.5))
    assert bool(between.max() < LEVEL - 14) == stays
    assert first.then is not None
    stage.want(wanted(music(endless("A")), Voice(SECOND, first.then)))
    assert voiced(levels(stage.play(6)))[3:5] == [True, True]


def test_a_sentence_asked_for_at_once_waits_for_the_music_and_is_whole() -> None:
    stage = sounding()
    stage.want(wanted(music(endless("A")), Voice(CUE, stage.now)))
    path = levels(stage.play(8))
    spoken = np.flatnonzero(path > -15)
    assert 30 <= spoken[0] <= 31 and 19 <= len(spoken) <= 21


@pytest.mark.parametrize(("late", "heard"), [(6.0, 4.0), (20.0, 0.0)])
def test_a_late_engine_takes_the_sentence_up_where_it_should_be(late: float, heard: float) -> None:
    stage = sounding()
    cue = replace(CUE, seconds=10.0)
    stage.want(wanted(music(endless("A")), Voice(cue, stage.now - late)))
    spoken = np.count_nonzero(levels(stage.play(12)) > -15) / 10
    assert spoken == pytest.approx(heard, abs=0.3)


def test_a_sentence_is_spoken_once_and_to_its_end() -> None:
    stage = sounding()
    cue = replace(CUE, seconds=4.0)
    begins = stage.now + 4
    stage.want(wanted(music(endless("A")), Voice(cue, begins)))
    stage.play(5)
    stage.want(wanted(music(endless("A"))))
    assert voiced(levels(stage.play(4)))[:3] == [True, True, True]
    stage.want(wanted(music(endless("A")), Voice(cue, begins)))
    assert not any(voiced(levels(stage.play(5))))
    stage.want(wanted(music(endless("A")), Voice(cue, stage.now + 4)))
    assert any(voiced(levels(stage.play(8))))


def test_a_more_urgent_sentence_takes_the_place_of_the_one_spoken() -> None:
    stage = sounding()
    stage.want(wanted(music(endless("A")), Voice(replace(CUE, seconds=60.0), stage.now + 4)))
    stage.play(6)
    stage.want(wanted(music(endless("A")), Voice(SECOND, stage.now + 3)))
    path = levels(stage.play(6))
    assert path[10] < LEVEL - 14
    assert voiced(path)[:5] == [False, False, False, True, True]


def test_the_next_session_hears_its_own_first_sentence() -> None:
    stage = sounding()
    stage.want(wanted(music(endless("A")), Voice(CUE, stage.now + 4)))
    stage.play(60)
    stage.want(quiet(stage.now))
    stage.play(10)
    stage.now = 0.0
    stage.want(wanted(music(endless("A")), Voice(CUE, 6.0)))
    assert any(voiced(levels(stage.play(9))))


def test_a_clip_that_fails_leaves_the_music_alone(tmp_path: Path) -> None:
    write(tmp_path / "playlists" / "a.flac", tone(20, level=LEVEL))
    stage = Stage(Shelf(tmp_path, AtOnce()))
    playing = music(Track("A", file="a.flac", seconds=20.0))
    stage.want(wanted(playing, Voice(CUE, 4.0)))
    stage.play(3)
    stage.want(wanted(playing, Voice(CUE, 4.0), fade=2.0))
    stage.play(7)
    assert stage.failed() == ["one.wav"]
    assert rms(stage.play(2)) > LEVEL - 6


# --- orders in any order -------------------------------------------------------------------------

orders = st.lists(
    st.tuples(
        st.sampled_from(["music", "other", "none", "voice", "lower", "until"]),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=12,
)


def order(kind: str, now: float) -> Wanted:
    table: dict[str, Callable[[], Wanted]] = {
        "music": lambda: wanted(music(endless("A")), fade=4.0),
        "other": lambda: wanted(music(Track("short", file="s", seconds=9.0), endless("B"))),
        "none": lambda: wanted(None, fade=4.0),
        "voice": lambda: wanted(music(endless("A")), Voice(CUE, now + 1)),
        "lower": lambda: replace(wanted(music(endless("A"))), lower=-12.0),
        "until": lambda: replace(wanted(music(endless("A"))), until=now),
    }
    return table[kind]()


@given(orders)
@settings(derandomize=True, max_examples=30, deadline=None)
def test_no_order_makes_a_click(orders: list[tuple[str, int]]) -> None:
    stage = Stage()
    heard = []
    for kind, halves in orders:
        stage.want(order(kind, stage.now))
        heard.append(stage.play(halves / 2))
    samples = np.concatenate(heard)
    assert np.isfinite(samples).all()
    # Tones have no step of their own larger than this; only the voice's own first and last
    # sample may be one, and its tone begins and ends at zero.
    assert np.abs(np.diff(samples[:, 0])).max() < 0.1
