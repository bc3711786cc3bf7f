"""The clinic's settings as they could last be used, for the time in which `config.yaml` cannot.

A copy of every `config.yaml` that could be used lies in the home, its owner's alone. It is read
only where the file itself cannot be used, so that a slip of the pen never leaves a tablet that
starts without its content.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from companion.config import Config
from companion.config_loading import config_bytes, config_from, load_config
from companion.durable import replace_file
from companion.library.files import Unusable, content_hash
from companion.problems import BadContent, Problem

CONFIG: Final = "config.yaml"
LAST_GOOD: Final = ".last-good-config.yaml"
"""In the home: the copy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a tablet goes by."""

    config: Config
    problems: tuple[Problem, ...] = ()
    """Why `config.yaml` cannot be used; there are none where `config` is what it says."""


def settings_of(home: Path, before: Config | None = None) -> Settings:
    """What `config.yaml` says, which is kept; where it cannot be used `before`, which was in use
    until now, else what was kept. Raises BadContent where there is neither."""
    try:
        data = config_bytes(home / CONFIG)
        config = config_from(data, CONFIG)
    except BadContent as error:
        last = before or _kept(home)
        if last is None:
            raise
        # Its lines are those of the copy, whatever stands in the file now.
        return Settings(replace(last, file=LAST_GOOD), error.problems)
    _keep(home, config, data)
    return Settings(config)


def _kept(home: Path) -> Config | None:
    try:
        return load_config(home / LAST_GOOD)
    except BadContent:
        return None


def _keep(home: Path, config: Config, data: bytes) -> None:
    """Keep `data`, which says `config`. A disk that takes nothing leaves the copy before it."""
    with suppress(Unusable):
        if content_hash(home / LAST_GOOD) == config.hash:
            return
    with suppress(OSError):
        replace_file(home / LAST_GOOD, data)
