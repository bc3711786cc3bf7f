"""Files are opened only below the library's own folders, and only plain ones."""

import os
from pathlib import Path

import pytest

from companion.library.files import SOUND, Unusable, content_hash, find


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "playlists"
    (root / "music").mkdir(parents=True)
    (root / "music" / "a.wav").write_bytes(b"sound")
    (root / "notes.txt").write_bytes(b"text")
    (tmp_path / "outside.wav").write_bytes(b"secret")
    (root / "out.wav").symlink_to(tmp_path / "outside.wav")
    (root / "away").symlink_to(tmp_path)
    (root / "loop.wav").symlink_to(root / "loop.wav")
    (root / "inside.wav").symlink_to(root / "music" / "a.wav")
    (root / "folder.wav").mkdir()
    os.mkfifo(root / "pipe.wav")
    return root


def test_files_below_the_root_are_found(root: Path) -> None:
    inside = (root / "music" / "a.wav").resolve()
    assert find(root, "music/a.wav", SOUND, 10) == inside
    assert find(root, "music/../music/a.wav", SOUND, 10) == inside
    assert find(root, "inside.wav", SOUND, 10) == inside


@pytest.mark.parametrize(
    ("relative", "why"),
    [
        ("", "must be the path"),
        ("/etc/a.wav", "must be the path"),
        ("~/a.wav", "must be the path"),
        ("http://example.org/a.wav", "must be the path"),
        ("file:a.wav", "must be the path"),
        ("concat:a|b.wav", "must be the path"),
        ("music\\a.wav", "must be the path"),
        ("a\0.wav", "must be the path"),
        ("../outside.wav", "leads out"),
        ("music/../../outside.wav", "leads out"),
        ("out.wav", "leads out"),
        ("away/outside.wav", "leads out"),
        ("loop.wav", "cannot be reached"),
        ("music/none.wav", "there is no such file"),
        ("x" * 400 + ".wav", "cannot be reached"),
        ("folder.wav", "is not a plain file"),
        ("pipe.wav", "is not a plain file"),
        ("notes.txt", "must end in one of"),
        ("music", "must end in one of"),
    ],
)
def test_everything_else_is_refused_in_words(root: Path, relative: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        find(root, relative, SOUND, 10)


def test_a_file_that_is_too_large_is_refused(root: Path) -> None:
    with pytest.raises(Unusable, match="is too large: 1 kB"):
        find(root, "music/a.wav", SOUND, 4)


def test_the_hash_is_of_the_content(root: Path) -> None:
    (root / "b.wav").write_bytes(b"sound")
    assert content_hash(root / "b.wav") == content_hash(root / "music" / "a.wav")
    with pytest.raises(Unusable, match="cannot be opened: No such file"):
        content_hash(root / "gone.wav")
