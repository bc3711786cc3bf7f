"""What the tiles of the card say, and what a tap makes of it: each steps to its next choice."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from companion.desk import Content
from companion.session.plan import same_language
from companion.ui.widgets.pages import Choice
from companion.words.staff import StaffWords

if TYPE_CHECKING:
    from companion.config import Card

_T = TypeVar("_T")


class On(StrEnum):
    """A tile of the card."""

    PROTOCOL = "protocol"
    PLAYLIST = "playlist"
    SCRIPT = "script"
    LANGUAGE = "language"
    EYES_COVERED = "eyes covered"
    WORDS_ON_SCREEN = "words on screen"


def usual(content: Content) -> "Card":
    """The clinic's usual card, with what is not offered left out; without music, no voice."""
    card, library = content.config.usual, content.library
    if not library.playlists:
        return replace(card, playlist="", script=None)
    if card.playlist not in library.playlists:
        card = replace(card, playlist=next(iter(library.playlists)))
    return _with_voice(content, card)


def stepped(content: Content, card: "Card", tile: On) -> "Card":
    """`card` with the next choice on `tile`."""
    config, library = content.config, content.library
    match tile:
        case On.PROTOCOL:
            return replace(card, protocol=_next(tuple(config.protocols), card.protocol))
        case On.PLAYLIST:
            return replace(card, playlist=_next(tuple(library.playlists) or ("",), card.playlist))
        case On.SCRIPT if not card.playlist:
            return card
        case On.SCRIPT:
            return replace(card, script=_next(_scripts(content, card.language), card.script))
        case On.LANGUAGE:
            language = _next(_languages(content), card.language)
            return _with_voice(content, replace(card, language=language))
        case On.EYES_COVERED:
            return replace(card, eyes_covered=not card.eyes_covered)
        case On.WORDS_ON_SCREEN:
            return replace(card, words_on_screen=not card.words_on_screen)


def told(content: Content, card: "Card", words: StaffWords) -> dict[On, Choice]:
    """What each tile says."""
    config, library = content.config, content.library
    script = None if card.script is None else library.scripts[card.script]
    labels = {
        On.PROTOCOL: (config.protocols[card.protocol].title, ""),
        On.PLAYLIST: (library.playlists[card.playlist].title, words.music)
        if card.playlist
        else (words.no_music, ""),
        On.SCRIPT: (words.no_voice, "") if script is None else (script.title, words.voice),
        On.LANGUAGE: (_language_told(card.language, words), words.language),
        On.EYES_COVERED: (words.eyes_covered, words.yes if card.eyes_covered else words.no),
        On.WORDS_ON_SCREEN: (
            words.words_on_screen,
            words.yes if card.words_on_screen else words.no,
        ),
    }
    return {tile: Choice(label, tile, second) for tile, (label, second) in labels.items()}


def _language_told(language: str, words: StaffWords) -> str:
    known = (name for code, name in words.languages.items() if same_language(code, language))
    return next(known, language)


def _with_voice(content: Content, card: "Card") -> "Card":
    """`card` with a script of its language: its own, the clinic's usual one, or the first; none
    where none was chosen or there is none."""
    offered = _scripts(content, card.language)
    if card.script is None or card.script in offered:
        return card
    usual = content.config.usual.script
    return replace(card, script=usual if usual in offered else offered[0])


def _languages(content: Content) -> tuple[str, ...]:
    """What a session can be in: the clinic's language, and those that something is written in."""
    config, scripts = content.config, content.library.scripts.values()
    found: list[str] = []
    for code in (config.language, *config.languages, *(script.language for script in scripts)):
        if not any(same_language(code, one) for one in found):
            found.append(code)
    return tuple(found)


def _scripts(content: Content, language: str) -> tuple[str | None, ...]:
    scripts = content.library.scripts
    return (*(stem for stem in scripts if same_language(scripts[stem].language, language)), None)


def _next(choices: Sequence[_T], now: _T) -> _T:
    """The choice after `now`, round again from the last to the first."""
    return choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0]
