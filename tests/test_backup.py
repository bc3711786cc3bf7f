"""A copy of all that a tablet keeps, and a tablet brought back from one."""

import hashlib
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from journal_samples import answer, moment
from past_stage import EARLIER, keep_session, session
from staff_home import clinic
from stage_props import people

from companion import access
from companion.backup import backing_up, restoring
from companion.backup import contents as backup_list
from companion.backup.backing_up import back_up
from companion.backup.contents import CONTENT, LIST, prove_files, read_list
from companion.backup.restoring import finish, newest, restore
from companion.cli import main
from companion.journal.elsewhere import elsewhere
from companion.journal.fallback import Fallback
from companion.journal.history import sessions
from companion.journal.log import Log
from companion.journal.schema import open_journal, read_journal
from companion.journal.wholeness import wrongs
from companion.last_good import LAST_GOOD, settings_of
from companion.library.files import Unusable
from companion.moment import SimulatedClock
from companion.processes import locks
from companion.record import keeping
from companion.session import book

OTHER = "0a1b2c3d-8b86-4d01-b42d-00cf4fc964ff"


def nothing(_part: float) -> None:
    """No progress is shown."""


def kept_home(home: Path, *streams: str) -> Path:
    """A clinic with people and sessions, a reviewed copy, and what the program made itself."""
    home.mkdir(exist_ok=True)
    clinic(home)
    (home / "playlists/.reviewed/tidewater/ab").mkdir(parents=True)
    shutil.copy(home / "playlists/tidewater.yaml", home / "playlists/.reviewed/tidewater/ab")
    (home / ".shipped.json").write_text("{}")
    (home / "logs").mkdir()
    (home / "logs/screen.log").write_text("a line\n")
    clock = SimulatedClock()
    connection = open_journal(home / "journal.db").connection
    log = Log(connection)
    log.append(book.STREAM, 1, clock.now(), [one.event for one in people(clock, ("MK", "JS"))])
    for stream in streams or (EARLIER,):
        keep_session(log, clock, stream)
    connection.close()
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return kept_home(tmp_path / "tablet")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def files(folder: Path) -> dict[str, str]:
    """Every file below `folder` by its path, as the hash of its content."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def content(home: Path) -> dict[str, str]:
    """What staff wrote in `home`."""
    found = files(home)
    own = ("playlists/", "scripts_guided/", "config.yaml", ".shipped.json")
    return {path: digest for path, digest in found.items() if path.startswith(own)}


def events(home: Path, stream: str = EARLIER) -> list[object]:
    connection = read_journal(home / "journal.db")
    try:
        log = Log(connection)
        assert list(wrongs(log)) == []
        return [one.event for one in log.read(stream)]
    finally:
        connection.close()


def ask(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, done.output


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- a copy and back -----------------------------------------------------------------------------


def test_all_of_it_comes_back_on_an_empty_tablet(home: Path, stick: Path, tmp_path: Path) -> None:
    copy = back_up(home, stick, nothing)
    done = restore(tmp_path / "new", copy.folder, nothing)
    new = tmp_path / "new"
    assert content(new) == content(home)
    assert events(new) == events(home) == session()
    assert done.set_aside is None
    assert not (new / "logs").exists()
    assert not (new / restoring.STAGED).exists()
    assert events(new, book.STREAM)[-1] == book.Restored(day=done.made[:10])
    for path in new.rglob("*"):
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path


def test_a_copy_is_its_owners_alone_and_names_nothing_of_a_patient(home: Path, stick: Path) -> None:
    copy = back_up(home, stick, nothing)
    for path in [copy.folder, *copy.folder.rglob("*")]:
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    assert [path.name for path in stick.iterdir()] == [copy.folder.name]
    assert "4172038" not in (copy.folder / LIST).read_text()


def test_it_is_said_in_words_that_answers_can_be_read(home: Path, stick: Path) -> None:
    code, told = ask(home, "backup", str(stick))
    assert code == 0
    assert "patients' answers of 1 session, not sealed" in told
    connection = open_journal(home / "journal.db").connection
    assert Log(connection).read(book.STREAM)[-1].event.place == str(newest(stick))
    connection.execute("DELETE FROM private")
    connection.close()
    code, told = ask(home, "backup", str(stick))
    assert code == 0
    assert "No patient's answer can be read in it." in told


def test_a_copy_is_made_while_a_session_is_written(home: Path, stick: Path, tmp_path: Path) -> None:
    log = Log(open_journal(home / "journal.db").connection)
    over, begun = threading.Event(), threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not over.is_set():
            log.append("open", written + 1, moment(), [answer(written % 11)])
            written += 1
            if written == 20:
                begun.set()

    def until_more(_part: float) -> None:
        while written == before:
            time.sleep(0.001)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        begun.wait()
        before = written
        copy = back_up(home, stick, until_more)
        after = written
    finally:
        over.set()
        writing.join()
    restore(tmp_path / "new", copy.folder, nothing)
    values = [one.value for one in events(tmp_path / "new", "open")]
    assert before <= len(values) <= after
    assert values == [number % 11 for number in range(len(values))]
    assert len(log.read("open")) == written


def test_what_waits_beside_the_journal_comes_along_and_is_merged_once(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    log = Log(open_journal(home / "journal.db").connection)
    waiting = log.rows("late", 1, moment(), [answer(4), answer(5)])
    Fallback(home / "waiting.jsonl").append(waiting)
    log.keep(waiting[:1])
    copy = back_up(home, stick, nothing)
    new = tmp_path / "new"
    restore(new, copy.folder, nothing)
    with keeping.journal(new) as writer:
        assert [one.event.value for one in writer.read("late")] == [4, 5]
    assert [one.value for one in events(new, "late")] == [4, 5]


def test_what_waits_in_memory_comes_along_too(
    home: Path, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    log = Log(open_journal(home / "journal.db").connection)
    one, two = log.rows("late", 1, moment(), [answer(4), answer(5)])
    Fallback(home / "waiting.jsonl").append([one])
    second = elsewhere(home)
    assert second is not None
    second.mkdir(mode=0o700)
    Fallback(second / "waiting.jsonl").append([two])
    new = tmp_path / "new"
    restore(new, back_up(home, stick, nothing).folder, nothing)
    with keeping.journal(new) as writer:
        assert [one.event.value for one in writer.read("late")] == [4, 5]


def test_a_restored_tablet_goes_on(home: Path, stick: Path, tmp_path: Path) -> None:
    copy = back_up(home, stick, nothing)
    new = tmp_path / "new"
    restore(new, copy.folder, nothing)
    opened = open_journal(new / "journal.db")
    assert opened.set_aside is None
    log = Log(opened.connection)
    assert [one.initials for one in access.replay(log.read(book.STREAM)).staff] == ["MK", "JS"]
    clock = SimulatedClock(1_900_000_000.0)
    keep_session(log, clock, OTHER)
    assert [one.stream for one in sessions(log)] == [EARLIER, OTHER]
    assert list(wrongs(log)) == []
    opened.connection.close()
    assert ask(new, "audit")[0] == 0
    assert ask(new, "check")[0] in (0, 2)


def test_the_last_good_settings_come_back_with_the_broken_ones(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    settings_of(home)
    good = (home / LAST_GOOD).read_bytes()
    (home / "config.yaml").write_text("room: [\n")
    copy = back_up(home, stick, nothing)
    old = kept_home(tmp_path / "old", OTHER)
    settings_of(old)
    with (old / LAST_GOOD).open("a") as others:
        others.write("# of another room\n")
    restore(old, copy.folder, nothing)
    assert (old / LAST_GOOD).read_bytes() == good and mode(old / LAST_GOOD) == 0o600
    assert settings_of(old).config.room == "Room 2"


def test_settings_of_another_tablet_never_stay_behind_what_is_restored(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    copy = back_up(home, stick, nothing)
    old = kept_home(tmp_path / "old", OTHER)
    settings_of(old)
    done = restore(old, copy.folder, nothing)
    assert not (old / LAST_GOOD).exists()
    assert done.set_aside is not None and (done.set_aside / LAST_GOOD).exists()


# --- over another --------------------------------------------------------------------------------


def test_what_stood_there_before_is_set_aside_whole(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    copy = back_up(home, stick, nothing)
    old = kept_home(tmp_path / "old", OTHER)
    (old / "config.yaml").write_text("room: Old\n")
    (old / ".carried.json").write_text("{}")
    log = Log(open_journal(old / "journal.db").connection)
    Fallback(old / "waiting.jsonl").append(log.rows("lost", 1, moment(), [answer(1)]))
    before = content(old)
    done = restore(old, copy.folder, nothing)
    aside = done.set_aside
    assert aside is not None and aside.parent == old and mode(aside) == 0o700
    assert content(aside) == before
    assert events(aside, OTHER) == session()
    assert (aside / "waiting.jsonl").exists() and (aside / ".carried.json").exists()
    assert content(old) == content(home)
    assert (old / "logs/screen.log").read_text() == "a line\n"
    with keeping.journal(old) as writer:
        assert writer.read("lost") == ()
        assert len(writer.read(EARLIER)) == len(session())


def test_it_is_refused_while_companion_runs_there(home: Path, stick: Path, tmp_path: Path) -> None:
    copy = back_up(home, stick, nothing)
    old = kept_home(tmp_path / "old", OTHER)
    lock = locks.take(old / "companion.lock")
    assert lock is not None
    before = files(old)
    try:
        code, told = ask(old, "restore", str(copy.folder))
    finally:
        os.close(lock)
    assert (code, told) == (2, "Companion runs in this home. End the day there first.\n")
    assert files(old) == before


def test_a_power_cut_while_it_takes_its_place_is_finished_at_the_next_start(
    home: Path, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rename is the last one before the cut, one after the other."""
    copy = back_up(home, stick, nothing)
    rename, cuts = Path.rename, 0
    while True:
        old = kept_home(tmp_path / f"old-{cuts}", OTHER)
        left = cuts

        def cut(self: Path, target: Path, old: Path = old) -> Path:
            nonlocal left
            if old / restoring.STAGED not in self.parents and self.parent != old:
                return rename(self, target)
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            return rename(self, target)

        with monkeypatch.context() as cutting:
            cutting.setattr(Path, "rename", cut)
            try:
                restore(old, copy.folder, nothing)
                break
            except KeyboardInterrupt:
                cuts += 1
        code, _ = ask(old, "sessions")
        assert code == 0
        assert not (old / restoring.STAGED).exists()
        assert content(old) == content(home)
        assert events(old) == session()
        (aside,) = old.glob("before-restore-*")
        assert events(aside, OTHER) == session()
    assert cuts >= 8


