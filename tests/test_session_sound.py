"""What should sound, and what is said when."""

from dataclasses import replace

import pytest
from session_given import (
    MK,
    OTHER_PLAYLIST,
    PLAYLIST,
    SCRIPT,
    STANDARD,
    TILE,
    Session,
    infusing,
    plan,
    prepared,
    recovering,
    section,
    settling,
)

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Why
from companion.session.due import next_change
from companion.session.plan import Cue, Levels, Mode, Phase
from companion.session.script import LEAD, spoken
from companion.session.state import Stage


def music(session: Session) -> Phase | None:
    """The phase whose section plays."""
    return session.wanted.music and session.wanted.music.section.phase


def heard(session: Session) -> str | None:
    """The sentence that is said, or that the music makes room for."""
    return session.wanted.voice and session.wanted.voice.cue.say


# --- music ---------------------------------------------------------------------------------------


def test_the_hearing_question_plays_the_loudest_passage_until_it_is_answered() -> None:
    session = prepared()
    assert session.wanted.music is not None
    assert session.wanted.music.section.tracks == (PLAYLIST.loudest,)
    assert session.wanted.music.offset == PLAYLIST.loudest_at
    assert session.do(c.AnswerHearing(False)).wanted.music is not None
    assert session.do(c.AnswerHearing(True)).wanted.music is None


def test_the_music_follows_the_phases_and_goes_on_where_there_is_no_section() -> None:
    session = settling()
    assert (music(session), session.wanted.fade) == (Phase.SETTLE, 15.0)
    session.wait(minutes=5).do(c.StartInfusion(TILE))
    assert (music(session), session.wanted.fade) == (Phase.ONSET, 10.0)
    began = session.wanted.music and session.wanted.music.began
    session.wait(minutes=10)
    assert (session.phase, music(session)) == (Phase.BUILD, Phase.ONSET)
    assert session.wanted.music and session.wanted.music.began == began
    assert music(session.wait(minutes=10)) is Phase.PEAK
    assert music(session.wait(minutes=25)) is Phase.RETURN
    assert music(session.wait(minutes=15)) is Phase.RETURN
    assert session.view.stage is Stage.RECOVERING


def test_a_playlist_that_begins_later_plays_its_first_section_from_the_start() -> None:
    late = replace(PLAYLIST, sections=(section(Phase.BUILD), section(Phase.RETURN)))
    session = settling(playlist=late)
    before = session.wanted.music
    assert music(session) is Phase.BUILD
    session.do(c.StartInfusion(TILE)).wait(minutes=10)
    assert session.phase is Phase.BUILD
    assert session.wanted.music == before


def test_silence_is_silence_and_can_be_changed() -> None:
    session = infusing(Mode.SILENCE)
    assert (session.wanted.music, session.wanted.voice) == (None, None)
    session.do(c.Call())
    assert session.wanted.voice is None
    session.do(c.AnswerCall(TILE), c.ChooseMode(Mode.MUSIC, MK))
    assert music(session) is Phase.ONSET
    session.do(c.ChooseMode(Mode.MUSIC, MK))
    assert len(session.of(e.ModeChosen)) == 2
    assert prepared().refusal(c.ChooseMode(Mode.MUSIC, MK)) is Why.NOT_NOW


def test_another_playlist_begins_now_and_the_same_one_goes_on() -> None:
    session = infusing().wait(minutes=2).do(c.ChangePlaylist(PLAYLIST, MK))
    assert not session.of(e.PlaylistChanged)
    session.do(c.ChangePlaylist(OTHER_PLAYLIST, MK))
    assert session.wanted.music is not None
    assert session.wanted.music.section == OTHER_PLAYLIST.sections[0]
    assert session.wanted.music.began == session.t
    assert session.view.playlist == "Hearth"


def test_sound_off_softer_and_a_call_lower_the_music_each_in_its_way() -> None:
    session = infusing().do(c.SwitchSound(False))
    assert not session.wanted.on
    session.do(c.SwitchSound(False), c.SwitchSound(True))
    assert session.wanted.on
    assert len(session.of(e.SoundSwitched)) == 2
    assert session.wanted.lower == 0.0
    assert session.do(c.Soften(), c.Soften(MK)).wanted.lower == -6.0
    assert session.do(c.Call()).wanted.lower == -18.0
    assert session.do(c.AnswerCall(TILE)).wanted.lower == -6.0
    assert session.do(c.Unsoften(MK), c.Unsoften(MK)).wanted.lower == 0.0
    assert recovering().wanted.lower == -6.0


def test_the_level_goes_in_steps_between_floor_and_ceiling() -> None:
    session = infusing()
    assert session.wanted.level == -18.0
    session.do(c.Louder(), c.Louder(), c.Louder(MK))
    assert (session.wanted.level, session.refusal(c.Louder())) == (-12.0, Why.LOUDEST)
    session.do(*[c.Quieter()] * 18)
    assert (session.wanted.level, session.refusal(c.Quieter())) == (-48.0, Why.QUIETEST)


