"""The questions that a nurse answers with one more tap, each leading back to her view."""

from collections.abc import Callable, Iterable
from typing import Any

from companion.session import commands as c
from companion.session.events import By
from companion.session.plan import Mode, Script, same_language
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.pages import Choice

_MINUTES = (0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60)


def to_nurse(screen: UnlockedScreen) -> None:
    """Show the nurse view again."""
    from companion.ui.screens.nurse import NurseScreen

    screen.go_to(NurseScreen(screen.unlocked))


def ask_note(screen: UnlockedScreen) -> None:
    """What happened?"""
    notes = () if screen.view is None else screen.view.notes
    by = screen.unlocked.by
    choices = (Choice(note, note) for note in notes)
    _ask(screen, screen.staff_words.ask_note, choices, lambda note: c.Note(note, by))


def ask_who_is_here(screen: UnlockedScreen) -> None:
    """Who came to the call?"""
    staff = screen.companion.desk.staff
    choices = (Choice(person.initials, person.initials) for person in staff)
    _ask(screen, screen.staff_words.who_is_it, choices, lambda who: c.AnswerCall(By(who)))


def ask_ended(screen: UnlockedScreen) -> None:
    """When did the infusion end?"""
    words, by = screen.staff_words, screen.unlocked.by
    choices = (
        Choice(words.minutes_ago.format(minutes=minutes) if minutes else words.now, minutes)
        for minutes in _MINUTES
    )
    _ask(screen, words.ask_ended, choices, lambda ago: c.EndInfusion(by, ago=60.0 * ago))


def ask_anchor(screen: UnlockedScreen) -> None:
    """Which line is to be said?"""
    anchors = () if screen.view is None else screen.view.anchors
    by = screen.unlocked.by
    choices = (Choice(say, index) for index, say in enumerate(anchors))
    _ask(screen, screen.staff_words.ask_anchor, choices, lambda index: c.SayAnchor(index, by))


def ask_music(screen: UnlockedScreen) -> None:
    """Which music from now on?"""
    companion, by = screen.companion, screen.unlocked.by
    content, plan = companion.desk.content, companion.conductor.plan
    if content is None or plan is None:
        screen.say(screen.staff_words.no_content)
        return
    protocol = plan.protocol
    choices = (
        Choice(playlist.title, stem, chosen=stem == plan.playlist.stem)
        for stem, playlist in content.library.playlists.items()
    )
    _ask(
        screen,
        screen.staff_words.ask_music,
        choices,
        lambda stem: c.ChangePlaylist(companion.desk.playlist(stem, protocol), by),
    )


def ask_voice(screen: UnlockedScreen) -> None:
    """Which words of the session's language from now on, or none?"""
    words, companion, by = screen.staff_words, screen.companion, screen.unlocked.by
    content, plan = companion.desk.content, companion.conductor.plan
    if content is None or plan is None:
        screen.say(words.no_content)
        return
    scripts = content.library.scripts.values()
    spoken = (script for script in scripts if same_language(script.language, plan.language))
    offered: list[Script | None] = [*spoken, None]
    choices = (
        Choice(script.title if script else words.no_voice, script, chosen=script == plan.script)
        for script in offered
    )
    _ask(screen, words.ask_voice, choices, lambda script: c.ChangeScript(script, by))


def ask_mode(screen: UnlockedScreen) -> None:
    """Music and voice, music, or silence?"""
    words, by = screen.staff_words, screen.unlocked.by
    now = None if screen.view is None else screen.view.mode
    choices = (Choice(words.modes[mode], mode, chosen=mode is now) for mode in Mode)
    _ask(screen, words.ask_mode, choices, lambda mode: c.ChooseMode(mode, by))


def _ask(
    screen: UnlockedScreen,
    question: str,
    choices: Iterable[Choice],
    command: Callable[[Any], c.Command],
) -> None:
    async def chosen(value: Any) -> str | None:
        refused = await screen.companion.conductor.handle(command(value))
        if refused is not None:
            return screen.staff_words.refused[refused.why]
        to_nurse(screen)
        return None

    back = lambda: to_nurse(screen)  # noqa: E731
    screen.go_to(ChoiceScreen(screen.unlocked, question, choices, chosen, back))
