"""Whatever is wrong with one file, it is told with its line and everything else stays on offer."""

from pathlib import Path

import pytest
from library_home import PLAYLIST, make_home
from test_desk import desk

from companion.config_loading import load_config
from companion.library.check import load_library
from companion.library.reading import BYTES

BOMB = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*a, *a]\n" for n in range(9))
MERGE = "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n}\n  <<: [*a, *a]\n" for n in range(9))


def valued(key: str, value: str) -> str:
    """A playlist whose `key` has a value of the wrong kind, in line 3."""
    return PLAYLIST.replace("sections:", f"{key}: {value}\nsections:")


def seeded(value: str) -> str:
    """A playlist whose seed, in line 4, has a value of the wrong kind."""
    return PLAYLIST.replace("shore}", f"shore, seed: {value}}}")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("broken") / "home")


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (BOMB, 2, "repeats another value (`*`)"),
        (MERGE, 3, "repeats another value (`*`)"),
        ("title: " + "[" * 3000, 1, "is nested more than 20 deep"),
        ("title: x\n" + "- " * 3000, 2, "cannot be read as YAML"),
        (PLAYLIST + "title: Again\n", 6, "is written twice; first in line 1"),
        (valued("crossfade", "no"), 3, "expected a time with its unit, such as 8s"),
        (valued("crossfade", "12:30:45"), 3, "expected a time with its unit, such as 8s"),
        (valued("crossfade", "2026-13-45"), 3, "found '2026-13-45'"),
        (valued("crossfade", "9" * 5000), 3, f"found '{'9' * 40}'"),
        (seeded("9" * 5000), 4, "expected a whole number"),
        (seeded("0x1F"), 4, "expected a whole number; found '0x1F'"),
        (seeded("99999999999999999999"), 4, "must be from 0 to 2.14748e+09"),
        (PLAYLIST.replace("title: Calm", "title: !!python/name:os.system"), 1, "has a tag (`!`)"),
        (PLAYLIST.replace("Slow.", "Sl\x00w."), 2, "a control character here (U+0000)"),
        (PLAYLIST.replace("Slow.", "Sl\x1b[2Jow."), 2, "a control character here (U+001B)"),
        (PLAYLIST.replace("Slow.", "Sl\x1bow.").replace("\n", "\r"), 2, "(U+001B)"),
        (PLAYLIST.replace("about", "abut").replace("\n", "\r"), 2, "is not a key here"),
        (PLAYLIST.replace("about", "abut").replace("\n", "\r\n"), 2, "is not a key here"),
        (PLAYLIST.replace("  settle", "\tsettle"), 4, "cannot be read as YAML"),
        ("\ufeff" + PLAYLIST.replace("about", "abut"), 2, "is not a key here"),
        (PLAYLIST.encode("utf-16"), 1, "is not UTF-8 text here"),
        (PLAYLIST.encode("utf-16-le"), 1, "a control character here (U+0000)"),
        (PLAYLIST.replace("Slow", "Café").encode("latin-1"), 2, "is not UTF-8 text here"),
        (b"", 1, "is empty"),
        (b"\xff\xfb\x90\x64" * 300, 1, "is not UTF-8 text here"),
        (b"#" * (20 * 1024 * 1024), 0, "is too large: 20 MB, and 256 kB is the most"),
        (b"#" * (BYTES + 1), 0, "is too large: 257 kB"),
    ],
    ids=lambda value: None if isinstance(value, str | bytes) and len(value) > 60 else value,
)
def test_one_broken_playlist_is_told_and_the_rest_is_offered(
    home: Path, content: str | bytes, line: int, message: str
) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (home / "playlists/broken.yaml").write_bytes(data)

    library = load_library(home, load_config(home / "config.yaml"))

    assert set(library.playlists) == {"calm"} and set(library.scripts) == {"words"}
    told = [one for one in library.problems if message in one.message]
    assert told and {one.file for one in library.problems} == {"playlists/broken.yaml"}
    assert told[0].line == line
    assert all(str(one).isprintable() and len(str(one)) < 240 for one in library.problems)


@pytest.mark.parametrize("text", [PLAYLIST.replace("\n", "\r"), "\ufeff" + PLAYLIST])
def test_other_line_ends_and_a_byte_order_mark_are_read(home: Path, text: str) -> None:
    (home / "playlists/broken.yaml").write_bytes(text.encode())

    library = load_library(home, None)

    assert library.problems == () and set(library.playlists) == {"broken", "calm"}


async def test_a_configuration_broken_later_leaves_the_last_good_one(home: Path) -> None:
    (home / "playlists/broken.yaml").unlink(missing_ok=True)
    staff, _ = desk(home)
    await staff.load()
    good = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(good.replace("room: Room 2", "room: ["))

    await staff.load()
    (home / "config.yaml").write_text(good)

    assert staff.content is not None and staff.content.config.room == "Room 2"
    assert staff.problems[0].file == "config.yaml" and staff.problems[0].line == 4
