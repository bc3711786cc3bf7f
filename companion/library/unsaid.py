"""What a patient whose session is in another language would still get in the clinic's own."""

from collections.abc import Iterable, Iterator, Sequence, Sized

from companion.config import Config
from companion.library.reading import Location
from companion.problems import Problem
from companion.session.plan import Script, same_language
from companion.words import has_patient_words


def unsaid(config: Config, scripts: Sequence[Script]) -> Iterator[Problem]:
    """What is not written in a language that a session can have; each is worth a look."""
    yield from _usual_script(config, scripts)
    for code in _languages(config, (script.language for script in scripts)):
        own = same_language(code, config.language)
        if not has_patient_words(code):
            told = f"the screens do not speak {code}; they would be in English"
            yield config.problem(("language",) if own else ("languages", code), told)
        if not own:
            yield from _gaps(config, code)


def _usual_script(config: Config, scripts: Sequence[Script]) -> Iterator[Problem]:
    usual = config.usual
    script = next((one for one in scripts if one.stem == usual.script), None)
    if script and not same_language(script.language, usual.language):
        told = f"{script.stem!r} speaks {script.language}, and a new card {usual.language}"
        yield config.problem(("usual", "script"), told, "a new card takes another, or none")


def _languages(config: Config, spoken: Iterable[str]) -> list[str]:
    """Every language that a session can have, each once."""
    found: list[str] = []
    for code in (config.language, *config.languages, config.usual.language, *spoken):
        if not any(same_language(code, one) for one in found):
            found.append(code)
    return found


def _gaps(config: Config, code: str) -> Iterator[Problem]:
    said, where = config.wording(code), ("languages", code)
    if said is None:
        yield _missing(config, where)
        return
    for key in dict.fromkeys(asked.key for asked in (*config.before, *config.after)):
        if key not in said.questions:
            yield _missing(config, (*where, "questions", key))
    yield from _list(config, (*where, "anchors"), said.anchors, config.anchors)
    if said.call_line is None:
        yield _missing(config, (*where, "call_line"))
    yield from _list(config, (*where, "reminders"), said.reminders, config.reminders)
    for channel in config.calls.named:
        if channel not in said.reaches:
            yield _missing(config, (*where, "reaches", channel))


def _list(config: Config, where: Location, said: Sized, own: Sized) -> Iterator[Problem]:
    """A list is taken as it stands, so another number of sentences may be a forgotten one."""
    if len(own) and not len(said):
        yield _missing(config, where)
    elif len(said) != len(own):
        told = f"has {len(said)}, and there are {len(own)} in {config.language}"
        yield config.problem(where, told)


def _missing(config: Config, where: Location) -> Problem:
    told = f"is not written in {where[1]}; a patient would get it in {config.language}"
    return config.problem(where, told)
