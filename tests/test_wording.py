"""What the clinic says to a patient in another language: taken, checked, and missed where it is
not written."""

from pathlib import Path

import pytest
from library_home import CONFIG, SCRIPT, config_of, config_problems, make_home, sine, write

from companion.config import Card, Spoken
from companion.config_loading import load_config
from companion.library.check import Library, load_library
from companion.library.resolve import plan_for
from companion.problems import BadContent, Problem
from companion.session.plan import Plan, Question

SPANISH = """\
languages:
  es:
    questions:
      mood: {text: ¿Cómo está su ánimo?, low: bajo, high: alto}
    anchors:
      - {say: Está aquí., sound: spoken/es/here.wav}
    call_line: {say: Su llamada se ve., sound: spoken/es/call.wav}
    reminders: [Quédese en el sillón.]
"""
WORDS = SCRIPT.replace("language: en", "language: es").replace("title: Words", "title: Palabras")


def home_of(folder: Path, config: str = CONFIG + SPANISH) -> Path:
    """A home with a script in English and one in Spanish."""
    home = make_home(folder, config=config)
    write(home / "scripts_guided/palabras.yaml", WORDS)
    for name in ("here", "call"):
        sine(home / f"scripts_guided/spoken/es/{name}.wav", 1.0)
    return home


def library_of(home: Path) -> Library:
    return load_library(home, load_config(home / "config.yaml"))


def plan_of(home: Path, script: str | None, language: str) -> Plan:
    card = Card("short", "calm", script, language)
    return plan_for(load_config(home / "config.yaml"), library_of(home), card)


def advice_of(home: Path) -> dict[str, Problem]:
    """What is worth a look in config.yaml, by its path."""
    return {one.path: one for one in library_of(home).advice if one.file == "config.yaml"}


# --- what a session gets -------------------------------------------------------------------------


def test_a_session_has_the_wording_of_its_language(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    spanish, english = plan_of(home, "palabras", "es"), plan_of(home, "words", "en")
    assert spanish.before == (Question("mood", "¿Cómo está su ánimo?", "bajo", "alto"),)
    assert spanish.after == spanish.before
    assert [(cue.say, cue.clip) for cue in (*spanish.anchors, spanish.call_line)] == [
        ("Está aquí.", "spoken/es/here.wav"),
        ("Su llamada se ve.", "spoken/es/call.wav"),
    ]
    assert spanish.reminders == ("Quédese en el sillón.",)
    assert (spanish.language, spanish.reaches) == ("es", "solo esta pantalla")
    assert english.before[0].text == "How is your mood?"
    assert english.call_line.clip == "spoken/call.wav"
    assert (english.reminders, english.reaches) == (("Stay in the chair.",), "this screen only")
    assert plan_of(home, "palabras", "es-MX").before == spanish.before


def test_what_is_not_written_is_said_in_the_clinic_s_own_language(tmp_path: Path) -> None:
    only = "languages: {es: {reminders: [Quédese en el sillón.]}}\n"
    plan = plan_of(home_of(tmp_path, CONFIG + only), None, "es")
    assert plan.before[0].text == "How is your mood?"
    assert plan.call_line.say == "Your call is showing."
    assert [cue.say for cue in plan.anchors] == ["You are here."]
    assert plan.reminders == ("Quédese en el sillón.",)


def test_whom_a_call_reaches_is_told_in_the_language_of_the_session(tmp_path: Path) -> None:
    calls = (
        "calls:\n  command: {run: [page], reaches: the pager}\n"
        "  webhook: {url: 'https://desk.example', reaches: the desk}\n"
    )
    named = SPANISH + "    reaches: {command: el busca, webhook: la recepción}\n"
    home = home_of(tmp_path, CONFIG + calls + named)
    assert plan_of(home, None, "es").reaches == "esta pantalla, el busca, la recepción"
    assert plan_of(home, None, "en").reaches == "this screen and the pager and the desk"


def test_a_script_of_another_language_is_not_for_this_session(tmp_path: Path) -> None:
    with pytest.raises(BadContent) as bad:
        plan_of(home_of(tmp_path), "words", "es")
    (problem,) = bad.value.problems
    assert problem.message == "'words' speaks en, and the session es"


def test_a_new_card_may_be_in_another_language(tmp_path: Path) -> None:
    usual = CONFIG.replace("script: words}", "script: palabras, language: es}")
    assert config_of(tmp_path, usual + SPANISH).usual == Card("short", "calm", "palabras", "es")
    assert config_of(tmp_path, CONFIG).usual.language == "en"


# --- what is wrong with it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "path", "message", "hint"),
    [
        ("mood: {text: ¿", "mod: {text: ¿", "languages.es.questions.mod", "not the key", "'mood'"),
        ("  es:", "  en:", "languages.en", "is written already, as en", "keep one"),
        ("  es:", "  es-ES: {}\n  es:", "languages.es", "is written already, as es-ES", "keep"),
        ("  es:", "  Spanish:", "languages.Spanish", "expected a language such as en or de", ""),
        ("reminders: [", "remind: [", "languages.es.remind", "is not a key here", "'reminders'"),
        (", low: bajo", "", "languages.es.questions.mood.low", "is missing", ""),
        ("call_line: {say:", "call_line: {sy:", "languages.es.call_line.say", "is missing", ""),
        ("reminders: [Q", "reminders: ['', Q", "languages.es.reminders[0]", "is empty", ""),
    ],
)
def test_a_mistake_in_it_is_told_with_its_place(
    tmp_path: Path, *, old: str, new: str, path: str, message: str, hint: str
) -> None:
    assert SPANISH.count(old) == 1, old
    text = CONFIG + SPANISH.replace(old, new)
    found = {problem.path: problem for problem in config_problems(tmp_path, text)}
    assert message in found[path].message and hint in found[path].hint
    assert found[path].line > CONFIG.count("\n")


