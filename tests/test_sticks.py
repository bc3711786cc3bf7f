"""Sticks that are plugged in, and the sound files on them."""

from pathlib import Path

from companion.curating.sticks import MOST_FILES, Stick, sound_files, sticks


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sound")


def test_only_what_is_mounted_is_a_stick_also_in_a_folder_for_each_user(tmp_path: Path) -> None:
    media, mnt = tmp_path / "media", tmp_path / "mnt"
    for folder in ("media/USB", "media/nurse/MUSIC", "media/nurse/gone", "mnt"):
        (tmp_path / folder).mkdir(parents=True)
    mounts = {media / "USB", media / "nurse" / "MUSIC"}
    roots = (media, tmp_path / "not there", mnt)
    found = sticks(roots, mounts.__contains__)
    assert [stick.name for stick in found] == ["USB", "MUSIC"]
    assert sticks((tmp_path,)) == ()


def test_a_name_that_would_move_the_cursor_is_cleaned(tmp_path: Path) -> None:
    assert Stick(tmp_path / "a\x1b[2Jb").name == "a [2Jb"


def test_sound_files_are_found_and_links_and_hidden_names_are_not(tmp_path: Path) -> None:
    put(tmp_path, "b.ogg", "A/one.FLAC", "A/notes.txt", "._b.ogg", ".Trash/old.mp3")
    (tmp_path / "link.ogg").symlink_to(tmp_path / "b.ogg")
    (tmp_path / "round").symlink_to(tmp_path)
    found = sound_files(tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in found.files} == {"b.ogg", "A/one.FLAC"}
    assert found.all


def test_a_very_full_stick_says_that_there_is_more(tmp_path: Path) -> None:
    put(tmp_path, *(f"{number:04}.mp3" for number in range(MOST_FILES + 1)))
    found = sound_files(tmp_path)
    assert len(found.files) == MOST_FILES
    assert not found.all


def test_a_stick_that_was_pulled_has_nothing(tmp_path: Path) -> None:
    assert sound_files(tmp_path / "pulled").files == ()
