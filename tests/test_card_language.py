"""The language on the card, and the voice that goes with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from cells import text
from spanish_props import TITLE, bilingual_clinic, spanish_plan
from staff_stage import LEAD, WORDS, nurse_view, tap
from ui_stage import on_stage

from companion.config import Card
from companion.config_loading import load_config
from companion.desk import Content
from companion.library.check import load_library
from companion.session import events as e
from companion.session.view import Place
from companion.ui.card_choices import On, stepped, told, usual
from companion.ui.screens.card import CardScreen

ENGLISH = Card("standard-40", "tidewater", "the-quiet-shore", "en")
SPANISH = replace(ENGLISH, script="la-orilla", language="es")


def content_of(home: Path) -> Content:
    config = load_config(home / "config.yaml")
    return Content(config, load_library(home, config))


@pytest.fixture
def content(tmp_path: Path) -> Content:
    home = bilingual_clinic(tmp_path)
    second = (home / "scripts_guided" / "the-quiet-shore.yaml").read_text()
    (home / "scripts_guided" / "arriving.yaml").write_text(second.replace("Quiet", "Other"))
    return content_of(home)


def test_another_language_brings_a_voice_of_its_own_and_goes_back_to_the_usual_one(
    content: Content,
) -> None:
    assert usual(content) == ENGLISH
    spanish = stepped(content, ENGLISH, On.LANGUAGE)
    assert spanish == SPANISH
    assert told(content, spanish, WORDS)[On.LANGUAGE].label == "Español"
    assert told(content, spanish, WORDS)[On.SCRIPT].label == TITLE
    assert stepped(content, spanish, On.LANGUAGE) == ENGLISH, "not the first one, `arriving`"


def test_no_voice_stays_no_voice_in_any_language(content: Content) -> None:
    silent = replace(ENGLISH, script=None)
    assert stepped(content, silent, On.LANGUAGE) == replace(SPANISH, script=None)


def test_only_voices_of_the_language_are_offered(content: Content) -> None:
    def around(card: Card) -> list[str | None]:
        found = []
        while (card := stepped(content, card, On.SCRIPT)).script not in found:
            found.append(card.script)
        return found

    assert set(around(ENGLISH)) == {"the-quiet-shore", "arriving", None}
    assert set(around(SPANISH)) == {"la-orilla", None}


def test_a_language_with_wording_and_no_script_is_offered_without_a_voice(tmp_path: Path) -> None:
    home = bilingual_clinic(tmp_path)
    (home / "scripts_guided" / "la-orilla.yaml").unlink()
    content = content_of(home)
    spanish = stepped(content, ENGLISH, On.LANGUAGE)
    assert (spanish.language, spanish.script) == ("es", None)
    assert told(content, spanish, WORDS)[On.SCRIPT].label == WORDS.no_voice


def test_a_region_is_no_language_of_its_own(tmp_path: Path) -> None:
    home = bilingual_clinic(tmp_path)
    script = home / "scripts_guided" / "la-orilla.yaml"
    script.write_text(script.read_text().replace("language: es", "language: es-MX"))
    content = content_of(home)
    spanish = stepped(content, ENGLISH, On.LANGUAGE)
    assert (spanish.language, spanish.script) == ("es", "la-orilla")
    assert stepped(content, spanish, On.LANGUAGE).language == "en"
    mexican = replace(spanish, language="es-MX")
    assert told(content, mexican, WORDS)[On.LANGUAGE].label == "Español"
    assert stepped(content, mexican, On.LANGUAGE).language == "en"
    unknown = replace(spanish, language="nl", script=None)
    assert told(content, unknown, WORDS)[On.LANGUAGE].label == "nl"


def test_a_usual_voice_of_another_language_gives_way(tmp_path: Path) -> None:
    home = bilingual_clinic(tmp_path)
    config = home / "config.yaml"
    preset = "  language: es\n  eyes_covered"
    config.write_text(config.read_text().replace("  eyes_covered", preset, 1))
    config.write_text(config.read_text().replace("  language:    ", "  # ", 1))
    assert usual(content_of(home)) == SPANISH


async def test_the_nurse_sees_what_she_chose(tmp_path: Path) -> None:
    async with on_stage(bilingual_clinic(tmp_path)) as stage:
        await stage.desk.load()
        stage.app.open_staff(CardScreen(LEAD))
        await stage.settle()
        assert "The Quiet Shore" in text(stage.app)
        await tap(stage, "English")
        assert {"Español", TITLE} <= set(stage.labels())
        await tap(stage, TITLE)
        assert WORDS.no_voice in stage.labels()
        await tap(stage, WORDS.give)
        await stage.until(lambda: bool(stage.keeping.of(e.SessionPrepared)))
        assert stage.keeping.of(e.SessionPrepared)[0].plan.language == "es"


async def test_during_a_session_the_other_voices_are_of_its_language(tmp_path: Path) -> None:
    async with on_stage(bilingual_clinic(tmp_path)) as stage:
        await stage.desk.load()
        await stage.go_to(Place.SESSION, spanish_plan())
        await nurse_view(stage)
        await tap(stage, WORDS.more)
        while WORDS.change_voice not in stage.labels():
            await tap(stage, WORDS.more)
        await tap(stage, WORDS.change_voice)
        assert TITLE in stage.labels() and WORDS.no_voice in stage.labels()
        assert "The Quiet Shore" not in stage.labels()
