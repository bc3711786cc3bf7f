"""One folder of the library: its YAML files, and the sound files that they name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from companion.cleaning import clean
from companion.library.files import SOUND, SOUND_BYTES, Unusable, content_hash, find
from companion.library.loudness import Loudness, loudness_of
from companion.library.reading import BYTES, Source, read
from companion.problems import BadContent, Problem

_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file that was found and measured."""

    file: str
    """Path below the folder."""
    hash: str
    loudness: Loudness


@dataclass(frozen=True, slots=True)
class Shelf:
    """`folder` below the home; what is measured is kept in `cache`."""

    folder: Path
    cache: Path

    def stems(self) -> Iterator[tuple[str, list[Problem]]]:
        """The stem of every YAML file, in order, and what is wrong with its name."""
        if not self.folder.is_dir():
            told = [Problem(self.folder.name, 0, 0, "", "there is no such folder")]
            yield "", told
            return
        for path in sorted(self.folder.iterdir()):
            if path.name.startswith(".") or path.suffix not in (".yaml", ".yml"):
                continue
            told = []
            if path.suffix == ".yml":
                told = [self._wrong(path.name, "ends in .yml", "rename it to .yaml")]
            elif not _STEM.fullmatch(path.stem):
                hint = "small letters, digits and single hyphens, such as slow-river.yaml"
                told = [self._wrong(path.name, "has a name that is not usable", hint)]
            yield path.stem, told

    def source(self, stem: str) -> Source:
        """The YAML file of this stem. Raises BadContent."""
        name = f"{stem}.yaml"
        return read(yaml_bytes(self.folder, name), f"{self.folder.name}/{name}")

    def has(self, file: str) -> bool:
        """Whether anything of this name lies in the folder."""
        path = self.folder / file
        return path.exists() or path.is_symlink()

    def sound(self, file: str, told: Mapping[str, Loudness] | None = None) -> Sound:
        """The sound file at `file`, measured; what is `told` of its hash spares that.

        Raises Unusable.
        """
        path = find(self.folder, file, SOUND, SOUND_BYTES)
        digest = content_hash(path)
        known = (told or {}).get(digest)
        return Sound(file, digest, loudness_of(path, digest, self.cache, known))

    def _wrong(self, name: str, message: str, hint: str = "") -> Problem:
        return _problem(self.folder, name, message, hint)


def yaml_bytes(folder: Path, name: str) -> bytes:
    """What the YAML file `name` in `folder` holds. Raises BadContent."""
    try:
        return find(folder, name, (".yaml",), BYTES).read_bytes()
    except Unusable as error:
        raise BadContent([_problem(folder, name, str(error))]) from None
    except OSError as error:
        raise BadContent([_problem(folder, name, f"cannot be read: {error.strerror}")]) from None


def _problem(folder: Path, name: str, message: str, hint: str = "") -> Problem:
    return Problem(f"{folder.name}/{clean(name, 80)}", 0, 0, "", message, hint)
