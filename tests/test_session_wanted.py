"""What should sound, as a value: where it is on its arc, which music, and until when."""

from session_given import (
    MK,
    OTHER_PLAYLIST,
    PLAYLIST,
    STANDARD,
    TILE,
    infusing,
    prepared,
    recovering,
    settling,
)

from companion.session import commands as c
from companion.session import events as e
from companion.session.plan import Phase, Section
from companion.session.times import next_renewal
from companion.session.wanted import Arc, Music

T0, PROGRAMME = 300.0, 3600.0


def test_while_the_session_is_prepared_the_arc_stands_at_its_beginning() -> None:
    session = prepared()
    assert session.wanted.arc == Arc(Phase.SETTLE, 0.0, 0.0, 0.0)
    loudest = Section(Phase.SETTLE, (PLAYLIST.loudest,))
    assert session.wanted.music == Music(loudest, 0.0, PLAYLIST.crossfade, PLAYLIST.loudest_at)
    assert session.do(c.AnswerHearing(heard=True)).wanted.music is None


def test_settling_goes_through_its_planned_length() -> None:
    session = settling().wait(minutes=2)
    assert session.wanted.arc == Arc(Phase.SETTLE, 0.0, 0.0, 1.0 / STANDARD.settle)


def test_each_phase_is_gone_through_from_its_own_beginning() -> None:
    session = infusing()
    assert session.wanted.arc == Arc(Phase.ONSET, T0, 0.0, 1.0 / 600.0)
    session.wait(minutes=15)
    assert session.wanted.arc == Arc(Phase.BUILD, T0 + 600.0, 0.0, 1.0 / 600.0)
    session.wait(minutes=30)
    assert session.wanted.arc == Arc(Phase.RETURN, T0 + 2700.0, 0.0, 1.0 / 900.0)


def test_a_hold_keeps_it_where_it_is_and_afterwards_it_goes_on_from_there() -> None:
    session = infusing().wait(minutes=15).do(c.StopPump(MK))
    began = session.t
    session.wait(minutes=4)
    assert session.wanted.arc == Arc(Phase.BUILD, began, 0.5, 0.0)
    session.do(c.RunPump(MK))
    assert session.wanted.arc == Arc(Phase.BUILD, T0 + 600.0 + 240.0, 0.0, 1.0 / 600.0)


def test_in_recovery_it_goes_down_once_over_the_whole_bed() -> None:
    session = recovering().wait(minutes=7)
    assert session.wanted.arc == Arc(Phase.RECOVERY, T0 + PROGRAMME, 0.0, 1.0 / STANDARD.bed)


def test_the_music_is_that_of_the_last_phase_begun_that_has_any() -> None:
    session = infusing().wait(minutes=15)
    onset = next(one for one in PLAYLIST.sections if one.phase is Phase.ONSET)
    assert session.wanted.music == Music(onset, T0, PLAYLIST.crossfade)
    session.do(c.ChangePlaylist(OTHER_PLAYLIST, MK))
    (only,) = OTHER_PLAYLIST.sections
    assert session.wanted.music == Music(only, session.t, OTHER_PLAYLIST.crossfade)


def test_the_sound_ends_with_the_bed_unless_the_programme_stands() -> None:
    session = infusing().wait(minutes=15)
    end = T0 + PROGRAMME + STANDARD.bed
    assert session.wanted.until == end
    session.do(c.StopPump(MK)).wait(minutes=4)
    left = PROGRAMME - 900.0
    assert session.wanted.until == next_renewal(session.t) + left + STANDARD.bed
    session.do(c.RunPump(MK))
    assert session.wanted.until == end + 240.0
    waits = settling().wait(minutes=1)
    assert waits.wanted.until == next_renewal(waits.t) + PROGRAMME + STANDARD.bed


def test_after_a_long_absence_and_on_an_empty_battery_nothing_is_said_or_played() -> None:
    for session in (
        infusing().asleep(minutes=21),
        infusing().do(c.ReportPower(4, on_mains=False)),
    ):
        session.wait(seconds=20)
        assert (session.wanted.music, session.wanted.voice) == (None, None)


def test_a_script_is_silent_while_a_call_is_open() -> None:
    session = settling().wait(seconds=30)
    assert session.wanted.voice is not None
    session.do(c.Call()).wait(seconds=20)
    assert session.wanted.voice is None


def test_help_that_came_ends_what_asked_for_it() -> None:
    session = infusing().wait(minutes=9).do(c.AnswerCheckIn(comfortable=False))
    assert session.view.uncomfortable
    assert not session.do(c.LookIn(TILE)).view.uncomfortable
    called = infusing().wait(minutes=9).do(c.AnswerCheckIn(comfortable=False), c.Call("key"))
    assert called.now.call is not None
    assert called.now.call.source == "key"
    assert not called.do(c.AnswerCall(TILE)).view.uncomfortable


def test_a_call_that_was_taken_back_is_told_until_somebody_came_or_she_calls_again() -> None:
    session = infusing().do(c.Call(), c.TakeBackCall())
    assert session.view.taken_back
    assert not session.do(c.Call()).do(c.AnswerCall(TILE)).view.taken_back


def test_who_prepared_it_and_for_whom() -> None:
    session = prepared()
    assert (session.view.nurse, session.now.code) == ("MK", "4172038")
    assert session.of(e.SessionPrepared)[0].by == MK
