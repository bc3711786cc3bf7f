"""`companion voice --from`: a person's own recordings, of any kind that can be played."""

from pathlib import Path

import numpy as np
import pytest
import sound_files
from library_home import write
from test_voice import library_of
from voice_home import RETURN, SETTLE, VoiceHome

from companion.library.clips import Place
from companion.library.loudness import measure
from companion.library.takes import Unclear, match

PLACES = [Place("settle", 1, "a"), Place("settle", 2, "b"), Place("return", 1, "c")]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VoiceHome:
    return VoiceHome(tmp_path / "h", monkeypatch)


def said(path: Path, seconds: float, level: float = -12.0) -> Path:
    """A sound with half a second of quiet before and after it."""
    quiet = np.zeros((24_000, 2), np.float32)
    samples = np.concatenate([quiet, sound_files.tone(seconds, 300.0, level), quiet])
    return sound_files.write(path, samples)


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (["settle-01.wav", "settle 2.FLAC"], ["settle-01", "settle-02"]),
        (["Return_001.m4a", "RETURN.1.txt"], ["return-01", None]),
        (["settle1.wav"], ["settle-01"]),
        (["10.wav", "9.wav", "8.wav"], ["return-01", "settle-02", "settle-01"]),
        (["take b.mp3", "take a.mp3", "take c.ogg"], ["settle-02", "settle-01", "return-01"]),
        (["settle 3.wav", "settle 2.wav", "notes.txt", "hum.wav"], [None, "settle-02", None, None]),
    ],
)
def test_names_tell_which_sentence_is_meant(names: list[str], files: list[str | None]) -> None:
    takes = match(names, PLACES)
    found = {file: place.name for place, file in takes.files.items()}
    assert [found.get(name) for name in names] == files
    assert set(takes.unused) == {name for name, file in zip(names, files, strict=True) if not file}
    assert {place.name for place in takes.missing} == {p.name for p in PLACES} - set(found.values())


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["1.wav", "2.wav", "4.wav", "5.wav"], "4 recordings for 3 sentences"),
        (["1.wav"], "there is 1 recording for 3 sentences"),
        (["settle " + "9" * 400 + ".wav"], "1 recording for 3 sentences"),
        (["notes.txt"], "there are 0 recordings"),
        (["settle 1.wav", "Settle-01.mp3"], "are both for settle-01"),
    ],
)
def test_names_that_could_put_words_at_the_wrong_place_are_refused(
    names: list[str], told: str
) -> None:
    with pytest.raises(Unclear, match=told):
        match(names, PLACES)


def test_a_folder_becomes_the_recordings_trimmed_and_level(
    given: VoiceHome, tmp_path: Path
) -> None:
    folder = tmp_path / "takes"
    said(folder / "settle 1.wav", 1.0, -40.0)
    said(folder / "Settle-02.flac", 1.5)
    said(folder / "return 2.mp3", 2.0, -3.0)
    said(folder / "return 7.m4a", 1.0)
    write(folder / "notes.txt", "The second is the best.\n")

    code, told = given.ask("voice", "words", "--from", str(folder))

    assert code == 0, told
    assert told[-1] == "3 taken, 0 kept, 2 missing, 2 files not used."
    assert "notes.txt: not used: is no sound file" in told
    assert "return 7.m4a: not used: there is no sentence return-07" in told
    assert "settle-03: has no recording, here or in the folder" in told
    for file, seconds in (("settle-01", 1.0), ("settle-02", 1.5), ("return-02", 2.0)):
        found = measure(given.clips / f"{file}.opus")
        assert found.loudness == pytest.approx(-20.0, abs=1.0) and found.peak <= -3.0
        assert found.seconds == pytest.approx(seconds + 0.15, abs=0.05)
    assert library_of(given).problems == ()

    first = given.bytes_of()
    assert given.ask("voice", "words")[1][-1] == "2 spoken, 3 kept, 0 failed."
    assert given.said() == [SETTLE[2], RETURN[0]]
    given.script((SETTLE[1], "A new one.", *SETTLE[2:]))
    code, told = given.ask("voice", "words")
    assert (code, told[-1]) == (0, "1 spoken, 4 kept, 0 failed.")
    now = given.bytes_of()
    assert now["settle-01.opus"] == first["settle-02.opus"]
    assert first["settle-01.opus"] in now.values(), "no sentence has it, and it lies in unused"


def test_one_that_cannot_be_used_changes_nothing(given: VoiceHome, tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    said(folder / "settle 1.wav", 1.0)
    said(folder / "settle 2.wav", 1.0, -90.0)
    (folder / "return 1.ogg").write_bytes(b"no sound")
    (folder / "return 2.wav").symlink_to("/etc/hostname")

    code, told = given.ask("voice", "words", "--from", str(folder))

    assert code == 1
    assert told[-1] == "Nothing was changed."
    assert any(line.startswith("settle 2.wav: is silent") for line in told)
    assert any(line.startswith("return 1.ogg: cannot be decoded") for line in told)
    assert "return 2.wav: leads out of the library's folder" in told
    assert given.bytes_of() == {}


def test_a_recording_of_ones_own_stays_until_again_and_new_words_take_a_new_one(
    given: VoiceHome, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    said(first / "settle 1.wav", 1.0)
    said(second / "settle 1.wav", 2.0)
    given.ask("voice", "words", "--from", str(first))
    mine = given.bytes_of()

    code, told = given.ask("voice", "words", "--from", str(first))
    assert (code, told[0]) == (0, "settle-01: settle 1.wav is not used: it is there already")
    _, told = given.ask("voice", "words", "--from", str(second))
    assert "--again takes this one instead" in told[0]
    assert given.bytes_of() == mine

    given.script(("You may rest now.", *SETTLE[1:]))
    code, told = given.ask("voice", "words")
    assert code == 1
    assert told[0].startswith("settle-01: your recording says 'You may rest here.'")
    assert given.bytes_of()["settle-01.opus"] == mine["settle-01.opus"]
    (problem,) = library_of(given).problems
    assert "says other words" in problem.message

    code, told = given.ask("voice", "words", "--from", str(second))
    assert (code, told[0]) == (0, "settle-01: settle 1.wav, 2.2 s")
    assert mine["settle-01.opus"] in given.bytes_of().values()
    assert library_of(given).problems == ()


def test_names_that_tell_nothing_and_a_folder_that_is_not_there(
    given: VoiceHome, tmp_path: Path
) -> None:
    said(tmp_path / "takes/one.wav", 1.0)
    code, told = given.ask("voice", "words", "--from", str(tmp_path / "takes"))
    assert code == 1
    assert "there is 1 recording for 5 sentences" in told[0]
    code, told = given.ask("voice", "words", "--from", str(tmp_path / "none"))
    assert code == 2 and "does not exist" in told[-1]