def test_a_recording_that_is_not_there_is_a_mistake_and_the_words_stay(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    (home / "scripts_guided/spoken/es/here.wav").unlink()
    (problem,) = library_of(home).problems
    assert problem.path == "languages.es.anchors[0].sound" and problem.line > 0
    assert plan_of(home, None, "es").anchors[0].say == "Está aquí."


# --- what is worth a look ------------------------------------------------------------------------


def test_whole_wording_needs_no_look(tmp_path: Path) -> None:
    assert advice_of(home_of(tmp_path)) == {}


def test_every_gap_is_named_with_its_place(tmp_path: Path) -> None:
    calls = "calls: {command: {run: [page], reaches: the pager}}\n"
    text = CONFIG + calls + "languages:\n  es:\n    anchors: [{say: Aquí.}, {say: Ahí.}]\n"
    advice = advice_of(home_of(tmp_path, text))
    told = "is not written in es; a patient would get it in en"
    paths = ("questions.mood", "call_line", "reminders", "reaches.command")
    for path in paths:
        assert advice[f"languages.es.{path}"].message == told
        assert (
            advice[f"languages.es.{path}"].line
            == text[: text.index("anchors: [{say: A")].count("\n") + 1
        )
    anchors = advice["languages.es.anchors"]
    assert anchors.message == "has 2, and there are 1 in en"
    assert len(advice) == len(paths) + 1


def test_a_language_that_only_scripts_speak_is_named_too(tmp_path: Path) -> None:
    advice = advice_of(home_of(tmp_path / "es", CONFIG))
    assert list(advice) == ["languages.es"] and advice["languages.es"].line == 1
    home = home_of(tmp_path / "de")
    write(home / "scripts_guided/worte.yaml", SCRIPT.replace("language: en", "language: de"))
    messages = [one.message for one in library_of(home).advice if one.path == "languages.de"]
    assert messages == [
        "the screens do not speak de; they would be in English",
        "is not written in de; a patient would get it in en",
    ]
    own = advice_of(home_of(tmp_path / "own", CONFIG.replace("language: en", "language: fr")))
    assert own["language"].message.startswith("the screens do not speak fr")


def test_a_usual_script_of_another_language_is_worth_a_look(tmp_path: Path) -> None:
    usual = CONFIG.replace("script: words}", "script: palabras}")
    (problem,) = advice_of(home_of(tmp_path, usual + SPANISH)).values()
    assert problem.path == "usual.script"
    assert problem.message == "'palabras' speaks es, and a new card en"


def test_the_shipped_spanish_says_all_that_the_english_says() -> None:
    config = load_config(Path(__file__).parents[1] / "config.yaml")
    spanish, english = config.worded("es"), config
    assert spanish.questions.keys() == english.questions.keys()
    for key, asked in english.questions.items():
        said = spanish.questions[key]
        assert len({asked.text, asked.low, asked.high, said.text, said.low, said.high}) == 6, key
    assert len(spanish.anchors) == len(english.anchors) == 3
    assert not {line.say for line in spanish.anchors} & {line.say for line in english.anchors}
    assert len(spanish.reminders) == len(english.reminders)
    assert not set(spanish.reminders) & set(english.reminders)
    assert isinstance(spanish.call_line, Spoken) and spanish.call_line != english.call_line
