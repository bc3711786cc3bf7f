"""What the system tells of itself, from real files and from a made-up /sys."""

import os
import stat
import time
from pathlib import Path

import pytest

from companion.moment import Instant
from companion.morning import system


def test_a_file_is_written_synced_read_back_and_gone(tmp_path: Path) -> None:
    assert system.why_unwritten(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_where_no_file_can_be_written_the_reason_is_told(tmp_path: Path) -> None:
    assert system.why_unwritten(tmp_path / "none") == "No such file or directory"
    assert system.why_unwritten(Path("/proc")) is not None


def test_what_others_can_look_into_is_named(tmp_path: Path) -> None:
    home = tmp_path / "h"
    home.mkdir(0o700)
    for name in ("journal.db", "waiting.jsonl", "config.yaml"):
        (home / name).touch(0o600)
    (home / "config.yaml").chmod(0o644)
    assert system.exposed(home) == ((), ())
    home.chmod(0o755)
    (home / "journal.db").chmod(0o640)
    assert system.exposed(home) == ((str(home), "journal.db"), ())


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_somebody_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.db").touch(0o600)
    os.chown(tmp_path / "journal.db", 65534, 65534)
    assert system.exposed(tmp_path)[1] == ("journal.db",)


NOW = Instant(1_800_000_000.0, 500.0, "one")


@pytest.mark.parametrize(
    ("last", "moved"),
    [
        (None, None),
        (Instant(NOW.wall - 60.0, 440.0, "one"), 0.0),
        (Instant(NOW.wall - 3660.0, 440.0, "one"), 3600.0),
        (Instant(NOW.wall + 3540.0, 440.0, "one"), -3600.0),
        (Instant(NOW.wall - 90_000.0, 9000.0, "before"), 0.0),
        (Instant(NOW.wall + 90_000.0, 9000.0, "before"), -90_000.0),
    ],
)
def test_a_clock_that_was_set_is_noticed(last: Instant | None, moved: float | None) -> None:
    assert system.timing(NOW, last).moved == moved


def test_the_clock_is_told_as_it_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        told = system.timing(NOW, None)
        assert (told.year, told.shown) == (2027, "2027-01-15 09:00 (CET)")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("status", "expected"), [(0, True), (1, True), (5, False), (-1, None)], ids=str
)
def test_whether_the_network_keeps_the_clock(
    monkeypatch: pytest.MonkeyPatch, status: int, expected: bool | None
) -> None:
    class Library:
        def adjtimex(self, _buffer: object) -> int:
            return status

    monkeypatch.setattr(system.ctypes, "CDLL", lambda *given, **named: Library())
    assert system.timing(NOW, None).synchronised is expected


def disk(
    sys_folder: Path, name: str, number: str, *, uuid: str = "", on: tuple[str, ...] = ()
) -> None:
    """A block device as /sys tells of it, lying on others."""
    block = sys_folder / "devices" / name
    (block / "slaves").mkdir(parents=True)
    for below in on:
        (block / "slaves" / below).symlink_to(sys_folder / "devices" / below)
    if uuid:
        (block / "dm").mkdir()
        (block / "dm" / "uuid").write_text(uuid + "\n")
    (sys_folder / "dev" / "block").mkdir(parents=True, exist_ok=True)
    (sys_folder / "dev" / "block" / number).symlink_to(block)


@pytest.mark.parametrize(
    ("uuid", "expected"), [("CRYPT-LUKS2-3fd1-root", True), ("LVM-3fd1", False), ("", False)]
)
def test_a_disk_is_encrypted_where_dm_crypt_lies_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uuid: str, expected: bool
) -> None:
    sys_folder = tmp_path / "sys"
    disk(sys_folder, "sda2", "8:2")
    disk(sys_folder, "dm-0", "253:0", uuid=uuid, on=("sda2",))
    disk(sys_folder, "dm-1", "253:1", uuid="LVM-root", on=("dm-0",))
    monkeypatch.setattr(system, "_device", lambda folder, mounts: "253:1")
    assert system.encrypted(tmp_path, sys_folder) is expected


def test_of_two_disks_both_must_be_encrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sys_folder = tmp_path / "sys"
    disk(sys_folder, "dm-0", "253:0", uuid="CRYPT-LUKS2-a")
    disk(sys_folder, "sdb", "8:16")
    disk(sys_folder, "md0", "9:0", on=("dm-0", "sdb"))
    monkeypatch.setattr(system, "_device", lambda folder, mounts: "9:0")
    assert system.encrypted(tmp_path, sys_folder) is False


def test_where_it_cannot_be_told_it_is_not_told(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    number = tmp_path.stat().st_dev
    mounts.write_text(f"1 0 {os.major(number)}:{os.minor(number)} / / rw - tmpfs tmpfs rw\n")
    assert system.encrypted(tmp_path, tmp_path / "no sys", mounts) is None
    assert system.encrypted(tmp_path / "none", tmp_path, mounts) is None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"COLORTERM": "truecolor", "TERM": "xterm"}, 2**24),
        ({"TERM": "foot"}, 2**24),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "dumb"}, 1),
    ],
)
def test_colours(environment: dict[str, str], expected: int) -> None:
    assert system.colours(environment) == expected


def test_versions_are_those_that_run_here() -> None:
    told = dict(system.versions())
    assert list(told) == [
        "Companion",
        "Python",
        "SQLite",
        "Textual",
        "pygame",
        "PyAV",
        "numpy",
        "SDL",
    ]
    assert "missing" not in told.values()


def test_the_file_that_is_tried_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []

    def look(folder: Path) -> None:
        modes.extend(stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir())

    monkeypatch.setattr(system, "sync_folder", look)
    assert system.why_unwritten(tmp_path) is None
    assert modes == [0o600]