def test_a_cut_before_it_was_proved_leaves_all_as_it_was(
    home: Path, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = back_up(home, stick, nothing)
    old = kept_home(tmp_path / "old", OTHER)
    before = content(old)
    with monkeypatch.context() as cutting:
        cutting.setattr(restoring, "_prove_journal", lambda *_: None)
        cutting.setattr(restoring.shutil, "rmtree", lambda *_, **__: None)

        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        cutting.setattr(restoring, "_problems", cut)
        with pytest.raises(KeyboardInterrupt):
            restore(old, copy.folder, nothing)
    assert (old / restoring.STAGED).exists()
    finish(old)
    assert content(old) == before
    assert events(old, OTHER) == session()
    restore(old, copy.folder, nothing)
    assert content(old) == content(home)


# --- damage --------------------------------------------------------------------------------------


def damage(copy: Path, path: str, how: str) -> None:
    place = copy / LIST if path == LIST else copy / CONTENT / read_list(copy).files[path]
    data = place.read_bytes()
    match how:
        case "gone":
            place.unlink()
        case "cut":
            place.write_bytes(data[: len(data) // 2])
        case "a byte":
            middle = len(data) // 2
            place.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


@pytest.mark.parametrize("how", ["gone", "cut", "a byte"])
@pytest.mark.parametrize("path", ["journal.db", "config.yaml", "playlists/ember.yaml", LIST])
def test_a_damaged_copy_is_refused_and_the_file_is_named(
    home: Path, stick: Path, tmp_path: Path, path: str, how: str
) -> None:
    copy = back_up(home, stick, nothing).folder
    damage(copy, path, how)
    old = kept_home(tmp_path / "old", OTHER)
    before = files(old)
    code, told = ask(old, "restore", str(copy))
    assert code == 1
    assert "all is as it was" in told
    assert path in told.replace("\n", "")
    assert {k: v for k, v in files(old).items() if k != "companion.lock"} == before


def relist(copy: Path, changed: dict[str, bytes]) -> None:
    """Make a copy fit its list again, as somebody would who knows how."""
    told = json.loads((copy / LIST).read_text())
    for path, data in changed.items():
        digest = hashlib.sha256(data).hexdigest()
        (copy / CONTENT / digest).write_bytes(data)
        told["files"][path] = {"sha256": digest, "bytes": len(data)}
    told.pop("sha256")
    told["sha256"] = backup_list._digest_of(told)
    (copy / LIST).write_text(json.dumps(told))


def meddled(journal: Path, sql: str) -> bytes:
    connection = open_journal(journal).connection
    connection.execute("DROP TRIGGER event_is_fixed")
    connection.execute(sql)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return journal.read_bytes()


@pytest.mark.parametrize(
    ("sql", "told_of"),
    [
        ("UPDATE event SET wall = 1 WHERE seq = 4", f"event 4 of {EARLIER}"),
        ("UPDATE private SET body = '{}' WHERE seq = 3", f"event 3 of {EARLIER}"),
    ],
    ids=["the chain", "an event that cannot be read"],
)
def test_a_journal_that_fits_the_list_and_not_its_chain_is_refused(
    home: Path, stick: Path, tmp_path: Path, sql: str, told_of: str
) -> None:
    copy = back_up(home, stick, nothing).folder
    scratch = tmp_path / "journal.db"
    shutil.copy(copy / CONTENT / read_list(copy).files["journal.db"], scratch)
    relist(copy, {"journal.db": meddled(scratch, sql)})
    code, told = ask(tmp_path / "new", "restore", str(copy))
    assert code == 1
    assert told_of in told
    assert not (tmp_path / "new/journal.db").exists()


def test_a_damaged_page_is_refused_even_where_the_list_fits(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    copy = back_up(home, stick, nothing).folder
    data = bytearray((copy / CONTENT / read_list(copy).files["journal.db"]).read_bytes())
    data[4096 : 2 * 4096] = bytes(4096)
    relist(copy, {"journal.db": bytes(data)})
    code, told = ask(tmp_path / "new", "restore", str(copy))
    assert code == 1
    assert "journal.db of the copy is damaged" in told


@pytest.mark.parametrize("path", ["../evil", "playlists/../../evil", "companion.lock", "/etc/x"])
def test_a_list_that_names_what_is_no_file_of_a_home_is_refused(
    home: Path, stick: Path, tmp_path: Path, path: str
) -> None:
    copy = back_up(home, stick, nothing).folder
    relist(copy, {path: b"evil"})
    with pytest.raises(Unusable, match="no file of a home"):
        restore(tmp_path / "deep/new", copy, nothing)
    assert not list(tmp_path.rglob("evil"))


def test_a_record_that_was_not_whole_is_copied_told_and_brought_back(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    meddled(home / "journal.db", "UPDATE event SET wall = 1 WHERE seq = 4")
    code, told = ask(home, "backup", str(stick))
    assert code == 1
    assert f"not whole when it was copied ({EARLIER} 4 changed)" in told
    code, told = ask(tmp_path / "new", "restore", str(stick))
    assert code == 0
    assert "not whole already when it was copied" in told


def test_a_file_that_leads_out_of_the_home_is_left_out_and_named(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.yaml").write_text("title: Secret\n")
    (home / "playlists/out.yaml").symlink_to(tmp_path / "secret.yaml")
    os.mkfifo(home / "playlists/pipe.yaml")
    code, told = ask(home, "backup", str(stick))
    assert code == 1
    assert "left out: playlists/out.yaml leads out" in told
    assert "left out: playlists/pipe.yaml" in told
    assert "playlists/out.yaml" not in read_list(newest(stick)).files


# --- sticks --------------------------------------------------------------------------------------

_CUT = """
import os, sys
from pathlib import Path
from companion.backup import backing_up
home, stick, when = sys.argv[1:]
def cut(*_):
    os._exit(9)
if when == "journal":
    backing_up._make_durable = cut
if when == "list":
    backing_up.write_list = cut
if when == "name":
    backing_up._named = cut
backing_up.back_up(Path(home), Path(stick), cut if when == "content" else lambda part: None)
"""


@pytest.mark.parametrize("when", ["journal", "content", "list", "name"])
def test_killed_in_the_midst_nothing_looks_whole_and_the_next_copy_clears_it(
    home: Path, stick: Path, when: str
) -> None:
    cut = [sys.executable, "-c", _CUT, str(home), str(stick), when]
    assert subprocess.run(cut, check=False).returncode == 9
    (draft,) = stick.iterdir()
    assert draft.name.startswith(".")
    with pytest.raises(Unusable, match="there is no copy"):
        newest(stick)
    copy = back_up(home, stick, nothing)
    assert [path.name for path in stick.iterdir()] == [copy.folder.name]


def test_a_stick_without_room_is_refused_before_anything_is_written(
    home: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = shutil.disk_usage(stick)._replace(free=4096)
    monkeypatch.setattr(backing_up.shutil, "disk_usage", lambda _: room)
    code, told = ask(home, "backup", str(stick))
    assert code == 1
    assert "has no room for it" in told
    assert list(stick.iterdir()) == []


def test_a_stick_that_is_full_in_the_midst_holds_nothing_afterwards(
    home: Path, stick: Path
) -> None:
    """No file may grow beyond a limit: the same fault, of the same calls, as a full disk."""
    (home / "playlists/long.ogg").write_bytes(os.urandom(400_000))
    limited = subprocess.run(
        [sys.executable, "-m", "companion", "--home", str(home), "backup", str(stick)],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
    )
    assert limited.returncode == 1
    assert limited.stdout.startswith("No copy was made. playlists/long.ogg cannot be written")
    assert list(stick.iterdir()) == []


def test_a_stick_pulled_out_is_told_in_words(home: Path, tmp_path: Path) -> None:
    code, told = ask(home, "backup", str(tmp_path / "gone"))
    assert (code, told.count("Is the stick in?")) == (1, 1)
    code, told = ask(home, "restore", str(tmp_path / "gone"))
    assert code == 1
    assert "there is no copy" in told


def test_the_tablets_own_folder_and_an_empty_one_are_refused(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    assert "choose another" in ask(home, "backup", str(home / "playlists"))[1]
    assert "nothing is kept here yet" in ask(tmp_path / "nobody", "backup", str(stick))[1]
    assert list(stick.iterdir()) == []


def test_the_newest_copy_on_a_stick_is_the_one_that_comes_back(
    home: Path, stick: Path, tmp_path: Path
) -> None:
    first = back_up(home, stick, nothing).folder
    first = first.rename(first.with_name("companion-backup-20200101T000000Z"))
    (home / "config.yaml").write_text((home / "config.yaml").read_text() + "# later\n")
    second = back_up(home, stick, nothing).folder
    assert newest(stick) == second
    restore(tmp_path / "new", newest(stick), nothing)
    assert (tmp_path / "new/config.yaml").read_text().endswith("# later\n")
    restore(tmp_path / "new", first, nothing)
    assert not (tmp_path / "new/config.yaml").read_text().endswith("# later\n")


def test_two_files_of_the_same_content_lie_there_once(home: Path, stick: Path) -> None:
    copy = back_up(home, stick, nothing).folder
    listed = read_list(copy)
    prove_files(copy, listed)
    assert (
        listed.files["playlists/tidewater.yaml"]
        == (listed.files["playlists/.reviewed/tidewater/ab/tidewater.yaml"])
    )
    assert len(list((copy / CONTENT).iterdir())) == len(set(listed.files.values()))
