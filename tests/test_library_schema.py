"""An editor accepts what the program accepts, as far as it can tell, and refuses what it can."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from library_home import CONFIG, PLAYLIST, SCRIPT
from test_library_forms import odd, places

from companion.cli import main
from companion.library.forms import fill
from companion.library.reading import read
from companion.library.schema import FORMS, schema
from companion.problems import BadContent

ROOT = Path(__file__).parents[1]
GOOD = {"playlist": PLAYLIST, "script": SCRIPT, "config": CONFIG}
SHIPPED = [
    ("config", ROOT / "config.yaml"),
    *(("playlist", path) for path in sorted(ROOT.glob("playlists/*.yaml"))),
    *(("script", path) for path in sorted(ROOT.glob("scripts_guided/*.yaml"))),
]
CHECKERS = {name: Draft202012Validator(json.loads(schema(name))) for name in FORMS}


class _Editor(yaml.CSafeLoader):
    """YAML 1.2 as editors read it."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, _shape in (
    ("null", "~|null|Null|NULL|"),
    ("bool", "true|True|TRUE|false|False|FALSE"),
    ("int", "[-+]?[0-9]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
):
    _pattern = re.compile(f"^(?:{_shape})$")
    _Editor.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, None)


def refused(name: str, text: str) -> list[str]:
    """What an editor says of `text`."""
    return [error.message for error in CHECKERS[name].iter_errors(yaml.load(text, _Editor))]


def taken(name: str, text: str) -> bool:
    """Whether the program takes `text`."""
    try:
        fill(FORMS[name], read(text.encode(), "x.yaml"))
    except BadContent:
        return False
    return True


@pytest.mark.parametrize("name", FORMS)
def test_the_shipped_schemas_are_those_of_the_forms(name: str) -> None:
    CHECKERS[name].check_schema(CHECKERS[name].schema)
    kept = (ROOT / "schemas" / f"{name}.json").read_text()
    assert kept == schema(name), f"companion schema {name} > schemas/{name}.json"


@pytest.mark.parametrize(("name", "path"), SHIPPED, ids=lambda value: getattr(value, "name", value))
def test_shipped_files_are_taken_by_an_editor_and_name_their_schema(name: str, path: Path) -> None:
    text = path.read_text()
    first = text.splitlines()[0]
    assert refused(name, text) == []
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.split("=")[1]).resolve() == ROOT / "schemas" / f"{name}.json"


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
@settings(derandomize=True, max_examples=250, deadline=None)
def test_whatever_the_program_takes_an_editor_takes(name: str, data: st.DataObject) -> None:
    tree = yaml.load(GOOD[name], _Editor)
    holder, key = data.draw(st.sampled_from(places(tree)))
    holder[key] = data.draw(odd | st.sampled_from(["yes", "NO", "1m 30s", " 2h", "0", "7.0", "40"]))
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    if taken(name, text):
        assert refused(name, text) == []
        assert not [*CHECKERS[name].iter_errors(read(text.encode(), "x.yaml").data)]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("playlist", "about: Slow.", "abut: Slow."),
        ("playlist", "  peak:", "  peek:"),
        ("playlist", "shore}", "shor}"),
        ("playlist", "shore}", "shore, density: 2}"),
        ("playlist", "shore}", "shore, seed: x}"),
        ("playlist", "shore}", "shore, seed: 1.5}"),
        ("playlist", "shore}", "shore, level: 9}"),
        ("playlist", "shore}", "shore, for: 60}"),
        ("playlist", "shore}", "shore, for: 12:30:45}"),
        ("playlist", "shore}", "shore, file: a.wav}"),
        ("playlist", "{soundscape: shore}", "{title: x}"),
        ("playlist", "title: Low}", "seed: 3}"),
        ("playlist", "title: Low}", "for: 3m}"),
        ("playlist", "[{soundscape: shore}]", "[]"),
        ("playlist", "[{soundscape: shore}]\n  peak: [{file: music/low.wav, title: Low}]", "\n"),
        ("playlist", "sections:", "crossfade: 2026-13-45\nsections:"),
        ("playlist", "title: Calm", "title: ''"),
        ("playlist", "title: Calm", f"title: {'x' * 81}"),
        ("script", "author: MK\n", ""),
        ("script", "language: en", "language: English"),
        ("script", "pause: 4s", "pause: 4"),
        ("script", "pause: 4s", "paus: 4s"),
        ("script", "  return: [", "  back: ["),
        ("script", "say: You may rest here for a while., ", ""),
        ("config", "room: Room 2", "room:"),
        ("config", "room: Room 2", "room: [a]"),
        ("config", "infusion: 40m", "infusion: 40"),
        ("config", "demonstration: yes", "demonstration: si"),
        ("config", "keep_days: 30", "keep_days: 0"),
        ("config", "keep_days: 30", "keep_days: 1.5"),
        ("config", "notes: [nausea]", f"notes: [{'a, ' * 13}]"),
        ("config", "  mood: {", "  'My Mood': {"),
        ("config", "keep_days: 30", "keep_days: 30\ncalls: {button: a}"),
        ("config", "keep_days: 30", "keep_days: 30\ncalls: {webhook: {url: 'ftp:x', reaches: x}}"),
        ("config", "keep_days: 30", "keep_days: 30\ncalls: {command: {run: [''], reaches: x}}"),
        ("config", "keep_days: 30", "keep_days: 30\nlevel: {ceiling: -11}"),
    ],
)
def test_a_mistake_that_an_editor_can_see_is_seen(name: str, old: str, new: str) -> None:
    text = GOOD[name].replace(old, new)
    assert text != GOOD[name]
    assert not taken(name, text)
    assert refused(name, text)


def test_every_key_is_explained() -> None:
    for name in FORMS:
        whole = json.loads(schema(name))
        for form in (whole, *whole["$defs"].values()):
            for key, told in form["properties"].items():
                assert told.get("description", "").endswith("."), (name, key)


def test_what_a_key_left_out_means_stands_there_as_a_person_writes_it() -> None:
    whole = json.loads(schema("config"))
    protocol = whole["$defs"]["ProtocolForm"]["properties"]
    assert protocol["bed"]["default"] == "3h" and protocol["demonstration"]["default"] == "no"
    track = json.loads(schema("playlist"))["$defs"]["TrackForm"]["properties"]
    assert {"shore", "warm-pads"} < set(track["soundscape"]["enum"])
    assert track["level"]["title"] == "from -24 to 6 dB"


def test_the_command_prints_one_schema() -> None:
    done = CliRunner().invoke(main, ["schema", "playlist"])
    assert done.exit_code == 0 and done.output == schema("playlist")
    assert CliRunner().invoke(main, ["schema", "music"]).exit_code != 0
