"""Plug in: for whoever looks, also at rest, in words."""

from pathlib import Path

import pytest
from staff_stage import WORDS, clinic_stage, nurse_view
from ui_stage import SIZES, visible

from companion.session import commands as c
from companion.session.events import By
from companion.session.view import Place
from companion.ui.widgets.big_letters import BigLetters


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_stands_on_the_resting_screen_and_in_the_nurse_view(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with clinic_stage(tmp_path, size) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.LookIn(By("JS")), c.ReportPower(21, on_mains=False))
        await stage.pass_time(21.0)
        assert stage.screen.resting
        state = stage.screen.query_one("#state", BigLetters)
        assert (state.text, visible(state)) == ("PLUG IN", True)
        await nurse_view(stage)
        assert stage.shows(WORDS.plug_in.format(percent=21))
        await stage.do(c.ReportPower(4, on_mains=False))
        assert stage.shows("no sound: battery 4 %")
        await stage.do(c.ReportPower(5, on_mains=True))
        assert stage.view.word == "OK"
