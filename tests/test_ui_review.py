"""Reading and accepting by touch: from the first run to a version that its author must leave."""

from pathlib import Path

import pytest
from cells import text
from staff_stage import HEEDED, LEAD, WORDS, clinic_stage, enter, nurse_view, tap
from test_ui_staff_look import _readable, _whole
from ui_stage import MK, PIN, SIZES, Stage

from companion.access import Unlocked
from companion.session import book
from companion.session import events as e
from companion.session.book import Kind, Role
from companion.session.events import By
from companion.session.plan import NO_MUSIC, Mode
from companion.session.view import Place
from companion.ui.screens.problems import ProblemsScreen
from companion.ui.screens.ready import ReadyScreen
from companion.ui.screens.review import ReadingScreen, ReviewScreen
from companion.ui.screens.set_up import FirstScreen

LONG = "".join(
    f"    - say: Sentence {n} is one of many, and you may let each of them pass by as it likes.\n"
    for n in range(30)
)


def to_review(count: int) -> str:
    return WORDS.to_review.format(count=count)


def shown(stage: Stage) -> str:
    return " ".join(text(stage.app).split())


def longer(home: Path) -> None:
    """Write the clinic's script anew, with thirty more sentences."""
    script = home / "scripts_guided" / "the-quiet-shore.yaml"
    script.write_text(
        "title: The Quiet Shore\nlanguage: en\nauthor: the clinic\nparts:\n  settle:\n"
        "    - {say: Let the chair carry you. There is nothing to hold up., pause: 8s}\n" + LONG
    )


async def read_anew(stage: Stage) -> None:
    await stage.desk.load()
    stage.app.tick()
    await stage.settle()
    stage.clock.advance(HEEDED)


async def test_the_first_run_leads_through_reading_what_is_shipped(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path, names=(), accepted=False) as stage:
        await stage.until(lambda: stage.screen_name() == "SetUpScreen")
        await tap(stage, WORDS.begin, "L", "N", WORDS.done, *PIN, *PIN)
        await stage.until(lambda: stage.screen_name() == "FirstScreen")
        await tap(stage, WORDS.read_shipped)
        await enter(stage)
        await tap(stage, "The Quiet Shore")
        await stage.until(lambda: "There is nothing to hold up." in shown(stage))
        await tap(stage, WORDS.review.accept)
        await stage.until(lambda: stage.screen_name() == "ReviewScreen")
        await stage.settle()
        assert WORDS.review.accepted.format(title="The Quiet Shore") in shown(stage)
        assert "The Quiet Shore" not in stage.labels()
        await tap(stage, WORDS.review.accept_all)
        assert stage.keeping.of(book.ContentReviewed)[1:] == []
        await tap(stage, WORDS.review.accept_all_sure)
        await stage.until(lambda: WORDS.review.accepted_all.format(count=2) in shown(stage))
        await tap(stage, WORDS.back)
        assert stage.screen_name() == "FirstScreen"
        reviews = stage.keeping.of(book.ContentReviewed)
        assert {(one.version.stem, one.by) for one in reviews} == {
            ("the-quiet-shore", By("LN", confirmed=True)),
            ("tidewater", By("LN", confirmed=True)),
            ("ember", By("LN", confirmed=True)),
        }
        content = stage.desk.content
        assert content is not None
        assert set(content.library.playlists) == {"tidewater", "ember"}


async def test_a_clinic_that_left_it_for_later_can_still_do_a_silent_session(
    tmp_path: Path,
) -> None:
    async with clinic_stage(tmp_path, accepted=False) as stage:
        assert "No music is accepted yet, so sessions are silent" in shown(stage)
        assert WORDS.waits_to_be_read.format(count=3) in shown(stage)
        await tap(stage, "MK")
        await enter(stage)
        assert {WORDS.no_music, WORDS.no_voice} <= set(stage.labels())
        await tap(stage, WORDS.no_music, WORDS.no_voice, WORDS.give)
        await stage.until(lambda: stage.conductor.view is not None)
        assert stage.view.place is Place.QUESTION
        assert stage.view.mode is Mode.SILENCE
        (prepared,) = stage.keeping.of(e.SessionPrepared)
        assert (prepared.plan.playlist, prepared.plan.script) == (NO_MUSIC, None)
        await nurse_view(stage)
        assert WORDS.modes["silence"] in shown(stage)


