"""`companion check`: everything staff wrote, all problems at once."""

import json
from pathlib import Path

from companion.config import Config, load_config
from companion.home import fill_home
from companion.library.check import load_library
from companion.library.report import as_json, report
from companion.problems import BadContent, Problem


def check(home: Path, as_data: bool) -> tuple[str, bool]:
    """The report, as text or JSON, and whether all is well."""
    fill_home(home)
    config, problems = _config(home)
    library = load_library(home, config)
    good = not problems and not library.problems
    if as_data:
        told = as_json(library, config, problems)
        return json.dumps(told, indent=2, ensure_ascii=False), good
    return report(library, config, problems), good


def _config(home: Path) -> tuple[Config | None, tuple[Problem, ...]]:
    try:
        return load_config(home / "config.yaml"), ()
    except BadContent as error:
        return None, error.problems
