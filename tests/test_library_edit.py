"""A playlist is edited as a person would: what she wrote stays, to the letter."""

import re
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.library.edit import PlaylistEdit
from companion.library.section_text import ARC
from companion.problems import BadContent

WRITTEN = """\
# Our first playlist; ask MK before you change it.
title: Tide   # as in water
about: >
  Slow surf,
  no beat.

sections:                      # by phase
  settle:  [ {soundscape: shore, seed: 7} ]
  # rather short
  onset:
  - file: 'music/first light.ogg'     # from the old tablet
    title: "First \\"Light\\""
    # mastered softly
    level: -2.50

  # the warm one
  - {soundscape: warm-pads,  seed: 007}   # by JS

  # nothing loud before this line
  return:
      - soundscape: shore
        # slow
      # last of all
      - { file: music/b.flac,
          title: B }
      # more to come
crossfade: 8s
"""


def opened(folder: Path, text: str = WRITTEN) -> PlaylistEdit:
    path = folder / "tide.yaml"
    path.write_bytes(text.encode())
    return PlaylistEdit(path)


def part(text: str, first: str, last: str = "\n  return:") -> str:
    return text[text.index(first) : text.index(last)]


def test_what_is_not_changed_stays_to_the_letter(tmp_path: Path) -> None:
    edit = opened(tmp_path)
    edit.change("onset", 1, level=-4, title="Warm: low")
    changed = "  - {soundscape: warm-pads,  seed: 007, level: -4, title: 'Warm: low'}   # by JS\n"
    assert edit.text() == WRITTEN.replace(
        "  - {soundscape: warm-pads,  seed: 007}   # by JS\n",
        changed.replace(", level", ",  level").replace(", title", ",  title"),
    )
    edit.change("onset", 1, level=None, title=None)
    assert edit.text() == WRITTEN
    edit.save()
    assert (tmp_path / "tide.yaml").read_text() == WRITTEN


def test_comments_go_with_their_tracks(tmp_path: Path) -> None:
    edit = opened(tmp_path)
    edit.move("onset", 1, 0)
    assert part(edit.text(), "  onset:", "\n  # nothing") == (
        "  onset:\n"
        "  # the warm one\n"
        "  - {soundscape: warm-pads,  seed: 007}   # by JS\n"
        "  - file: 'music/first light.ogg'     # from the old tablet\n"
        '    title: "First \\"Light\\""\n'
        "    # mastered softly\n"
        "    level: -2.50\n"
        "\n"
    )


def test_a_track_goes_from_lines_into_brackets_and_back(tmp_path: Path) -> None:
    edit = opened(tmp_path)
    edit.put("onset", 0, "settle", 1)
    assert part(edit.text(), "  settle", "  # rather") == (
        "  settle:  [\n"
        "      {soundscape: shore, seed: 7},\n"
        "      # from the old tablet\n"
        "      # mastered softly\n"
        '      {file: \'music/first light.ogg\', title: "First \\"Light\\"", level: -2.50}\n'
        "  ]\n"
    )
    edit.put("settle", 0, "return", 1)
    assert (
        "        # slow\n      - {soundscape: shore, seed: 7}\n      # last of all\n" in edit.text()
    )
    edit.put("return", 2, "settle", 0)
    assert (
        "      # last of all\n      { file: music/b.flac,\n          title: B },\n" in edit.text()
    )


def test_a_section_is_made_in_the_order_of_the_arc(tmp_path: Path) -> None:
    edit = opened(tmp_path)
    edit.add("peak", {"file": "music/c.ogg", "title": "C", "artist": None, "licence": "CC0-1.0"})
    edit.add("peak", {"soundscape": "shore", "brightness": 0.45, "density": 0.3})
    edit.add("recovery", {"soundscape": "shore"})
    assert list(edit.sections) == ["settle", "onset", "peak", "return", "recovery"]
    assert (
        "  peak:\n  - file: music/c.ogg\n    title: C\n    licence: CC0-1.0\n"
        "  - {soundscape: shore, brightness: 0.45, density: 0.3}\n"
    ) in edit.text()
    assert edit.text().endswith(
        "      # more to come\n  recovery:\n  - {soundscape: shore}\ncrossfade: 8s\n"
    )
    for _ in range(2):
        edit.remove("peak", 0)
    edit.remove("recovery", 0)
    assert edit.text() == WRITTEN