async def test_what_was_changed_is_marked_read_to_its_end_and_then_accepted(
    tmp_path: Path,
) -> None:
    async with clinic_stage(tmp_path) as stage:
        assert to_review(0) not in shown(stage)
        longer(tmp_path)
        await read_anew(stage)
        content = stage.desk.content
        assert content is not None
        assert len(content.library.scripts["the-quiet-shore"].settle) == 1
        await tap(stage, to_review(1), "MK")
        await enter(stage)
        await tap(stage, "The Quiet Shore")
        await stage.until(lambda: "new: Sentence 0 is one of many" in shown(stage))
        assert "new: Let the chair carry you" not in shown(stage)
        assert "accepted by MK on" in shown(stage)
        read = []
        while WORDS.next_page in stage.labels():
            assert WORDS.review.accept not in stage.labels()
            read.append(shown(stage))
            await tap(stage, WORDS.next_page)
        read.append(shown(stage))
        for number in range(30):
            assert sum(f"Sentence {number} is one of many" in page for page in read) >= 1
        await stage.resize((64, 20))
        narrow = WORDS.review.page_of.format(page=len(read), pages=len(read) + 1)
        await stage.until(lambda: narrow in shown(stage))
        assert WORDS.review.accept in stage.labels()
        await stage.resize((80, 24))
        await tap(stage, WORDS.page_before, WORDS.review.accept)
        await stage.until(lambda: stage.screen_name() == "ReviewScreen")
        assert len(content.library.scripts["the-quiet-shore"].settle) == 1
        content = stage.desk.content
        assert content is not None
        assert len(content.library.scripts["the-quiet-shore"].settle) == 31


async def test_its_author_leaves_it_to_somebody_else_or_says_why(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path, names=("MK", "JS")) as stage:
        await stage.desk.staffing.change_role("JS", Role.CURATOR, MK)
        longer(tmp_path)
        await stage.desk.review.authored(Kind.SCRIPT, "the-quiet-shore", MK)
        stage.app.open_staff(ReviewScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        await tap(stage, WORDS.review.accept_all, WORDS.review.accept_all_sure)
        await stage.until(lambda: WORDS.review.refused["author"] in shown(stage))
        assert "0 accepted." in shown(stage)
        await stage.desk.staffing.remove("JS", MK)
        await tap(stage, "The Quiet Shore")
        await stage.until(lambda: WORDS.next_page in stage.labels())
        while WORDS.next_page in stage.labels():
            await tap(stage, WORDS.next_page)
        await tap(stage, WORDS.review.accept)
        await stage.until(lambda: stage.screen_name() == "ChoiceScreen")
        await stage.settle()
        assert stage.keeping.of(book.ContentReviewed) == []
        await tap(stage, WORDS.review.reasons["alone"])
        await stage.until(lambda: stage.screen_name() == "ReviewScreen")
        (one,) = stage.keeping.of(book.ContentReviewed)
        assert (one.by, one.reason) == (MK, WORDS.review.reasons["alone"])


async def test_a_nurse_does_not_come_this_far(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path, accepted=False) as stage:
        await tap(stage, to_review(3), "JS")
        await tap(stage, *PIN)
        await stage.until(lambda: WORDS.not_for_role.format(initials="JS") in shown(stage))
        nurse = Unlocked(By("JS", confirmed=True), Role.NURSE)
        stage.app.open_staff(ReviewScreen(nurse, stage.app.leave_staff))
        await stage.settle()
        await tap(stage, WORDS.review.accept_all, WORDS.review.accept_all_sure)
        await stage.until(lambda: "0 accepted." in shown(stage))
        assert stage.keeping.of(book.ContentReviewed) == []


async def test_what_waits_stands_behind_the_problems(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path, accepted=False) as stage:
        (tmp_path / "playlists" / "ember.yaml").write_text("title: [broken\n")
        await read_anew(stage)
        assert to_review(2) not in stage.labels()
        await tap(stage, WORDS.problems.format(count=len(stage.desk.problems)), to_review(2))
        assert WORDS.reviewing in shown(stage)
        assert stage.screen_name() == "UnlockScreen"


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_screen_is_whole_and_readable(tmp_path: Path, size: tuple[int, int]) -> None:
    async with clinic_stage(tmp_path, size) as stage:
        longer(tmp_path)
        for folder, stem in (("playlists", "ember"), ("playlists", "tidewater")):
            file = tmp_path / folder / f"{stem}.yaml"
            file.write_text(file.read_text().replace("about: ", "about: A longer word. "))
        (tmp_path / "playlists" / "broken.yaml").write_text("title: [")
        await read_anew(stage)
        stage.desk.output, stage.desk.volume = "Built-in Audio Analog Stereo", 70
        (script,) = (one for one in stage.desk.review.waiting if one.kind is Kind.SCRIPT)
        for screen in (
            ReadyScreen(),
            FirstScreen("MK"),
            ReviewScreen(LEAD, stage.app.leave_staff),
            ReviewScreen(LEAD, stage.app.leave_staff, WORDS.review.accepted.format(title="Ember")),
            ReadingScreen(LEAD, script, lambda told: None),
            ProblemsScreen(),
        ):
            stage.app.open_staff(screen)
            await stage.settle()
            if isinstance(screen, ReadingScreen):
                await stage.until(lambda: WORDS.next_page in stage.labels())
                await tap(stage, WORDS.next_page)
                screen.say(WORDS.review.refused["author"])
                await stage.settle()
            _whole(stage, type(screen).__name__, rows_below=0)
            _readable(stage, type(screen).__name__)
