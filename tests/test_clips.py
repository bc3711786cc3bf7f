"""Recordings follow their words: whatever becomes of a script, and wherever the work is cut off."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import durable
from companion.library import clip_folder
from companion.library.clip_folder import ClipFolder
from companion.library.clips import Held, Made, Place, Sorted, read_index, sort_out, written_index
from companion.library.files import Unusable
from companion.library.loudness import Loudness

LOUDNESS = Loudness(1.0, -20.0, -3.5, -20.0, 0.0)
WORDS = st.lists(st.sampled_from("ABCDEFG"), max_size=6)
MAKERS = st.sampled_from(["a voice", "a person", "unknown"])
DISK_FAULT = "the disk is full"


class Script:
    """The recordings of one script, as they come to lie in a folder."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "words"
        self.index: dict[str, Made] = {}

    def begin(self, clips: list[tuple[str, str]]) -> None:
        """Recordings `settle-01` and on, each by its words and its maker."""
        folder = ClipFolder(self.folder, {})
        for number, (say, maker) in enumerate(clips, 1):
            place = Place("settle", number, say)
            data = f"{number} {say} by {maker}".encode()
            if maker == "unknown":
                self.folder.mkdir(exist_ok=True)
                (self.folder / place.file).write_bytes(data)
            else:
                voice = "v" if maker == "a voice" else None
                folder.put(place.file, data, Made(say, voice, LOUDNESS))

    def sorted(self, words: list[str]) -> tuple[Sorted, dict[str, Held], ClipFolder]:
        index = self.folder / "clips.json"
        known = read_index(index.read_bytes()) if index.exists() else {}
        folder = ClipFolder(self.folder, known)
        held = folder.held()
        places = [Place("settle", number, say) for number, say in enumerate(words, 1)]
        return sort_out(places, held, "words"), held, folder

    def arrange(self, words: list[str]) -> Sorted:
        order, held, folder = self.sorted(words)
        folder.arrange(order, held)
        return order

    def contents(self) -> dict[str, bytes]:
        found = self.folder.rglob("*.opus")
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}


def persons(contents: dict[str, bytes]) -> set[bytes]:
    return {data for data in contents.values() if not data.endswith(b"a voice")}


@given(st.lists(st.tuples(st.sampled_from("ABCDEFG"), MAKERS), max_size=6), WORDS)
@settings(max_examples=50)
def test_after_any_edit_each_sentence_has_its_words_and_no_persons_recording_is_lost(
    clips: list[tuple[str, str]], words: list[str]
) -> None:
    with TemporaryDirectory() as root:
        script = Script(Path(root))
        script.begin(clips)
        before = script.contents()

        order = script.arrange(words)

        after = script.contents()
        assert persons(after) == persons(before)
        for place in order.fitting:
            assert f" {place.say} by ".encode() in after[place.file]
        for place in order.missing:
            assert not after.get(place.file, b"a voice").endswith(b"a person")
        known = [say for say, maker in clips if maker != "unknown"]
        free = (*order.fitting, *order.missing, *order.other_words)
        for say in set(known):
            wanted = sum(place.say == say for place in free)
            assert sum(p.say == say for p in order.fitting) == min(wanted, known.count(say))
        again, _, _ = script.sorted(words)
        assert again.moves == {}, "a second time there is nothing to move"
        assert {file for file in again.left if after[file].endswith(b"a voice")} == set()


EDITS: dict[str, Callable[[list[str]], list[str]]] = {
    "put one in": lambda said: ["new", *said],
    "turned round": lambda said: said[::-1],
    "first goes last": lambda said: [*said[1:], said[0]],
    "first is gone": lambda said: said[1:],
    "last is gone": lambda said: said[:-1],
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize(
    "makers",
    [
        ["a person"] * 3,
        ["a voice", "a person", "a voice", "a person"],
        ["a person", "unknown", "a person"],
    ],
)
def test_cut_off_anywhere_nothing_is_lost_and_the_next_time_ends_it(
    tmp_path: Path, edit: str, makers: list[str]
) -> None:
    clips = list(zip("ABCD", makers, strict=False))
    words = EDITS[edit]([say for say, _ in clips])
    for writes in range(10):
        script = Script(tmp_path / f"{writes}")
        script.folder.parent.mkdir()
        script.begin(clips)
        before = script.contents()

        _fail_after(writes, lambda now=script: now.arrange(words))

        assert persons(script.contents()) == persons(before)
        order = script.arrange(words)
        after = script.contents()
        assert persons(after) == persons(before)
        known = {say for say, maker in clips if maker == "a person" and say in words}
        placed = {place.say for place in order.fitting}
        assert known <= placed | {place.say for place in order.own}
        for place in order.fitting:
            assert f" {place.say} by ".encode() in after[place.file]


def _fail_after(writes: int, work: Callable[[], object]) -> None:
    """Do `work` on a disk that is full after so many files."""
    left = iter(range(writes))

    def full(path: Path, data: bytes) -> None:
        if next(left, None) is None:
            raise OSError(DISK_FAULT)
        durable.replace_file(path, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clip_folder, "replace_file", full)
        try:
            work()
        except OSError as error:
            assert str(error) == DISK_FAULT


def test_a_recording_that_the_script_names_is_never_touched(tmp_path: Path) -> None:
    script = Script(tmp_path)
    script.begin([("A", "a voice"), ("B", "a person")])
    places = [
        Place("settle", 1, "B", "words/settle-02.opus"),
        Place("settle", 2, "C"),
        Place("settle", 3, "A", "words/settle-03.opus"),
    ]
    _, held, _ = script.sorted([])

    order = sort_out(places, held, "words")

    assert [place.say for place in order.named] == ["B", "C"], "C's place is taken by what B names"
    assert {p.file: file for p, file in order.fitting.items()} == {
        "settle-03.opus": "settle-01.opus"
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"a": 1}',
        b'{"a": {"say": 1, "voice": null}}',
        b"\xff",
        written_index({"a": Made("A", "v", LOUDNESS)}).replace(b"-20.0", b"NaN"),
        written_index({"a": Made("A", "v", LOUDNESS)}).replace(b'"v"', b"7"),
    ],
)
def test_an_index_that_says_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(Unusable, match="does not say which recording says what"):
        read_index(data)


def test_an_index_is_read_as_it_was_written() -> None:
    made = {hashlib.sha256(b"x").hexdigest(): Made("Für “dich”.", None, LOUDNESS)}
    assert read_index(written_index(made)) == made
