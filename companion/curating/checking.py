"""`companion check`: everything staff wrote, all problems at once."""

import json
from collections.abc import Callable
from pathlib import Path

from companion.config import Config
from companion.config_loading import load_config
from companion.home import fill_home
from companion.library.check import Library, load_library
from companion.library.report import Reviews, as_json, report
from companion.problems import BadContent, Problem

Told = Callable[[Library, Path], Reviews]
"""How each playlist and script of a home stands with the clinic's reading."""


def check(home: Path, as_data: bool, told_of: Told | None = None) -> tuple[str, bool]:
    """The report, as text or JSON, and whether all is well. Raises OSError."""
    fill_home(home)
    config, problems = _config(home)
    library = load_library(home, config)
    reviews = told_of(library, home) if told_of else None
    good = not problems and not library.problems
    if as_data:
        told = as_json(library, config, problems, reviews)
        return json.dumps(told, indent=2, ensure_ascii=False), good
    return report(library, config, problems, reviews), good


def _config(home: Path) -> tuple[Config | None, tuple[Problem, ...]]:
    try:
        return load_config(home / "config.yaml"), ()
    except BadContent as error:
        return None, error.problems
