"""What a clinic's tablet is set up with: a unit that systemd accepts, a terminal without keys."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parent.parent / "deploy"
UNIT = (DEPLOY / "companion.service").read_text()


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """With a program that is there in the place of cage."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "companion.service"
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", UNIT))
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], check=False, capture_output=True, text=True
    )
    if "Failed to create" in done.stderr or "Failed to initialize" in done.stderr:
        pytest.skip("systemd-analyze does not work in this container")
    told = [line for line in done.stderr.splitlines() if "companion.service" in line]
    assert (done.returncode, told) == (0, [])


def test_the_unit_speaks_for_the_supervisor_and_comes_back_always() -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT)
    service = parser["Service"]
    assert (service["Type"], service["NotifyAccess"]) == ("notify", "all")
    assert float(service["WatchdogSec"]) > 20 + 5, "longer than a screen may take to its first beat"
    assert (service["Restart"], parser["Unit"]["StartLimitIntervalSec"]) == ("always", "0")
    assert (service["UMask"], service["LimitCORE"]) == ("0077", "0")
    assert service["StateDirectoryMode"] == "0700"
    assert "until /opt/companion/bin/companion run; do" in service["ExecStart"]


def test_no_key_of_the_terminal_opens_or_copies_anything() -> None:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.read_string("[main]\n" + (DEPLOY / "foot.ini").read_text())
    assert set(parser["key-bindings"].values()) == {"none"}
    assert "spawn-terminal" in parser["key-bindings"]
    mouse = dict(parser["mouse-bindings"])
    del mouse["selection-override-modifiers"]
    assert set(mouse.values()) == {"none"}
    assert parser["security"]["osc52"] == "disabled"
    assert parser["scrollback"]["lines"] == "0"
