"""`companion script FILE.txt`: a script written as plain text becomes one of the library."""

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from companion.cleaning import clean
from companion.config import Config
from companion.config_loading import load_config
from companion.durable import replace_file
from companion.home import fill_home
from companion.library.check import SCRIPTS
from companion.library.files import Unusable, find
from companion.library.plain_script import as_yaml, in_plain_words, read_plain
from companion.library.reading import BYTES, Source
from companion.library.scripts import ScriptContent, lengths_of, script_of
from companion.library.shelf import Shelf
from companion.problems import BadContent, Problem

_DONE, _FAULT = 0, 1
_FOR_AN_EDITOR = "# yaml-language-server: $schema=../schemas/script.json\n"
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def run(home: Path, file: Path, again: bool, tell: Callable[[str], None]) -> int:
    """Write the script in the text `file` to the library of `home`; the exit code.

    A script that is there stays unless `again`. Raises BadContent with every mistake, in which
    case nothing is written, and OSError.
    """
    fill_home(home)
    config = load_config(home / "config.yaml")
    stem = _stem(file)
    usual = {
        "title": stem.replace("-", " ").capitalize(),
        "language": config.language,
        "author": config.clinic,
    }
    source = read_plain(_bytes(file), clean(file.name, 80), usual)
    try:
        content, advice = _checked(stem, source, config)
    except BadContent as bad:
        raise BadContent(in_plain_words(bad.problems)) from None
    name = f"{SCRIPTS}/{stem}.yaml"
    target = home / name
    if not again and (target.exists() or target.is_symlink()):
        tell(f"{name} is there already and stays as it is; --again writes over it.")
        return _FAULT
    replace_file(target, (_FOR_AN_EDITOR + as_yaml(source)).encode())
    for problem in in_plain_words(advice):
        tell(f"worth a look: {problem}")
    settle, back = len(content.script.settle), len(content.script.back)
    tell(f"Written to {name}: {settle} sentences to settle, {back} for the return.")
    return _DONE


def _stem(file: Path) -> str:
    stem = re.sub(r"[ _]+", "-", file.stem.lower())
    if not _STEM.fullmatch(stem):
        hint = "small letters, digits and hyphens, such as slow-river.txt"
        told = "has a name that no script can have"
        raise BadContent([Problem(clean(file.name, 80), 0, 0, "", told, hint)])
    return stem


def _bytes(file: Path) -> bytes:
    try:
        return find(file.parent, file.name, (".txt",), BYTES).read_bytes()
    except Unusable as error:
        raise BadContent([Problem(clean(file.name, 80), 0, 0, "", str(error))]) from None


def _checked(
    stem: str, source: Source, config: Config
) -> tuple[ScriptContent, tuple[Problem, ...]]:
    """The script as its YAML will be read, without recordings, and what is worth a look.

    Raises BadContent.
    """
    with TemporaryDirectory(prefix="companion-") as nothing:
        empty = Shelf(Path(nothing), Path(nothing))
        content, problems = script_of(stem, source, empty)
    real = [p for name, p in config.protocols.items() if name not in config.demonstrations]
    too_long, advice = lengths_of(content, real)
    if problems or too_long:
        raise BadContent([*problems, *too_long])
    return content, (*content.advice, *advice)
