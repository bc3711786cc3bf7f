"""What each process and command loads when it really runs, in fresh interpreters."""

import subprocess
import sys
from pathlib import Path

import pytest
from library_home import make_home

SOUND = {"numpy", "av", "pygame"}
SCREEN = {"textual", "pygame"}
CORE = """
import sys
before = set(sys.modules)
import pkgutil, importlib, companion.session
for module in pkgutil.walk_packages(companion.session.__path__, "companion.session."):
    importlib.import_module(module.name)
print(*sorted({name.split(".")[0] for name in sys.modules.keys() - before}))
print(*sorted(name for name in sys.modules if name.startswith("companion.")))
"""
FIRST_FRAME = """
import asyncio, os, sys
from pathlib import Path
from companion.ui.app import CompanionApp

def framed(app):
    print(*sorted(sys.modules), file=sys.__stderr__)
    os._exit(0)

CompanionApp._begin = framed
CompanionApp.run = lambda app: asyncio.run(app.run_async(headless=True))
from companion import joining
life, alive = os.pipe()
joining.screen(Path(sys.argv[1]), Path(sys.argv[2]), os.open(os.devnull, os.O_WRONLY), life, "")
"""


def loaded(code: str, *arguments: str) -> set[str]:
    """The top names of all that an interpreter has loaded, having run `code`."""
    after = f"{code}\nimport sys; print(*sorted(sys.modules))"
    command = [sys.executable, "-P", "-c", after, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("companion.ui.app", {*SOUND, "pydantic", "yaml"}),
        (
            "companion.processes.supervisor",
            {"textual", "rich", "asyncio", "sqlite3", *SOUND, "pydantic"},
        ),
        ("companion.joining", {"textual", "rich", *SOUND, "pydantic", "yaml"}),
        ("companion.processes.plain", {"textual", "rich", *SOUND, "pydantic", "sqlite3"}),
        ("companion.calibration.at_shell", {"textual", "rich", *SOUND, "pydantic", "yaml"}),
        ("companion.spoken.voicing", {"textual", "rich", *SOUND}),
        ("companion.spoken.taking", {"textual", "rich", *SOUND}),
        ("companion.cli", {"textual", "rich", *SOUND, "pydantic", "yaml", "pyrage", "segno"}),
        ("companion.sound.client", {*SOUND, "textual", "yaml"}),
        ("companion.sound.engine", {"textual", "yaml", "pydantic"}),
    ],
)
def test_a_module_is_light(module: str, never: set[str]) -> None:
    assert loaded(f"import {module}") & never == set()


def test_the_screen_shows_its_first_frame_without_sound_or_library(tmp_path: Path) -> None:
    home = make_home(tmp_path / "h")
    command = [sys.executable, "-P", "-c", FIRST_FRAME, str(home), str(tmp_path / "none.sock")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = {name.split(".")[0] for name in done.stderr.split()}
    assert "textual" in names
    assert names & {*SOUND, "pydantic", "yaml", "pyrage", "segno"} == set()


def test_checking_loads_neither_screen_nor_output(tmp_path: Path) -> None:
    home = make_home(tmp_path / "h")
    code = (
        "import sys; from companion.cli import main;"
        "main(['--home', sys.argv[1], 'check'], standalone_mode=False)"
    )
    wrapped = f"try:\n    exec({code!r})\nexcept SystemExit as end:\n    assert end.code == 0"
    assert loaded(wrapped, str(home)) & SCREEN == set()


def test_the_session_core_needs_the_standard_library_alone() -> None:
    command = [sys.executable, "-P", "-c", CORE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    tops, ours = (line.split() for line in done.stdout.splitlines())
    assert set(tops) - {"companion"} <= set(sys.stdlib_module_names) | {"__future__"}
    assert {name.split(".")[1] for name in ours} == {"session"}