def test_the_last_track_takes_its_section_along_unless_a_comment_stands_there(
    tmp_path: Path,
) -> None:
    edit = opened(tmp_path)
    edit.remove("settle", 0)
    assert "settle" not in edit.text()
    edit.remove("onset", 1)
    edit.remove("onset", 0)
    assert "  # rather short\n  onset:\n" in edit.text() and "mastered" not in edit.text()
    edit.add("onset", {"soundscape": "shore"})
    assert "  # rather short\n  onset:\n      - {soundscape: shore}\n" in edit.text()


def test_all_in_brackets_stays_in_brackets(tmp_path: Path) -> None:
    text = (
        '{"title": "T", "about": "A", "sections":\n'
        '  {"settle": [{"soundscape": "shore"}], "peak": [{"file": "a.ogg"}]}}\n'
    )
    edit = opened(tmp_path, text)
    edit.add("onset", {"file": "b.ogg", "title": "what's, this?"})
    edit.put("peak", 0, "settle", 0)
    assert edit.text() == (
        '{"title": "T", "about": "A", "sections":\n  {"settle": [{"file": "a.ogg"}, '
        "{\"soundscape\": \"shore\"}], onset: [{file: b.ogg, title: 'what''s, this?'}]}}\n"
    )


def test_sections_in_brackets_make_a_new_one_in_brackets(tmp_path: Path) -> None:
    text = "title: T\nabout: A\nsections:\n  peak: [{soundscape: shore}] # high\n"
    edit = opened(tmp_path, text)
    edit.add("settle", {"soundscape": "shore"})
    assert edit.text() == text.replace("  peak", "  settle: [{soundscape: shore}]\n  peak")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_end_as_they_did(tmp_path: Path, ending: str) -> None:
    text = "\ufefftitle: T\nabout: A\nsections:\n  peak:\n    - file: a.ogg # x".replace(
        "\n", ending
    )
    edit = opened(tmp_path, text)
    edit.change("peak", 0, file=None, soundscape="shore")
    edit.add("peak", {"soundscape": "shore"})
    edit.save()
    new = ("    - soundscape: shore", "      # x", "    - {soundscape: shore}", "")
    data = (tmp_path / "tide.yaml").read_bytes().decode()
    assert data == text.replace("    - file: a.ogg # x", ending.join(new))


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda e: e.remove("peak", 0), "there is no such track"),
        (lambda e: e.remove("onset", -1), "there is no such track"),
        (lambda e: e.move("onset", 0, 2), "there is no such place"),
        (lambda e: e.add("peek", {"soundscape": "shore"}), "there is no such section"),
    ],
)
def test_what_is_not_there_is_refused(tmp_path: Path, act: Any, told: str) -> None:
    edit = opened(tmp_path)
    with pytest.raises(BadContent, match=told):
        act(edit)
    assert edit.text() == WRITTEN


def test_nothing_is_saved_that_the_loader_would_not_take(tmp_path: Path) -> None:
    edit = opened(tmp_path)
    edit.change("settle", 0, level=9)
    with pytest.raises(BadContent, match=r"tide.yaml:8:\d+: .*level: must be from -24 to 6 dB"):
        edit.save()
    only = opened(tmp_path, "title: T\nabout: A\nsections:\n  peak: [{soundscape: shore}]\n")
    only.remove("peak", 0)
    with pytest.raises(BadContent, match="at least one phase"):
        only.save()
    only.add("onset", {"soundscape": "shore"})
    only.save()
    assert "shore" in (tmp_path / "tide.yaml").read_text()


