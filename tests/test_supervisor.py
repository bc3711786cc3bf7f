"""The supervisor over real processes on a real pseudo-terminal."""

import os
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from patience import PATIENCE
from pty_screen import PtyScreen

from companion.processes import sound_child
from companion.processes.adoption import address
from companion.processes.terminal import is_sane, sane

FAKE = str(Path(__file__).with_name("fake_companion.py"))
MODES = (1000, 1002, 1003, 1004, 1006, 1049, 2004)


class Trio(NamedTuple):
    """The process ids that the screen shows."""

    screen: int
    supervisor: int
    sound: int


def until(true: Callable[[], object], deadline: float = PATIENCE) -> None:
    end = time.monotonic() + deadline
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.01)


class House:
    """A home, a terminal, and the processes that belong to them."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.command = [sys.executable, FAKE, "run", str(self.home), str(folder)]
        self.mark = f"HOUSE={folder}"
        self.term = PtyScreen(env={"HOUSE": str(folder)}, cwd=self.home)

    def start(self, place: str = "leader") -> None:
        loop = f"until {shlex.join(self.command)}; do :; done"
        if place == "leader":
            self.term.start(self.command)
        elif place == "sh":
            self.term.start(["sh", "-c", loop])
        else:
            self.term.start(["bash", "--norc", "--noprofile", "--noediting", "-i"])
            self.term.keys(loop + "; echo; echo o''ver\r")  # on a line of its own

    def trio(self, wanted: Callable[[Trio], bool] = lambda _: True) -> Trio:
        """What the screen shows, once all three live and `wanted` says yes."""
        found: list[Trio] = []

        def stands(lines: list[str]) -> bool:
            words = lines[0].split()
            if words[:1] != ["screen"] or len(words) < 8:
                return False
            found[:] = [Trio(int(words[1]), int(words[3]), int(words[5]))]
            return all(found[0]) and wanted(found[0])

        self.term.wait_for(stands)
        return found[0]

    def alive(self) -> dict[str, list[int]]:
        """Every process of this house by its part."""
        parts: dict[str, list[int]] = {}
        for folder in Path("/proc").iterdir():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                ours = self.mark.encode() in (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if ours and FAKE.encode() in words:
                part = words[words.index(FAKE.encode()) + 1].decode()
                parts.setdefault(part, []).append(int(folder.name))
        return parts

    def only(self, trio: Trio) -> bool:
        return self.alive() == {
            "run": [trio.supervisor],
            "screen": [trio.screen],
            "sound": [trio.sound],
        }

    def close(self) -> None:
        self.term.close()
        for pids in self.alive().values():
            for pid in pids:
                with suppress(ProcessLookupError):  # it may end by itself meanwhile
                    os.kill(pid, signal.SIGKILL)


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="c-") as folder:
        house = House(Path(folder))
        yield house
        house.close()


VICTIMS = [
    ("screen",),
    ("sound",),
    ("screen", "sound"),
    ("supervisor",),
    ("supervisor", "screen"),
    ("supervisor", "sound"),
    ("supervisor", "screen", "sound"),
]
CASES = [(place, victims) for place in ("leader", "bash") for victims in VICTIMS]
CASES += [("sh", victims) for victims in VICTIMS if "supervisor" in victims]


@pytest.mark.parametrize(("place", "victims"), CASES)
def test_whoever_is_killed_comes_back(house: House, place: str, victims: tuple[str, ...]) -> None:
    house.start(place)
    before = house.trio()
    house.term.keys(">leak\r")
    for victim in victims:
        os.kill(getattr(before, victim), signal.SIGKILL)
    house.term.keys(">leak\r")
    if place == "leader" and "supervisor" in victims:
        house.term.wait_end()
        house.term.start(house.command)
    dead = {getattr(before, victim) for victim in victims}
    if "supervisor" in victims:
        dead.add(before.screen)
    house.term.keys(">leak\r")
    after = house.trio(lambda trio: not dead & set(trio))
    house.term.keys(">leak\r")

    assert ("sound" in victims) == (after.sound != before.sound)
    assert ("supervisor" in victims) == (after.supervisor != before.supervisor)
    until(lambda: house.only(after))
    assert house.term.mouse_on()
    end_the_day(house, place)


def end_the_day(house: House, place: str) -> None:
    house.term.keys("q")
    if place == "bash":
        house.term.wait_for("over")
        house.term.keys("echo still $((1 + 1))\r")
        house.term.wait_for("still 2")
    else:
        assert house.term.wait_end() == 0
    until(lambda: not house.alive())
    assert not (house.home / "leak").exists()
    assert is_sane(house.term.settings())
    assert not [mode for mode in MODES if house.term.mode(mode)]


@pytest.mark.parametrize("supervisor_too", [False, True])
def test_a_frozen_screen_is_replaced(house: House, supervisor_too: bool) -> None:
    house.start("bash")
    before = house.trio()
    os.kill(before.screen, signal.SIGSTOP)
    if supervisor_too:
        os.kill(before.supervisor, signal.SIGKILL)
    after = house.trio(lambda trio: trio.screen != before.screen)
    assert after.sound == before.sound
    assert supervisor_too == (after.supervisor != before.supervisor)
    until(lambda: house.only(after))
    end_the_day(house, "bash")


def test_a_screen_whose_heart_stops_is_replaced(house: House) -> None:
    (house.home / "limits").write_text('{"_NEXT_BEAT": 1.5}')
    house.start()
    before = house.trio()
    (house.home / "mute").touch()
    until(lambda: before.screen not in house.alive().get("screen", []))
    (house.home / "mute").unlink()
    house.trio(lambda trio: trio.screen != before.screen)


def test_a_screen_that_only_spins_is_replaced_and_the_sound_is_not(house: House) -> None:
    (house.home / "limits").write_text('{"_NEXT_BEAT": 1.5}')
    house.start()
    before = house.trio()
    (house.home / "spin").touch()
    until(lambda: before.screen not in house.alive().get("screen", []))
    (house.home / "spin").unlink()
    after = house.trio(lambda trio: trio.screen != before.screen)
    assert (after.sound, after.supervisor) == (before.sound, before.supervisor)
    end_the_day(house, "leader")


def test_a_sound_that_does_not_answer_is_replaced_never_doubled(house: House) -> None:
    (house.home / "deaf").touch()
    house.start("sh")
    before = house.trio()
    os.kill(before.sound, signal.SIGSTOP)
    os.kill(before.supervisor, signal.SIGKILL)
    after = house.trio(lambda trio: before.sound != trio.sound)
    until(lambda: house.only(after))


@pytest.mark.parametrize("adopted", [False, True])
def test_a_sound_whose_heart_stops_is_replaced(house: House, adopted: bool) -> None:
    (house.home / "limits").write_text('{"_NEXT_BEAT": 3.0}')
    house.start("sh")
    before = house.trio()
    if adopted:
        os.kill(before.supervisor, signal.SIGKILL)
        first, before = before, house.trio(lambda trio: trio.supervisor != before.supervisor)
        assert before.sound == first.sound
    (house.home / "stand still").touch()
    until(lambda: before.sound not in house.alive().get("sound", []))
    (house.home / "stand still").unlink()
    after = house.trio(lambda trio: trio.sound != before.sound)
    assert after.screen == before.screen
    until(lambda: house.only(after))


def test_a_sound_that_beats_now_and_then_is_left_alone(house: House) -> None:
    (house.home / "limits").write_text('{"_NEXT_BEAT": 3.0, "_FIRST_BEAT": 3.0}')
    house.start()
    before = house.trio()
    began = count_on(house.term.screen())
    house.term.wait_for(lambda lines: count_on(lines) > began + 50)
    assert house.trio() == before


def test_what_a_killed_pair_left_raw_is_sane_in_the_end(house: House) -> None:
    tty.setraw(house.term._slave)
    assert not is_sane(house.term.settings())
    house.start()
    house.trio()
    end_the_day(house, "leader")


def test_a_terminal_that_is_no_controlling_one(house: House) -> None:
    house.term.start(house.command, controlling=False)
    house.trio()
    end_the_day(house, "leader")


def test_a_bad_configuration_ends_it(house: House) -> None:
    house.start()
    house.trio()
    house.term.keys("b")
    assert house.term.wait_end() == 2
    until(lambda: not house.alive())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_in_order(house: House, number: signal.Signals) -> None:
    house.start()
    house.trio()
    house.term.kill(number)
    assert house.term.wait_end() == 128 + number
    assert not house.alive()
    assert is_sane(house.term.settings())
    assert not [mode for mode in MODES if house.term.mode(mode)]


@pytest.mark.parametrize("place", ["leader", "sh", "bash"])
def test_a_closed_window_leaves_nothing_behind(house: House, place: str) -> None:
    house.start(place)
    house.trio()
    house.term.hang_up()
    until(lambda: not house.alive())


def test_signals_from_the_keyboard_do_nothing(house: House) -> None:
    house.start("bash")
    before = house.trio()
    for name in ("SIGINT", "SIGQUIT", "SIGTSTP", "SIGUSR1", "SIGUSR2"):
        os.killpg(house.term.foreground(), signal.Signals[name])
    count = count_on(house.term.screen())
    house.term.wait_for(lambda lines: count_on(lines) > count)
    assert house.trio() == before


def count_on(lines: list[str]) -> int:
    return int(lines[0].split()[7])


def test_a_second_one_on_the_same_home_says_so(house: House) -> None:
    house.start()
    before = house.trio()
    with PtyScreen(house.command) as second:
        assert second.wait_end() == 1
        second.wait_for("Companion runs already in")
    assert house.trio() == before


def test_without_a_terminal_it_says_so(house: House) -> None:
    done = subprocess.run(
        house.command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Companion needs a terminal: start it in one, not in a pipe.\n"


def test_in_the_background_it_says_so(house: House) -> None:
    house.term.start(["bash", "--norc", "--noprofile", "--noediting", "-i"])
    house.term.keys(shlex.join(house.command) + " & wait $!; echo ended $?\r")
    house.term.wait_for("ended 1")
    house.term.wait_for("for itself")


def test_three_deaths_bring_the_plain_screen_that_keeps_a_call(house: House) -> None:
    (house.home / "limits").write_text('{"_PLAIN_FOR": 3.0}')
    (house.home / "die").touch()
    house.start()
    house.term.wait_for("press any key or touch")
    assert len((house.home / "screens").read_text().split()) == 3
    house.term.send(b"\x1b[?2026;2$y\x1b[I")
    house.term.tap(2, 2)
    house.term.wait_for("It shows.")
    until((house.home / "called").exists)
    os.kill(house.alive()["plain"][0], signal.SIGKILL)
    until(lambda: len(house.alive().get("plain", [])) == 1)
    house.term.wait_for("It shows.")
    (house.home / "die").unlink()
    house.trio()
    assert "plain" not in house.alive()
    end_the_day(house, "leader")


def test_nobody_leaves_the_plain_screen(house: House) -> None:
    (house.home / "die").touch()
    house.start("bash")
    house.term.wait_for("press any key or touch")
    (plain,) = house.alive()["plain"]
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        os.killpg(house.term.foreground(), number)
    house.term.press("ctrl+c", "ctrl+d", "ctrl+z", "escape")
    house.term.wait_for("It shows.")
    assert house.alive()["plain"] == [plain]


@pytest.mark.parametrize("abstract", [False, True])
def test_the_service_manager_is_told(house: House, abstract: bool) -> None:
    name = f"{house.home.parent}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name if abstract else name)
        manager.settimeout(PATIENCE)
        house.term._env["NOTIFY_SOCKET"] = "@" + name if abstract else name
        house.start()
        assert manager.recv(100) == b"READY=1\nWATCHDOG=1"
        assert manager.recv(100) == b"WATCHDOG=1"
        house.term.kill(signal.SIGTERM)
        said = manager.recv(100)
        while said == b"WATCHDOG=1":
            said = manager.recv(100)
        assert said == b"STOPPING=1"


def test_a_supervisor_that_hangs_tells_the_service_manager_nothing(house: House) -> None:
    """The screen lives on and beats; only the supervisor speaks, so it is missed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"{house.home.parent}/notify")
        manager.settimeout(30)
        house.term._env["NOTIFY_SOCKET"] = f"{house.home.parent}/notify"
        house.start()
        assert manager.recv(100) == b"READY=1\nWATCHDOG=1"
        trio = house.trio()
        os.kill(trio.supervisor, signal.SIGSTOP)
        until(lambda: _stands_still(trio.supervisor))
        told_so_far(manager)
        began = count_on(house.term.screen())
        house.term.wait_for(lambda lines: count_on(lines) > began + 30, 30)
        assert told_so_far(manager) == []
        os.kill(trio.supervisor, signal.SIGCONT)
        assert manager.recv(100) == b"WATCHDOG=1"
        end_the_day(house, "leader")


