"""`config.yaml` -> Config, or the list of all its problems."""

from pathlib import Path

from companion.config import Config
from companion.config_forms import ConfigForm
from companion.library.files import Unusable, find
from companion.library.forms import fill
from companion.library.reading import BYTES, dotted, read
from companion.problems import BadContent, Problem


def load_config(path: Path) -> Config:
    """The clinic's configuration. Raises BadContent with every problem of the file."""
    return config_from(config_bytes(path), path.name)


def config_bytes(path: Path) -> bytes:
    """What the file at `path` holds. Raises BadContent where it cannot be read."""
    try:
        return find(path.parent, path.name, (".yaml",), BYTES).read_bytes()
    except Unusable as error:
        raise BadContent([Problem(path.name, 0, 0, "", str(error))]) from None
    except OSError as error:
        raise BadContent(
            [Problem(path.name, 0, 0, "", f"cannot be read: {error.strerror}")]
        ) from None


def config_from(data: bytes, file: str) -> Config:
    """The configuration that `data` says; `file` is its name in messages. Raises BadContent with
    every problem of it."""
    source = read(data, file)
    form = fill(ConfigForm, source).form
    places = {dotted(where): place for where, place in source.values.items()}
    return form.config(file, places, source.hash)