def test_a_file_that_somebody_else_changed_is_not_overwritten(tmp_path: Path) -> None:
    edit = opened(tmp_path)
    edit.remove("settle", 0)
    (tmp_path / "tide.yaml").write_text(WRITTEN + "# hers\n")
    with pytest.raises(BadContent, match="was changed by somebody else"):
        edit.save()
    assert (tmp_path / "tide.yaml").read_text() == WRITTEN + "# hers\n"


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    edit = opened(tmp_path)
    edit.remove("settle", 0)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BadContent, match=r"tide.yaml: cannot be written: No space left"):
        edit.save()
    assert [path.name for path in tmp_path.iterdir()] == ["tide.yaml"]
    assert (tmp_path / "tide.yaml").read_text() == WRITTEN
    monkeypatch.undo()
    edit.save()
    assert "settle" not in (tmp_path / "tide.yaml").read_text()


def test_a_file_that_cannot_be_used_is_not_opened(tmp_path: Path) -> None:
    for text, told in (("title: [", "cannot be read as YAML"), ("title: T\n", "is missing")):
        with pytest.raises(BadContent, match=told):
            opened(tmp_path, text)
    with pytest.raises(BadContent, match=r"none.yaml: there is no such file"):
        PlaylistEdit(tmp_path / "none.yaml")


def test_what_is_written_in_a_rare_way_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = "title: T\nabout: A\nsections:\n  peak: [soundscape: shore]\n"
    edit = opened(tmp_path, text)
    with pytest.raises(BadContent, match=r"sections.peak\[0\]: is written in a way"):
        edit.change("peak", 0, level=-3)
    assert edit.text() == text


# --- any edits of any file ------------------------------------------------------------------------

LETTERS = st.text(string.ascii_letters + " ,:#'\"[]{}-&*!|>%@`?éß→\t~=0", min_size=1, max_size=12)
TITLES = LETTERS.filter(lambda text: text.strip() == text and text)
FIELDS = st.fixed_dictionaries(
    {"title": TITLES},
    optional={
        "level": st.integers(-24, 6),
        "density": st.sampled_from((0.1, 0.25, 1)),
        "artist": TITLES,
    },
)


def quoted(text: str, way: int) -> str:
    single = "'" + text.replace("'", "''") + "'"
    double = '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
    bare = text if re.fullmatch(r"[A-Za-zéß]+", text) and text != "null" else single
    return (single, double, bare)[way]


@st.composite
def tracks(draw: Any, mark: Any) -> tuple[list[tuple[str, str]], str, tuple[str, ...]]:
    """Pairs of a track, how it is written, and the comments above, beside and within it."""
    fields = draw(FIELDS)
    pairs = [("soundscape", "shore")]
    pairs += [
        (key, quoted(value, draw(st.integers(0, 2))) if isinstance(value, str) else str(value))
        for key, value in fields.items()
    ]
    way = draw(st.sampled_from(("lines", "braces", "wide")))
    return draw(st.permutations(pairs)), way, tuple(mark() for _ in range(draw(st.integers(0, 3))))