def test_no_level_is_above_nought() -> None:
    session = infusing(levels=Levels(start=6.0, ceiling=12.0))
    assert session.wanted.level == 0.0
    assert session.refusal(c.Louder()) is Why.LOUDEST
    assert session.view.loudest == 0.0


def test_recovery_has_a_bed_of_sound_that_ends() -> None:
    session = recovering()
    assert session.wanted.until == session.t + 10800.0
    assert music(session.wait(minutes=179)) is Phase.RETURN
    assert session.wait(minutes=1).wanted.music is None
    session.do(c.Call())
    assert heard(session) == "Your call is showing."
    assert session.wanted.until > session.t + LEAD + 6.0


def test_the_end_of_the_sound_is_put_off_while_a_person_is_waited_for() -> None:
    for session in (prepared(), settling(), infusing().do(c.StopPump(MK))):
        session.wait(minutes=60 * 9)
        assert session.wanted.until > session.t + 3600.0
        assert session.wanted.music is not None


def test_the_arc_stands_still_in_a_hold_and_moves_on_after_it() -> None:
    session = infusing().wait(minutes=5).do(c.StopPump(MK)).wait(minutes=20)
    arc = session.wanted.arc
    assert (arc.phase, arc.position, arc.pace) == (Phase.ONSET, 0.5, 0.0)
    arc = session.do(c.RunPump(MK)).wanted.arc
    assert arc.position + (session.t - arc.since) * arc.pace == pytest.approx(0.5)
    assert recovering().wanted.arc.pace == 1 / 10800.0
    assert prepared().wanted.arc.pace == 0.0


# --- voice ---------------------------------------------------------------------------------------


def test_the_settling_part_begins_when_the_music_is_up() -> None:
    session = settling()
    assert heard(session) is None
    assert heard(session.wait(seconds=12)) == "Settle 0."
    assert session.view.words is None
    session.wait(seconds=3)
    assert session.view.words == "Settle 0."
    assert session.wanted.voice and session.wanted.voice.begins == session.t
    assert session.wanted.voice.then == session.t + 60.0
    assert heard(session.wait(seconds=5)) is None
    assert session.view.words == "Settle 0."
    assert heard(session.wait(seconds=55)) == "Settle 1."


def test_the_settling_part_ends_at_a_sentence_before_t_plus_eight() -> None:
    session = infusing().wait(minutes=7, seconds=15)
    last = spoken(session.now)[-1]
    assert heard(session) == last.cue.say == "Settle 12."
    assert last.begins == session.t
    assert session.wanted.voice and session.wanted.voice.then is None
    assert session.view.words == "Settle 12."
    session.wait(minutes=2)
    assert (heard(session), session.view.words) == (None, None)


def test_a_sentence_begun_before_t0_was_set_back_is_said_to_its_end() -> None:
    session = settling().wait(seconds=17).do(c.StartInfusion(TILE, ago=3000.0))
    assert session.phase is Phase.RETURN
    early = settling().wait(seconds=17).do(c.StartInfusion(TILE, ago=540.0))
    assert heard(early) == "Settle 0."
    assert len(spoken(early.now)) == 1


def test_the_settling_part_does_not_go_on_past_onset() -> None:
    session = infusing().wait(seconds=17).do(c.NextPhase(MK))
    assert heard(session) == "Settle 5."
    session.wait(minutes=1)
    assert (heard(session), session.view.words) == (None, None)
    assert spoken(settling().wait(seconds=16).do(c.GoToRecovery(MK)).wait(minutes=5).now)[1:] == ()


def test_at_the_peak_there_is_only_music_unless_the_nurse_asks_for_a_line() -> None:
    session = infusing().wait(minutes=30)
    assert (heard(session), session.view.words) == (None, None)
    session.do(c.SayAnchor(0, MK))
    assert heard(session) == "You are in the chair."
    assert session.view.words is None
    assert session.wait(seconds=LEAD).view.words == "You are in the chair."
    session.wait(seconds=4)
    assert heard(session) is None
    assert session.view.words == "You are in the chair."
    assert session.wait(seconds=4).view.words is None


def test_the_return_part_and_its_recorded_sentences() -> None:
    session = infusing().wait(minutes=45)
    begins = [one.begins - session.t for one in spoken(session.now)]
    assert begins == [15.0, 27.0, 39.0, 45.0]
    session.wait(seconds=15)
    voice = session.wanted.voice
    assert voice and voice.then == voice.begins + 24.0  # the one between is only written
    assert heard(session.wait(seconds=4)) is None
    session.wait(seconds=8)
    assert (heard(session), session.view.words) == (None, "Return 1, only written.")
    assert heard(session.wait(seconds=9)) == "Return 2."
    session.wait(seconds=6.5)  # Return 3 is near, but Return 2 is not over
    assert heard(session) == "Return 2."
    assert heard(session.wait(seconds=1)) == "Return 3."
    session.wait(seconds=36)
    assert session.view.words is None


