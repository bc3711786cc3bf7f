"""Which track sounds when."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.session.plan import Phase, Section, Track
from companion.session.wanted import Music
from companion.sound.schedule import Schedule, schedule

lengths = st.lists(st.floats(0.5, 900.0), min_size=1, max_size=6)
moments = st.floats(0.0, 20_000.0)


def music(
    lengths: list[float], crossfade: float = 8.0, began: float = 0.0, offset: float = 0.0
) -> Music:
    tracks = tuple(Track(f"T{i}", file=f"{i}", seconds=s) for i, s in enumerate(lengths))
    return Music(Section(Phase.PEAK, tracks), began, crossfade, offset)


@given(lengths, st.floats(0.0, 20.0), moments)
@settings(derandomize=True, max_examples=150)
def test_there_is_never_a_hole(lengths: list[float], crossfade: float, t: float) -> None:
    plan = schedule(music(lengths, crossfade))
    slot = plan.at(t)
    following = plan.after(slot)
    assert following is not None
    assert slot.begins <= t + 1e-6 and t <= following.begins + 1e-6
    assert following.begins <= slot.ends
    assert math.isclose(slot.ends - following.begins, following.overlap, abs_tol=1e-6)


@given(lengths, moments)
@settings(derandomize=True, max_examples=100)
def test_who_asks_anew_lands_where_the_music_is(lengths: list[float], t: float) -> None:
    plan = schedule(music(lengths))
    slot = plan.at(0.0)
    while (following := plan.after(slot)) and following.begins <= t:
        slot = following
    again = plan.at(t)
    if min(abs(t - again.begins), abs(t - slot.begins)) > 1e-3:
        assert again.number == slot.number and again.track == slot.track
        assert math.isclose(again.begins, slot.begins, abs_tol=1e-3)


def test_tracks_follow_each_other_and_begin_again_from_the_first() -> None:
    plan = schedule(music([100.0, 50.0], began=10.0))
    starts = [plan.at(10.0)]
    for _ in range(3):
        following = plan.after(starts[-1])
        assert following is not None
        starts.append(following)
    assert [(s.track.title, s.begins) for s in starts] == [
        ("T0", 10.0),
        ("T1", 102.0),
        ("T0", 144.0),
        ("T1", 236.0),
    ]


def test_an_offset_starts_inside_the_first_track() -> None:
    assert schedule(music([100.0, 50.0], began=10.0, offset=30.0)).at(10.0).begins == -20.0


def test_a_track_without_seconds_plays_for_ever() -> None:
    tracks = (
        Track("A", file="a", seconds=30.0),
        Track("B", soundscape="shore"),
        Track("C", file="c"),
    )
    plan = Schedule(tracks, 8.0, 0.0)
    assert plan.at(1e6).track.title == "B"
    assert plan.after(plan.at(1e6)) is None
    assert plan.moved(plan.at(50.0).number + 1, 60.0).at(60.0).track.title == "C"
