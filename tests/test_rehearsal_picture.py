"""A rehearsed session as a picture: all that happens stands in it, where it happens."""

import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from session_given import plan

from companion.cli import main
from companion.home import fill_home
from companion.rehearsal.heard import Measured
from companion.rehearsal.picture import picture
from companion.rehearsal.rehearse import Line, Rehearsal, rehearse
from companion.rehearsal.tracks import playings
from companion.session.plan import Phase, Section, Track

SVG = "{http://www.w3.org/2000/svg}"
HEARD = Measured(
    loudness=-22.0,
    peak=-9.0,
    loudest_rise=7.0,
    loudest_rise_at=300.0,
    voice_rise=2.0,
    held=0.0,
    held_at=0.0,
    longest_silence=0.0,
    tracks=(),
    short_term=(-22.0,) * 3600,
    excess=(*(-3.0,) * 300, 1.0, *(-3.0,) * 3000),
    findings=(),
)


@pytest.fixture(scope="module")
def rehearsal() -> Rehearsal:
    base = plan()
    sections = (
        Section(Phase.SETTLE, (Track("Shore", soundscape="shore"),)),
        Section(
            Phase.ONSET,
            (Track("One & <two>", file="a.ogg", seconds=200.0), Track("Deep", soundscape="bowls")),
        ),
    )
    return rehearse(replace(base, playlist=replace(base.playlist, sections=sections)))


def words(svg: str, of: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(svg).iter(f"{SVG}{of}")]


def test_tracks_follow_each_other_over_their_crossfades(rehearsal: Rehearsal) -> None:
    shore, one, deep = playings(rehearsal)

    began = next(line.at for line in rehearsal.lines if "T0" in line.what)
    assert [playing.track.title for playing in (shore, one, deep)] == [
        "Shore",
        "One & <two>",
        "Deep",
    ]
    assert (shore.begins, shore.fades_in) == (0.0, 15.0)
    assert (one.begins, one.ends - one.begins) == (began, 200.0)
    assert shore.ends == one.begins + one.fades_in and shore.fades_out == one.fades_in > 0
    assert deep.begins == one.ends - one.fades_out and deep.fades_in == one.fades_out > 0
    assert (deep.ends, deep.fades_out) == (rehearsal.seconds, 0.0)


def test_without_sound_the_timeline_is_all_of_it(rehearsal: Rehearsal) -> None:
    svg = picture("A & B", rehearsal, None, ())

    root = ElementTree.fromstring(svg)
    told = words(svg, "title")
    assert told[0] == "A & B" and "One & <two>, 5:00 to 8:20" in told
    assert sum("check-in" in what for what in told) == len(plan().protocol.check_ins)
    for sentence in rehearsal.sentences:
        assert any(what.endswith(sentence.cue.say) for what in told)
    assert {"settle", "onset", "build", "peak", "return"} <= set(words(svg, "text"))
    assert not list(root.iter(f"{SVG}polyline")) and "loudness" not in words(svg, "text")
    assert "href" not in svg, "it needs no other file"


def test_with_sound_it_has_its_curves_and_its_findings(rehearsal: Rehearsal) -> None:
    findings = [Line(60.0 * minute, f"too quiet, {minute}") for minute in range(1, 15)]

    svg = picture("A", rehearsal, HEARD, findings)

    said = words(svg, "text")
    assert len(list(ElementTree.fromstring(svg).iter(f"{SVG}polyline"))) == 2
    assert "-22.0 LUFS at 0 dB" in said[1] and "14 findings" in said[1]
    assert "12:00 too quiet, 12" in said and "and 2 more" in said
    assert svg.count("#e8743b") == 12 + 1, "twelve findings, and the second over the ruler"


def drawn(home: Path, to: Path) -> tuple[int, str]:
    fill_home(home)
    asked = ["rehearse", "--protocol", "taste", "--playlist", "ember", "--picture", str(to)]
    done = CliRunner().invoke(main, ["--home", str(home), *asked])
    return done.exit_code, done.output


def test_the_command_writes_an_svg_and_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    code, _ = drawn(tmp_path / "home", tmp_path / "hour.svg")
    assert code == 0
    heading = "Ember · no voice · Taste, for showing only"
    assert words((tmp_path / "hour.svg").read_text(), "title")[0] == heading

    code, told = drawn(tmp_path / "home", tmp_path / "hour.jpg")
    assert code == 2 and "hour.jpg: expected a file that ends in .svg" in told
    assert not (tmp_path / "hour.jpg").exists()


@pytest.mark.skipif(not shutil.which("rsvg-convert"), reason="rsvg-convert is not installed")
def test_the_command_writes_a_png(tmp_path: Path) -> None:
    code, _ = drawn(tmp_path / "home", tmp_path / "hour.png")

    assert code == 0
    assert (tmp_path / "hour.png").read_bytes().startswith(b"\x89PNG")
