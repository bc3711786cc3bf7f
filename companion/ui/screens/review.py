"""What waits to be read and accepted, and the reading of it. Only a curator or lead comes here."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion import access
from companion.access import Unlocked
from companion.review import review
from companion.review.told import Stands, standing_told, stands, to_be_read
from companion.session.view import View
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.leaves import Leaves
from companion.ui.widgets.pages import Choice, Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words.staff import StaffWords

if TYPE_CHECKING:
    from companion.library.offer import Standing

_READING = 300.0
"""Seconds without a touch after which a screen of reading locks."""


class ReviewScreen(UnlockedScreen):
    """Everything that waits to be read, one tile each; all of it can be accepted at once."""

    def __init__(self, unlocked: Unlocked, back: Callable[[], None], told: str = "") -> None:
        """`told` is what has just been done."""
        super().__init__(unlocked)
        self._back, self._told = back, told
        self._shown: tuple[Standing, ...] | None = None

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(words.review.title, classes="question")
        yield self.saying()
        with Horizontal(classes="choices"):
            yield Pages((), more=words.more)
            with Vertical(classes="side"):
                yield Tile(words.review.accept_all, id="all")
                yield Tile(words.back, weight="quiet", id="back")

    def show(self, view: View | None) -> None:
        self.say(self._told)
        self._write()

    def tend(self) -> None:
        super().tend()
        if self.is_attached:
            self._write()

    def _write(self) -> None:
        """Show what waits, when that has changed: it is read while this screen may stand."""
        desk, words = self.companion.desk, self.staff_words
        waiting = desk.review.waiting
        if waiting == self._shown:
            return
        self._shown = waiting
        self.query_one(Pages).renew(
            Choice(one.title, one, _second(one, desk.review.reviews, words)) for one in waiting
        )
        self.query_one("#all").visible = bool(waiting)
        if not waiting and not self._told:
            unread = words.no_content if desk.problems else words.still_reading
            self.say(unread if desk.content is None else words.review.nothing_to_review)

    @on(Pages.Chosen)
    def _chosen(self, event: Pages.Chosen) -> None:
        self.go_to(ReadingScreen(self.unlocked, event.value, self._again))  # type: ignore[arg-type]

    @on(Tile.Tapped, "#all")
    async def _all(self, event: Tile.Tapped) -> None:
        words = self.staff_words
        if not event.tile.chosen:
            event.tile.chosen, event.tile.label = True, words.review.accept_all_sure
            self.changed()
            return
        desk, accepted, left = self.companion.desk, 0, ""
        for one in self._shown or ():
            assert one.now is not None
            refusal = await desk.review.accept(one.now, self.unlocked.by)
            if refusal is None:
                accepted += 1
            else:
                why = refusal_told(refusal, words)
                left = words.review.not_accepted.format(count="{count}", title=one.title, why=why)
        self._again((left or words.review.accepted_all).replace("{count}", str(accepted)))

    def _again(self, told: str = "") -> None:
        self.go_to(ReviewScreen(self.unlocked, self._back, told))

    @on(Tile.Tapped, "#back")
    def _leave(self) -> None:
        self._back()


class ReadingScreen(UnlockedScreen):
    """One playlist or script to be read page by page; the last page offers to accept it."""

    LOCKS_AFTER = _READING

    def __init__(
        self, unlocked: Unlocked, standing: "Standing", back: Callable[[str], None]
    ) -> None:
        """`back` is told what has been done, or nothing."""
        super().__init__(unlocked)
        self._standing, self._back = standing, back

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        with Horizontal(classes="question"):
            yield Sentence(id="what")
            yield Sentence(id="page")
        yield self.saying()
        yield Leaves(id="leaves")
        with Horizontal(classes="tiles"):
            yield Tile(words.back, weight="quiet", id="back")
            yield Tile(words.page_before, id="before")
            yield Tile(words.next_page, id="next")
            yield Tile(words.review.accept, weight="strong", id="accept")

    def on_mount(self) -> None:
        super().on_mount()
        self.companion.begin(self._read())

    def show(self, view: View | None) -> None:
        desk, words, one = self.companion.desk, self.staff_words, self._standing
        told = standing_told(one, desk.review.reviews, words)
        self.query_one("#what", Sentence).say(f"{one.title} ({words.kinds[one.kind]}): {told}")

    async def _read(self) -> None:
        before, now = await self.companion.desk.review.contents(self._standing)
        if self.is_attached and now is not None:
            self.query_one(Leaves).tell(to_be_read(before, now, self.staff_words))

    @on(Leaves.Turned)
    def _write(self) -> None:
        words, leaves = self.staff_words, self.query_one(Leaves)
        page = words.review.page_of.format(page=leaves.page, pages=leaves.pages)
        self.query_one("#page", Sentence).say(page)
        self.query_one("#before").visible = leaves.page > 1
        self.query_one("#next").visible = leaves.page < leaves.pages
        self.query_one("#accept").visible = leaves.read_to_end

    @on(Tile.Tapped, "#before")
    def _turn_back(self) -> None:
        self.query_one(Leaves).turn(-1)

    @on(Tile.Tapped, "#next")
    def _turn_on(self) -> None:
        self.query_one(Leaves).turn(1)

    @on(Tile.Tapped, "#accept")
    async def _accept(self) -> None:
        words = self.staff_words
        refusal = await self._accepted("")
        if refusal is review.Refusal.REASON:
            reasons = (Choice(reason, reason) for reason in words.review.reasons.values())
            question, back = words.review.ask_reason, lambda: self._back("")
            self.go_to(ChoiceScreen(self.unlocked, question, reasons, self._with_reason, back))
        elif refusal is not None:
            self.say(refusal_told(refusal, words))

    async def _with_reason(self, reason: str) -> str | None:
        refusal = await self._accepted(reason)
        return None if refusal is None else refusal_told(refusal, self.staff_words)

    async def _accepted(self, reason: str) -> access.Refusal | review.Refusal | None:
        version = self._standing.now
        assert version is not None, "only what can be read is read"
        refusal = await self.companion.desk.review.accept(version, self.unlocked.by, reason)
        if refusal is None:
            self._back(self.staff_words.review.accepted.format(title=self._standing.title))
        return refusal

    @on(Tile.Tapped, "#back")
    def _leave(self) -> None:
        self._back("")


def refusal_told(refusal: access.Refusal | review.Refusal, words: StaffWords) -> str:
    """Why a version was not accepted."""
    if isinstance(refusal, review.Refusal):
        return words.review.refused[refusal]
    return words.staff_refused[refusal]


def _second(standing: "Standing", reviews: review.Reviews, words: StaffWords) -> str:
    """Which kind it is, and whether an earlier version of it is on offer."""
    changed = stands(standing, reviews) is Stands.CHANGED
    how = words.review.changed if changed else words.review.not_read_yet
    return f"{words.kinds[standing.kind]}, {how}"
