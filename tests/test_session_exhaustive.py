"""A forgotten event, command or report is a type error, found before anything runs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SESSION = Path(__file__).parent.parent / "companion" / "session"
FORGOTTEN = {
    "state.py": "        case e.WentOn():\n            return replace(state, waiting=False)\n",
    "decide.py": "            | c.SkipQuestion()\n",
    "deciding/caring.py": "        case c.TakeBackCall():\n            if state.call is None:\n"
    "                return ()\n",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The session core alone; it needs nothing else."""
    root = tmp_path_factory.mktemp("exhaustive")
    (root / "companion").mkdir()
    (root / "companion" / "__init__.py").touch()
    shutil.copytree(SESSION, root / "companion" / "session")
    return root


def types(root: Path) -> str:
    """What the type checker finds in the copy."""
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", "companion"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout


def test_a_forgotten_case_is_a_type_error(copy: Path) -> None:
    assert "Success" in types(copy)
    for name, case in FORGOTTEN.items():
        path = copy / "companion" / "session" / name
        whole = path.read_text()
        assert whole.count(case) == 1, name
        path.write_text(whole.replace(case, ""))
    found = types(copy)
    assert "state.py" in found
    assert 'incompatible type "WentOn"' in found
    assert 'incompatible type "SkipQuestion"' in found
    assert "caring.py" in found
