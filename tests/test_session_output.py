"""Where the sound may leave the tablet, and what the tablet's own volume does to it."""

import pytest
from session_given import MK, TILE, Session, infusing, prepared, recovering, settling

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Why
from companion.session.view import Offer, Word


def with_headphones() -> Session:
    """An infusion with headphones on; somebody has just looked in."""
    return infusing().do(c.ReportOutput("Headphones"), c.LookIn(TILE))


def unplugged() -> Session:
    """Their plug was pulled out."""
    return with_headphones().do(c.ReportOutput("Speaker"))


# --- the output agreed to ------------------------------------------------------------------------


def test_until_one_is_known_any_output_will_do() -> None:
    session = infusing()
    assert session.wanted.output == ""
    session.do(c.ReportOutput(""))
    assert not session.of(e.OutputNoted)
    session.do(c.ReportOutput("Headphones"), c.ReportOutput("Headphones"))
    assert session.of(e.OutputNoted) == [e.OutputNoted(at=session.t, output="Headphones")]
    assert session.wanted.output == "Headphones"


@pytest.mark.parametrize("answers", [(), (c.AnswerHearing(False),)])
def test_until_the_patient_hears_it_the_sound_may_move(answers: tuple[c.Command, ...]) -> None:
    session = prepared().do(c.ReportOutput("Speaker"), *answers, c.ReportOutput("Headphones"))
    assert (session.wanted.output, session.view.moved_to) == ("Headphones", None)
    assert len(session.of(e.OutputNoted)) == 2


def test_once_she_has_said_that_she_hears_it_the_sound_stays_where_it_is() -> None:
    session = prepared().do(c.ReportOutput("Headphones"), c.AnswerHearing(True))
    session.do(c.ReportOutput("Speaker"))
    assert session.wanted.output == "Headphones"
    assert session.view.moved_to == "Speaker"


def test_a_pulled_plug_is_silence_that_the_nurse_reads_from_afar() -> None:
    session = unplugged()
    assert session.of(e.OutputMoved) == [e.OutputMoved(at=session.t, output="Speaker")]
    assert session.wanted.output == "Headphones"
    assert session.wanted.music is not None
    assert (session.view.word, session.view.moved_to) == (Word.NO_SOUND, "Speaker")
    assert session.view.told[-1] == e.OutputMoved(at=session.t, output="Speaker")
    session.do(c.ReportOutput("Speaker"))
    assert len(session.of(e.OutputMoved)) == 1


def test_a_nurse_lets_the_sound_go_on_elsewhere() -> None:
    session = unplugged()
    assert Offer.ALLOW_OUTPUT in session.view.offers
    assert session.refusal(c.AllowOutput("Speaker", TILE)) is Why.PIN
    session.do(c.AllowOutput("Speaker", MK))
    assert session.of(e.OutputAllowed) == [e.OutputAllowed(at=session.t, output="Speaker", by=MK)]
    assert (session.wanted.output, session.wanted.fade) == ("Speaker", 10.0)
    assert (session.view.word, session.view.moved_to) == (Word.OK, None)
    assert Offer.ALLOW_OUTPUT not in session.view.offers
    session.do(c.ReportOutput("Headphones"))
    assert session.view.moved_to == "Headphones"


def test_she_allows_only_the_output_that_she_read() -> None:
    session = unplugged().do(c.ReportOutput("Television"))
    assert session.view.moved_to == "Television"
    assert session.refusal(c.AllowOutput("Speaker", MK)) is Why.NOT_NOW
    assert with_headphones().refusal(c.AllowOutput("Headphones", MK)) is Why.NOT_NOW


def test_plugged_in_again_the_sound_comes_back_by_itself() -> None:
    session = unplugged().wait(minutes=2).do(c.ReportOutput("Headphones"))
    assert session.of(e.OutputReturned) == [e.OutputReturned(at=session.t, output="Headphones")]
    assert (session.view.word, session.view.moved_to) == (Word.OK, None)
    assert Offer.ALLOW_OUTPUT not in session.view.offers


def test_what_was_agreed_outlasts_the_loss_of_the_sound_and_of_the_tablet() -> None:
    session = with_headphones().do(c.ReportSoundLost("gone")).asleep(minutes=1)
    session.do(c.ReportSoundReturned("Speaker"), c.ReportOutput("Speaker"))
    assert (session.view.sound_lost, session.view.moved_to) == (None, "Speaker")
    assert session.wanted.output == "Headphones"


def test_a_rating_left_for_later_knows_no_output() -> None:
    session = recovering().do(c.ReportOutput("Headphones"), c.PostponeRating(), c.CloseSession(MK))
    session.do(c.OpenRating(MK), c.ReportOutput("Speaker"), c.ReportSystemVolume(0, True))
    assert (session.view.moved_to, session.view.word) == (None, Word.OK)
    assert session.refusal(c.AllowOutput("Speaker", MK)) is Why.NOT_NOW


# --- the tablet's own volume ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "nothing", [c.ReportSystemVolume(60, True), c.ReportSystemVolume(0, False)]
)
def test_a_muted_tablet_is_no_sound_until_it_is_unmuted(nothing: c.Command) -> None:
    session = with_headphones().do(nothing, nothing)
    assert (session.view.word, session.view.muted) == (Word.NO_SOUND, True)
    assert len(session.of(e.SystemMuted)) == 1
    session.do(c.ReportSystemVolume(100, False), c.ReportSystemVolume(100, False))
    assert (session.view.word, session.view.muted) == (Word.OK, False)
    assert len(session.of(e.SystemUnmuted)) == 1
    assert not session.of(e.SystemVolumeChanged)


def test_the_volume_is_told_when_it_changed_enough_since_it_was_told() -> None:
    session = settling()
    for percent in (97, 95, 91, 90, 86, 100, 100):
        session.do(c.ReportSystemVolume(percent, False))
    assert [event.percent for event in session.of(e.SystemVolumeChanged)] == [95, 90, 100]


def test_of_a_volume_that_goes_on_changing_the_nurse_reads_only_the_last() -> None:
    session = settling().do(c.Note("nausea", MK))
    session.do(*(c.ReportSystemVolume(percent, False) for percent in (80, 60, 40)))
    last, before = session.view.told[-1], session.view.told[-2]
    assert last == e.SystemVolumeChanged(at=session.t, percent=40)
    assert isinstance(before, e.Noted)
    session.do(c.Note("nausea", MK), c.ReportSystemVolume(60, False))
    kinds = [type(event) for event in session.view.told[-3:]]
    assert kinds == [e.SystemVolumeChanged, e.Noted, e.SystemVolumeChanged]


def test_a_muted_volume_changes_unheard_and_is_told_afterwards() -> None:
    session = settling().do(c.ReportSystemVolume(50, True))
    assert not session.of(e.SystemVolumeChanged)
    session.do(c.ReportSystemVolume(50, False))
    assert [type(event) for event in session.events[-2:]] == [
        e.SystemUnmuted,
        e.SystemVolumeChanged,
    ]