@st.composite
def playlists(draw: Any) -> tuple[str, set[str]]:
    """A playlist's text and the comments that stand with no track."""
    count, loose = 0, set()

    def mark() -> str:
        nonlocal count
        count += 1
        return f"# note{count:03}"

    def alone(pad: str) -> str:
        if not draw(st.booleans()):
            return ""
        loose.add(mark())
        return f"{pad}# note{count:03}\n"

    text = alone("") + "title: T\nabout: A\nsections:\n"
    for key in draw(st.lists(st.sampled_from(ARC), min_size=1, max_size=4, unique=True)):
        text += alone("  ") + "\n"
        written = draw(st.lists(tracks(mark), min_size=1, max_size=3))
        if draw(st.booleans()):
            rows = []
            for pairs, way, notes in written:
                body = (
                    "{"
                    + (",\n    " if way == "wide" else ", ").join(f"{k}: {v}" for k, v in pairs)
                    + "}"
                )
                rows.append("".join(f"{note}\n     " for note in notes[:1]) + body)
            lead = "\n     " if any(notes for _, _, notes in written) else ""
            text += (
                f"  {key}: [{lead}"
                + ", ".join(row if not row.startswith("#") else "\n     " + row for row in rows)
                + "]\n"
            )
            continue
        pad = draw(st.sampled_from(("  ", "    ", "      ")))
        text += f"  {key}:\n"
        for pairs, way, notes in written:
            text += "".join(f"{pad}{note}\n" for note in notes[:1])
            beside = "".join(f"  {note}" for note in notes[1:2])
            if way == "lines":
                text += f"{pad}- {pairs[0][0]}: {pairs[0][1]}{beside}\n"
                text += "".join(f"{pad}  {k}: {v}\n" for k, v in pairs[1:])
                text += "".join(f"{pad}  {note}\n" for note in notes[2:])
            else:
                text += f"{pad}- {{" + ", ".join(f"{k}: {v}" for k, v in pairs) + f"}}{beside}\n"
            text += draw(st.sampled_from(("", "\n")))
    return text + alone(""), loose


def owned(text: str, loose: set[str]) -> set[str]:
    return set(re.findall(r"# note\d{3}", text)) - loose


def model(text: str) -> dict[str, list[dict[str, Any]]]:
    found = yaml.load(text, Loader=yaml.BaseLoader)["sections"]
    return {key: value for key, value in found.items() if value and value != "null"}


@given(playlists(), st.data())
@settings(derandomize=True, max_examples=120, deadline=None)
def test_any_edits_give_what_was_meant_and_lose_no_comment(
    tmp_path_factory: pytest.TempPathFactory, playlist: tuple[str, set[str]], data: st.DataObject
) -> None:
    text, loose = playlist
    edit = opened(tmp_path_factory.mktemp("edit"), text)
    meant = model(text)
    for _ in range(data.draw(st.integers(1, 6))):
        here = sorted(meant)
        act = data.draw(st.sampled_from(("add", "remove", "put", "change") if here else ("add",)))
        before = owned(edit.text(), loose)
        if act == "add":
            key, fields = data.draw(st.sampled_from(ARC)), data.draw(FIELDS)
            edit.add(key, {"soundscape": "shore", **fields})
            new = {k: str(v) for k, v in fields.items()}
            meant.setdefault(key, []).append({"soundscape": "shore", **new})
            assert owned(edit.text(), loose) == before
        else:
            key = data.draw(st.sampled_from(here))
            index = data.draw(st.integers(0, len(meant[key]) - 1))
            if act == "remove":
                edit.remove(key, index)
                meant[key].pop(index)
                assert len(before - owned(edit.text(), loose)) <= 3
            elif act == "put":
                to = data.draw(st.sampled_from(ARC))
                track = meant[key].pop(index)
                place = data.draw(st.integers(0, len(meant.get(to, []))))
                edit.put(key, index, to, place)
                meant.setdefault(to, []).insert(place, track)
                assert owned(edit.text(), loose) == before
            else:
                fields = data.draw(FIELDS) | data.draw(
                    st.sampled_from(({}, {"level": None}, {"artist": None, "density": None}))
                )
                edit.change(key, index, **fields)
                track = meant[key][index]
                for name, value in fields.items():
                    if value is None:
                        track.pop(name, None)
                    else:
                        track[name] = str(value)
                assert owned(edit.text(), loose) == before
        meant = {key: value for key, value in meant.items() if value}
        assert edit.sections == meant
        assert model(edit.text()) == meant
        assert loose <= set(re.findall(r"# note\d{3}", edit.text()))
    if meant:
        edit.save()