def test_cues_hang_on_programme_time() -> None:
    session = infusing().wait(minutes=45, seconds=16).do(c.StopPump(MK))
    assert heard(session) == "Return 0."  # what has begun is said to its end
    assert session.wanted.voice and session.wanted.voice.then is None
    session.wait(minutes=4)
    assert (heard(session), session.view.words) == (None, None)
    session.do(c.RunPump(MK)).wait(seconds=11)
    assert session.view.words == "Return 1, only written."


def test_nothing_is_said_of_a_return_begun_in_a_hold_until_the_pump_runs() -> None:
    session = infusing().wait(minutes=5).do(c.StopPump(MK)).wait(seconds=7).do(c.GoToReturn(MK))
    session.wait(minutes=5)
    assert spoken(session.now) == ()
    session.do(c.RunPump(MK)).wait(seconds=15)
    assert session.view.words == "Return 0."


def test_music_alone_has_no_script_but_the_line_of_a_call() -> None:
    session = infusing(Mode.MUSIC).wait(minutes=1)
    assert spoken(session.now) == ()
    session.do(c.Call())
    assert session.wanted.voice and session.wanted.voice.begins == session.t + LEAD
    assert heard(session.wait(seconds=LEAD + 5)) == "Your call is showing."
    assert heard(session.wait(seconds=1)) is None


def test_a_call_is_spoken_over_everything_and_its_words_stand_on_its_own_screen() -> None:
    session = settling().wait(seconds=15).do(c.Call())
    assert (heard(session), session.view.words) == ("Your call is showing.", None)
    session.wait(seconds=10)
    assert heard(session) is None
    session.wait(seconds=47).do(c.AnswerCall(TILE))
    assert heard(session) == "Settle 1."


def test_the_end_of_a_line_is_a_moment_to_look_again() -> None:
    called = infusing(Mode.MUSIC).do(c.Call())
    assert next_change(called.state, called.t + 5.0) == called.t + LEAD + 6.0
    anchored = infusing(Mode.MUSIC).do(c.SayAnchor(0, MK))
    moments = [anchored.t]
    for _ in range(3):
        moments.append(next_change(anchored.state, moments[-1]) or 0.0)
    assert [moment - anchored.t for moment in moments] == [0.0, LEAD, LEAD + 4.0, LEAD + 8.0]


def test_an_anchor_line_is_refused_where_nobody_would_hear_or_read_it() -> None:
    assert infusing(Mode.SILENCE).refusal(c.SayAnchor(0, MK)) is Why.NOT_NOW
    assert prepared().refusal(c.SayAnchor(0, MK)) is Why.NOT_NOW
    assert infusing().do(c.Call()).refusal(c.SayAnchor(0, MK)) is Why.NOT_NOW
    assert infusing().refusal(c.SayAnchor(1, MK)) is Why.NO_SUCH_THING
    unread = infusing(words_on_screen=False, anchors=(Cue("You are here.", 3.0, 3.0),))
    assert unread.refusal(c.SayAnchor(0, MK)) is Why.NOT_NOW
    deaf = infusing(words_on_screen=False).do(c.SwitchSound(False))
    assert deaf.refusal(c.SayAnchor(0, MK)) is Why.NOT_NOW


def test_no_words_stand_on_a_screen_that_is_to_have_none() -> None:
    session = settling(words_on_screen=False).wait(seconds=15)
    assert (heard(session), session.view.words) == ("Settle 0.", None)


def test_another_script_begins_anew_and_the_same_one_goes_on() -> None:
    session = settling().wait(seconds=90).do(c.ChangeScript(SCRIPT, MK))
    assert not session.of(e.ScriptChanged)
    session.do(c.ChangeScript(replace(SCRIPT, title="Another"), MK))
    assert spoken(session.now)[0].begins == session.t + LEAD
    assert session.view.script == "Another"
    session.do(c.ChangeScript(None, MK))
    assert (spoken(session.now), session.view.script) == ((), None)


def test_the_voice_pauses_for_the_questions() -> None:
    session = infusing().wait(minutes=45).do(c.OpenRating(MK)).wait(seconds=15)
    assert spoken(session.now) == ()


def test_tracks_and_the_loss_of_sound_are_told_once() -> None:
    session = infusing().do(c.ReportTrack("Shore"), c.ReportTrack("Shore"))
    assert (session.view.playing, len(session.of(e.TrackStarted))) == ("Shore", 1)
    session.do(c.ReportSoundReturned("Headphones"), c.ReportSoundLost("gone"))
    session.do(c.ReportSoundLost("gone"), c.ReportTrackFailed("Swell", "no such file"))
    assert session.view.sound_lost == "gone"
    session.do(c.ReportSoundReturned("Headphones"))
    assert session.view.sound_lost is None
    kinds = (e.SoundLost, e.SoundReturned, e.TrackFailed)
    assert [len(session.of(kind)) for kind in kinds] == [1, 1, 1]


def test_a_short_protocol_leaves_room_before_its_first_word() -> None:
    session = settling(protocol=replace(STANDARD, settle=20.0))
    assert spoken(session.now)[0].begins == session.t + 5.0
    assert plan().protocol.length(Phase.SETTLE) == 300.0
