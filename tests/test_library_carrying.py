"""The library goes to a stick and to another tablet, whole, and nobody's edit is lost."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from accepted import accept_all
from click.testing import CliRunner
from library_home import PLAYLIST, make_home, write

from companion.cli import main
from companion.curating import carrying
from companion.curating.carrying import CARRIED, LIST, Carried, carry_from, carry_to
from companion.curating.carrying_reviews import reviews_to
from companion.home import fill_home
from companion.library.check import load_library
from companion.library.files import Unusable
from companion.record import record
from companion.review.travel import FILE
from companion.session.book import Kind

PATH = "playlists/calm.yaml"
SOUND = "playlists/music/low.wav"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return make_home(tmp_path / "here")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    (tmp_path / "there").mkdir()
    return tmp_path / "there"


def to(home: Path, stick: Path, again: bool = False) -> Carried:
    return carry_to(home, stick, again, lambda _: None)


def back(home: Path, stick: Path, again: bool = False) -> Carried:
    return carry_from(home, stick, again, lambda _: None)


def edit(home: Path, title: str) -> str:
    text = PLAYLIST.replace("Calm", title)
    write(home / PATH, text)
    return text


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_arrives_and_is_played(here: Path, stick: Path, there: Path) -> None:
    parts: list[float] = []
    carried = carry_to(here, stick, False, parts.append)
    assert parts[-1] == 1.0 and parts == sorted(parts)
    assert carried.copied[-2:] == (PATH, "scripts_guided/words.yaml"), "sounds come first"
    assert back(there, stick).copied == carried.copied
    library = load_library(there, None)
    assert library.problems == ()
    assert library.playlists["calm"].hash == load_library(here, None).playlists["calm"].hash
    assert to(here, stick).copied == back(there, stick).copied == ()


def test_an_edit_goes_where_nobody_edited(here: Path, stick: Path, there: Path) -> None:
    to(here, stick)
    back(there, stick)
    text = edit(here, "Newer")
    assert to(here, stick).copied == (PATH,)
    assert back(there, stick).copied == (PATH,)
    assert (there / PATH).read_text() == text
    text = edit(there, "Newest")
    assert to(there, stick).copied == back(here, stick).copied == (PATH,)
    assert (here / PATH).read_text() == text


def test_an_edit_on_this_tablet_stays_until_asked(here: Path, stick: Path, there: Path) -> None:
    to(here, stick)
    back(there, stick)
    hers, mine = edit(there, "Hers"), edit(here, "Mine")
    to(here, stick)
    assert back(there, stick).kept == (PATH,)
    assert (there / PATH).read_text() == hers
    assert back(there, stick, again=True).copied == (PATH,)
    assert (there / PATH).read_text() == mine


def test_an_edit_of_another_tablet_on_the_stick_stays_too(
    here: Path, stick: Path, there: Path
) -> None:
    to(here, stick)
    back(there, stick)
    hers = edit(there, "Hers")
    to(there, stick)
    edit(here, "Mine")
    assert to(here, stick).kept == (PATH,)
    assert (stick / PATH).read_text() == hers
    assert json.loads((stick / LIST).read_text()).keys() >= {PATH, SOUND}
    assert back(there, stick).same, "the stick is still whole"
    assert to(here, stick, again=True).copied == (PATH,)


def test_an_old_stick_never_brings_an_old_version_back(
    here: Path, stick: Path, tmp_path: Path
) -> None:
    to(here, stick)
    text = edit(here, "Newer")
    (tmp_path / "other").mkdir()
    to(here, tmp_path / "other")
    assert back(here, stick).kept == (PATH,)
    assert (here / PATH).read_text() == text
    assert to(here, stick).copied == (PATH,), "and it is brought up to date"


def test_what_was_shipped_and_nobody_touched_gives_way(here: Path, stick: Path) -> None:
    there = stick.parent / "fresh"
    fill_home(there)
    shipped = (there / "playlists/tidewater.yaml").read_text()
    write(here / "playlists/tidewater.yaml", shipped.replace("Tidewater", "Our Tidewater"))
    write(here / "playlists/ember.yaml", shipped)
    write(there / "playlists/ember.yaml", shipped.replace("Tidewater", "My Ember"))
    to(here, stick)
    done = CliRunner().invoke(main, ["--home", str(there), "library", "from", str(stick)])
    assert done.exit_code == 1
    assert "playlists/ember.yaml: what is on this tablet is newer, or somebody" in done.output
    assert "Our Tidewater" in (there / "playlists/tidewater.yaml").read_text()
    assert "My Ember" in (there / "playlists/ember.yaml").read_text()


@pytest.mark.parametrize("spoilt", [SOUND, PATH, LIST])
def test_a_stick_that_is_damaged_or_unfinished_is_not_taken(
    here: Path, stick: Path, there: Path, spoilt: str
) -> None:
    to(here, stick)
    data = (stick / spoilt).read_bytes()
    for spoil in (lambda: (stick / spoilt).write_bytes(data[:-3]), (stick / spoilt).unlink):
        spoil()
        with pytest.raises(Unusable, match=r"is not what was copied|there is no such|holds no lib"):
            back(there, stick)
        assert files_in(there) == set()
    to(here, stick)
    assert PATH in back(there, stick).copied


@pytest.mark.parametrize(
    "path",
    [
        "../x.yaml",
        "config.yaml",
        "playlists/../../x.yaml",
        "/etc/x.yaml",
        "playlists/.x.yaml",
        "playlists/x.sh",
        "playlists/",
        "journal.db",
        "playlists/link/x.yaml",
    ],
)
def test_a_stick_can_write_only_into_the_library(
    here: Path, stick: Path, there: Path, path: str
) -> None:
    to(here, stick)
    write(stick.parent / "x.yaml", "x")
    (stick / "playlists/link").symlink_to(stick.parent)
    listed = json.loads((stick / LIST).read_text())
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    (stick / LIST).write_text(json.dumps(listed | {path: digest}))
    with pytest.raises(Unusable, match=r"no file of a library|must end|leads out|must be"):
        back(there, stick)
    assert files_in(there) == set()


def test_a_folder_that_leads_away_is_not_written_through(
    here: Path, stick: Path, there: Path
) -> None:
    (stick.parent / "elsewhere").mkdir()
    (stick / "playlists").mkdir()
    (stick / "playlists/music").symlink_to(stick.parent / "elsewhere")
    with pytest.raises(Unusable, match="outside of"):
        to(here, stick)
    assert files_in(stick.parent / "elsewhere") == set()


def test_a_full_disk_or_a_pulled_stick_changes_nothing(
    here: Path, stick: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to(here, stick)
    back(there, stick)
    edit(here, "Newer")
    write(here / "playlists/another.yaml", PLAYLIST)
    before = {path: (stick / path).read_bytes() for path in files_in(stick)}
    calls = 0
    whole = os.fsync

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError(28, "No space left on device")
        whole(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(Unusable, match=r"calm.yaml cannot be written here: No space left"):
            to(here, stick)
    assert {path: (stick / path).read_bytes() for path in files_in(stick)} == before
    assert to(here, stick).copied == ("playlists/another.yaml", PATH)


def test_a_killed_copying_leaves_whole_files_and_is_done_again(
    here: Path, stick: Path, there: Path
) -> None:
    code = (
        "import os, sys; from pathlib import Path;"
        "from companion.curating.carrying import carry_to;"
        "carry_to(Path(sys.argv[1]), Path(sys.argv[2]), False,"
        " lambda part: os.kill(os.getpid(), 9) if part > 0.9 else None)"
    )
    subprocess.run([sys.executable, "-P", "-c", code, str(here), str(stick)], check=False)
    left = files_in(stick)
    assert left and all(name.endswith(".draft") for name in left)
    with pytest.raises(Unusable, match="holds no library"):
        back(there, stick)
    to(here, stick)
    assert not any(name.endswith(".draft") for name in files_in(stick))
    assert back(there, stick).copied


def test_what_is_none_of_the_library_is_told(here: Path, stick: Path, there: Path) -> None:
    write(here / "playlists/notes.txt", "mine")
    (here / "playlists/music/away.wav").symlink_to("/etc/hostname")
    (here / "playlists/.reviewed/calm").mkdir(parents=True)
    write(here / "playlists/.reviewed/calm/calm.yaml", PLAYLIST)
    carried = to(here, stick)
    assert [path for path, _ in carried.left_out] == [
        "playlists/music/away.wav",
        "playlists/notes.txt",
    ]
    assert ".reviewed" not in str(files_in(stick))
    done = CliRunner().invoke(main, ["--home", str(here), "library", "to", str(stick)])
    assert done.exit_code == 1 and "left out: playlists/notes.txt must end in" in done.output


def test_where_it_cannot_go_is_told(here: Path, stick: Path) -> None:
    with pytest.raises(Unusable, match="Is the stick in"):
        to(here, stick / "none")
    with pytest.raises(Unusable, match="lie in each other"):
        to(here, here / "playlists")
    done = CliRunner().invoke(main, ["--home", str(here), "library", "from", str(stick)])
    assert done.exit_code == 1
    assert done.output.startswith("Nothing was copied.") and "holds no library" in done.output


def test_what_is_known_of_recordings_goes_along(here: Path, stick: Path, there: Path) -> None:
    write(here / "scripts_guided/words/clips.json", "{}")
    write(here / "playlists/clips.json", "{}")
    carried = to(here, stick)
    assert "scripts_guided/words/clips.json" in carried.copied
    assert [path for path, _ in carried.left_out] == ["playlists/clips.json"]
    assert "scripts_guided/words/clips.json" in back(there, stick).copied


# --- reviews --------------------------------------------------------------------------------------

PIN = "274951"


def library(home: Path, *words: str | Path, typed: str = "") -> tuple[int, str]:
    command = ["--home", str(home), "library", *map(str, words)]
    done = CliRunner().invoke(main, command, input=typed)
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tablet on which MK accepted everything, its stick, and one where JS and NN work."""
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "stick").mkdir()
    here, there = make_home(folder / "here"), folder / "there"
    assert record.change_staff(here, "add", "MK", role="lead", pin=PIN) is None
    accept_all(here, "MK")
    code, told = library(here, "to", folder / "stick")
    assert code == 0 and re.search(r"^[2-9] reviews of it came along", told, re.MULTILINE)
    shutil.copytree(here / "cache", there / "cache")
    for who, role in (("JS", "lead"), ("NN", "nurse")):
        assert record.change_staff(there, "add", who, role=role, pin=PIN) is None
    return folder