def test_a_screen_that_hangs_is_not_told_of_as_alive(house: House) -> None:
    (house.home / "limits").write_text('{"_NEXT_BEAT": 600.0}')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"{house.home.parent}/notify")
        manager.settimeout(30)
        house.term._env["NOTIFY_SOCKET"] = f"{house.home.parent}/notify"
        house.start()
        assert manager.recv(100) == b"READY=1\nWATCHDOG=1"
        trio = house.trio()
        (house.home / "mute").touch()
        began = count_on(house.term.screen())
        house.term.wait_for(lambda lines: count_on(lines) > began + 20, 30)
        told_so_far(manager)
        house.term.wait_for(lambda lines: count_on(lines) > began + 50, 30)
        assert told_so_far(manager) == []
        assert house.trio() == trio
        (house.home / "mute").unlink()
        assert manager.recv(100) == b"WATCHDOG=1"
        end_the_day(house, "leader")


def _stands_still(pid: int) -> bool:
    """Whether the process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


def told_so_far(manager: socket.socket) -> list[bytes]:
    """What the service manager was told and has not read yet."""
    told: list[bytes] = []
    while select.select([manager], [], [], 0)[0]:
        told.append(manager.recv(100))
    return told


def test_a_dying_sound_is_started_less_and_less_often(tmp_path: Path) -> None:
    path = address(tmp_path)
    sound = sound_child.Sound(["false"], tmp_path, path, tmp_path / "lock")
    pauses, now = [], 100.0
    for _ in range(7):
        sound.tend(now)
        until(lambda: sound._child is not None and sound._child.ended())
        sound.tend(now)
        assert not sound.watched()
        pauses.append(round(sound.due() - now, 1))
        sound._log_next = float("inf")
        now += pauses[-1]
    sound.end(0)
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert not path.exists()


def test_the_log_of_the_sound_is_private_and_bounded(house: House) -> None:
    house.start()
    trio = house.trio()
    log = house.home / "logs" / "sound.log"
    until(lambda: f"sound {trio.sound} plays" in log.read_text())
    assert log.stat().st_mode & 0o777 == 0o600
    log.write_bytes(b"old" + b"new" * 10)
    sound_child.shorten(log, 30)
    assert log.read_bytes() == b""
    assert log.with_suffix(".log.1").read_bytes() == b"new" * 10


def test_it_is_light() -> None:
    heavy = "textual", "rich", "numpy", "pygame", "av", "yaml", "pydantic", "asyncio", "sqlite3"
    code = f"import companion.processes.supervisor, sys; print(*({heavy!r} & sys.modules.keys()))"
    code = code.replace(repr(heavy), repr(set(heavy)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_socket_is_short_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    for runtime in (tmp_path / ("long" * 30), tmp_path / "r", None):
        path = address(tmp_path, runtime)
        assert len(os.fsencode(path)) < 100
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert address(tmp_path) != address(tmp_path / "other")


def test_hardening_unsets_what_textual_obeys(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import os; from companion.processes.terminal import harden; harden();"
        "print([n for n in os.environ if n[:7] in ('TEXTUAL', 'COLUMNS')], os.umask(0))"
    )
    for name in ("COLUMNS", "TEXTUAL", "TEXTUAL_DRIVER", "TEXTUAL_PRESS", "TEXTUAL_ALLOW_SIGNALS"):
        monkeypatch.setenv(name, "1")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"[] {0o077}\n"


def test_sane_mends_what_is_raw_and_leaves_the_rest() -> None:
    with PtyScreen() as term:
        found = term.settings()
        assert sane(found) == found
        tty.setraw(term._slave)
        termios.tcsetattr(term._slave, termios.TCSANOW, sane(term.settings()))
        mended = term.settings()
        assert is_sane(mended)
        assert mended[0] & termios.ICRNL
        assert mended[1] & termios.OPOST
