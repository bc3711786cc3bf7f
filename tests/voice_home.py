"""A home with a script to be spoken by the voice command of the tests."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from library_home import CONFIG, make_home, write

from companion.cli import main
from companion.library.clips import Made, read_index
from companion.library.files import content_hash

COMMAND = Path(__file__).with_name("voice_command.py")
SETTLE = ("You may rest here.", "The chair holds you.", "Sounds come and go.")
RETURN = ("The room is here.", "The voice has ended.")


class VoiceHome:
    """One home, and what its voice was asked to say."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = make_home(home)
        self._said = home / "said.txt"
        self.child = home / "child.txt"
        monkeypatch.setenv("SAID", str(self._said))
        monkeypatch.setenv("CHILD", str(self.child))
        self.voice()
        self.script(SETTLE, RETURN)

    @property
    def clips(self) -> Path:
        return self.home / "scripts_guided" / "words"

    def voice(self, how: str = "well", textfile: str = "{textfile}", more: str = "") -> None:
        """Configure the voice."""
        words = ", ".join(f'"{w}"' for w in (sys.executable, COMMAND, how, textfile, "{out}"))
        write(self.home / "config.yaml", f"{CONFIG}voices:\n  en: {{command: [{words}]{more}}}\n")

    def script(self, settle: tuple[str, ...], back: tuple[str, ...] = RETURN) -> None:
        """Write the script with these sentences."""
        lines = ["title: Words", "language: en", "author: MK", "parts:"]
        for name, says in (("settle", settle), ("return", back)):
            lines += [f"  {name}:"] + [f"    - say: {say}" for say in says]
        write(self.home / "scripts_guided/words.yaml", "\n".join(lines) + "\n")

    def ask(self, *words: str) -> tuple[int, list[str]]:
        """What `companion` answers, line by line, and its exit code."""
        done = CliRunner().invoke(main, ["--home", str(self.home), *words])
        return done.exit_code, done.output.splitlines()

    def said(self) -> list[str]:
        """What was asked for since this was last called."""
        lines = self._said.read_text().splitlines() if self._said.exists() else []
        self._said.unlink(missing_ok=True)
        return lines

    def bytes_of(self) -> dict[str, bytes]:
        """Every recording by its path."""
        found = sorted(self.clips.rglob("*.opus"))
        return {path.relative_to(self.clips).as_posix(): path.read_bytes() for path in found}

    def made(self, file: str) -> Made | None:
        """What is known of a recording."""
        index = read_index((self.clips / "clips.json").read_bytes())
        return index.get(content_hash(self.clips / file))