@pytest.fixture
def clinic(carried: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(carried, tmp_path / "clinic"))


def newest(home: Path) -> tuple[str, bool] | None:
    found = record.reviews(home).newest(Kind.PLAYLIST, "calm")
    return None if found is None else (found.who, found.elsewhere)


def test_reviews_go_along_and_are_taken_in_with_a_pin(clinic: Path) -> None:
    there = clinic / "there"
    code, told = library(there, "from", clinic / "stick", typed=f"JS\n{PIN}\n")
    assert code == 0 and re.search(r"[2-9] reviews taken in", told) and PIN not in told
    assert newest(there) == ("MK", True)
    code, told = library(there, "from", clinic / "stick")
    assert code == 0 and told.endswith("No review came along that is new here.\n")


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        ("", 0, "The reviews stay in the folder"),
        ("\n", 0, "The reviews stay in the folder"),
        (f"NN\n{PIN}\n", 1, "No review was taken in."),
        ("JS\n918273\n", 1, "No review was taken in."),
    ],
)
def test_only_who_may_review_takes_them_in(clinic: Path, typed: str, code: int, told: str) -> None:
    there = clinic / "there"
    found, said = library(there, "from", clinic / "stick", typed=typed)
    assert (found, told in said) == (code, True), said
    assert newest(there) is None and (there / PATH).exists()


def test_reviews_of_other_tablets_stay_on_the_stick(clinic: Path) -> None:
    before = json.loads((clinic / "stick" / FILE).read_text())["reviews"]
    reviews_to(clinic / "there", clinic / "stick")
    after = json.loads((clinic / "stick" / FILE).read_text())["reviews"]
    assert before and after == before


@pytest.mark.parametrize("spoilt", ["", "[", "[]", '{"reviews": 3}', '{"reviews": [{}]}'])
def test_reviews_that_cannot_be_read_are_left_alone(clinic: Path, spoilt: str) -> None:
    (clinic / "stick" / FILE).write_text(spoilt)
    _, told = library(clinic / "there", "from", clinic / "stick", typed=f"JS\n{PIN}\n")
    assert "No review" in told
    assert newest(clinic / "there") is None


def test_a_memory_that_is_spoilt_only_asks_more_often(here: Path, stick: Path) -> None:
    to(here, stick)
    (here / CARRIED).write_text("[")
    edit(here, "Newer")
    assert to(here, stick).kept == (PATH,)
    assert carrying.LIST in files_in(stick)
