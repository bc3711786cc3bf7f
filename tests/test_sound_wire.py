"""Lines between the sound and its clients, and what importing them costs."""

import json
import subprocess
import sys

import pytest

from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted
from companion.sound.wire import (
    Adopt,
    Adopted,
    Ask,
    Notice,
    Order,
    OutputChanged,
    Refused,
    SoundFound,
    SoundLost,
    Status,
    SystemVolume,
    TrackFailed,
    TrackStarted,
    UnreadableLine,
    Want,
    decode_notice,
    decode_order,
    encode,
)

WANTED = Wanted(
    arc=Arc(Phase.PEAK, 12.5, 0.25, 0.001),
    music=Music(Section(Phase.PEAK, (Track("A", file="a.flac", seconds=61.5),)), 3.0, 8.0, 1.5),
    voice=Voice(Cue("Let go.", 2.0, 6.0, clip="x/y.opus", gain=-1.5), 30.0, 40.0),
    lower=-12.0,
    until=99.0,
)


@pytest.mark.parametrize("order", [Want(7, 12.25, WANTED), Adopt(), Ask()])
def test_an_order_arrives_as_it_was_sent(order: Order) -> None:
    line = encode(order)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert decode_order(line) == order


@pytest.mark.parametrize(
    "notice",
    [
        TrackStarted("A", Phase.ONSET),
        TrackFailed("A", "why"),
        SoundLost("gone"),
        SoundFound("card"),
        OutputChanged("Speaker"),
        SystemVolume(85, muted=True),
        Refused("dance"),
        Adopted(12),
        Status(3, "A", 12.5, -20.5, -1.5, 0, "card"),
    ],
)
def test_a_notice_arrives_as_it_was_sent(notice: Notice) -> None:
    assert decode_notice(encode(notice)) == notice


def test_fields_of_a_later_day_are_ignored() -> None:
    fields = json.loads(encode(Want(1, 2.0, WANTED))) | {"colour": "blue"}
    fields["wanted"]["mood"] = {"deep": 1}
    assert decode_order(json.dumps(fields).encode()) == Want(1, 2.0, WANTED)


def test_a_line_without_a_version_is_of_the_first() -> None:
    assert decode_order(b'{"kind":"adopt"}') == Adopt()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b'{"version":1,"kind":"dance"}', "dance"),
        (b'{"version":2,"kind":"want"}', "want of version 2"),
        (b"hello", "a line that is no JSON object"),
        (b"[1]", "a line that is no JSON object"),
        (b"{}", "a line without a kind"),
        (b'{"version":1,"kind":"want","revision":"x"}', "want: "),
    ],
)
def test_what_cannot_be_read_is_named(line: bytes, named: str) -> None:
    with pytest.raises(UnreadableLine) as caught:
        decode_order(line)
    assert caught.value.kind.startswith(named)


def test_clients_load_no_numpy_and_no_decoder() -> None:
    program = (
        "import sys, companion.sound.client, companion.sound.wire\n"
        "from companion.sound.synthesis.catalogue import SOUNDSCAPES, ABOUT\n"
        "assert 'shore' in SOUNDSCAPES and all(ABOUT.values())\n"
        "print([m for m in ('numpy', 'av', 'pygame', 'textual') if m in sys.modules])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
