"""The battery: plug in, then the sound ends softly, and mains bring it back."""

import pytest
from session_given import infusing, prepared, recovering, settling

from companion.session import commands as c
from companion.session import events as e
from companion.session.plan import Mode
from companion.session.state import Stage
from companion.session.view import Word


def battery(percent: int) -> c.ReportPower:
    return c.ReportPower(percent, on_mains=False)


MAINS = c.ReportPower(12, on_mains=True)


def test_below_thirty_per_cent_it_asks_to_be_plugged_in() -> None:
    session = infusing().do(battery(30))
    assert (session.view.word, session.view.battery) == (Word.OK, None)
    session.do(battery(29))
    assert (session.view.word, session.view.battery) == (Word.PLUG_IN, 29)
    assert session.wanted.music is not None
    session.do(MAINS)
    assert (session.view.word, session.view.battery) == (Word.OK, None)


def test_a_low_battery_is_told_again_when_it_has_fallen_by_five() -> None:
    session = infusing()
    for percent in range(40, 4, -1):
        session.do(battery(percent))
    assert [event.percent for event in session.of(e.BatteryLow)] == [29, 24, 19, 14, 9]
    assert [type(event) for event in session.view.told].count(e.BatteryLow) == 1


@pytest.mark.parametrize("percent", [4, 1, 0])
def test_at_four_per_cent_the_sound_goes_before_the_tablet_does(percent: int) -> None:
    session = infusing().do(battery(percent))
    assert session.of(e.BatteryEmpty) == [e.BatteryEmpty(at=session.t, percent=percent)]
    assert (session.view.word, session.view.battery_empty) == (Word.NO_SOUND, True)
    wanted = session.wanted
    assert (wanted.music, wanted.voice, wanted.on) == (None, None, True)
    assert wanted.fade >= 8.0


def test_only_mains_bring_it_back() -> None:
    """A battery that rests a little shows a per cent more, and dies all the same."""
    session = infusing().do(battery(4), battery(6), battery(4), battery(31))
    assert session.wanted.music is None
    assert len(session.of(e.BatteryEmpty)) == 1
    session.do(MAINS)
    assert session.wanted.music is not None
    assert session.of(e.MainsReturned) == [e.MainsReturned(at=session.t)]
    session.do(battery(12))
    assert session.view.word is Word.PLUG_IN


def test_a_tablet_without_a_battery_never_asks() -> None:
    session = infusing().do(c.ReportPower(None, on_mains=True), c.ReportPower(None, on_mains=False))
    assert session.of(e.BatteryLow) == session.of(e.MainsReturned) == []


@pytest.mark.parametrize(
    "session", [prepared(), settling(), recovering(), settling(Mode.SILENCE)], ids=range(4)
)
def test_it_ends_no_session_and_hides_no_call(session) -> None:  # type: ignore[no-untyped-def]
    stage = session.now.stage
    session.do(battery(3), c.Call())
    assert session.now.stage is stage is not Stage.READY
    assert session.view.word is Word.CALL
