"""Whatever a file says, it is taken or told: nothing else ever comes out."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from library_home import CONFIG, PLAYLIST, SCRIPT

from companion.config_loading import load_config
from companion.library.fields import in_words
from companion.library.playlists import load_playlist
from companion.library.scripts import load_script
from companion.library.shelf import Shelf
from companion.problems import BadContent

odd = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every holder and key below `value`."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    inner = [(value, key) for key in keys]
    below = [value[key] for key in keys if isinstance(value[key], dict | list)]
    return inner + [place for item in below for place in places(item)]


@pytest.mark.parametrize("text", [CONFIG, PLAYLIST, SCRIPT])
@given(data=st.data())
@settings(derandomize=True, max_examples=120, deadline=None)
def test_a_spoilt_file_is_taken_or_told(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "spoilt"
    folder.mkdir(exist_ok=True)
    tree = yaml.load(text, Loader=yaml.CSafeLoader)
    holder, key = data.draw(st.sampled_from(places(tree)))
    holder[key] = data.draw(odd)
    if isinstance(holder, dict) and data.draw(st.booleans()):
        holder[data.draw(st.text(max_size=6))] = holder.pop(key)
    (folder / "x.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True))
    shelf = Shelf(folder, folder)
    loads: list[Any] = [
        lambda: load_config(folder / "x.yaml"),
        lambda: load_playlist("x", shelf),
        lambda: load_script("x", shelf),
    ]
    for load in loads:
        try:
            load()
        except BadContent as bad:
            for problem in bad.problems:
                assert problem.message and str(problem).isprintable()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8s", 8),
        ("5m", 300),
        ("1m30s", 90),
        ("1h", 3600),
        ("1h2m3s", 3723),
        ("2.5s", 2.5),
        ("0", 0),
    ],
)
def test_times_are_read(tmp_path: Path, written: str, read: float) -> None:
    text = SCRIPT.replace("pause: 4s", f"pause: {written}")
    (tmp_path / "x.yaml").write_text(text)
    if read <= 180:
        content, _ = load_script("x", Shelf(tmp_path, tmp_path))
        assert content.script.settle[0].pause == read
    else:
        with pytest.raises(BadContent, match=f"found {in_words(read)}"):
            load_script("x", Shelf(tmp_path, tmp_path))


@pytest.mark.parametrize(
    "written", ["8", "-8s", "8 min", "s", "8sec", "1e3s", "5m8", "99999999s", "[8s]"]
)
def test_what_is_no_time_is_told(tmp_path: Path, written: str) -> None:
    (tmp_path / "x.yaml").write_text(SCRIPT.replace("pause: 4s", f"pause: {written}"))
    with pytest.raises(BadContent, match="expected a time with its unit"):
        load_script("x", Shelf(tmp_path, tmp_path))
