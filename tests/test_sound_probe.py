"""What becomes of our sound, as `pactl` tells it: a made-up one first, then a real one."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE
from pulse_server import HEADPHONES, SPEAKER, PulseServer
from sound_process import until

from companion.sound import pactl, pulse
from companion.sound.pactl import NoServer, Subscription, Unclear, see, why_closed
from companion.sound.probe import Seen
from companion.sound.pulse import PulseProbe

US = 4711
_VOLUME = {"front-left": {"value": 65536}, "front-right": {"value": 32768}}
STREAM: dict[str, Any] = {
    "index": 5,
    "sink": 1,
    "mute": False,
    "volume": _VOLUME,
    "properties": {"application.process.id": str(US)},
}
SINK: dict[str, Any] = {
    "index": 1,
    "name": "alsa_output.pci",
    "description": "Built-in Audio",
    "mute": False,
    "volume": _VOLUME,
    "ports": [
        {"name": "speaker", "description": "Speaker"},
        {"name": "phones", "description": "Headphones"},
    ],
    "active_port": "phones",
}


class FakePactl:
    """A `pactl` that says what it is given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.does('cat "$0.$(echo "$*" | sed "s/.* //")"')
        self.says([STREAM], [SINK])

    def does(self, script: str) -> None:
        program = self._folder / "pactl"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def says(self, streams: object, sinks: object) -> None:
        for name, told in (("sink-inputs", streams), ("sinks", sinks)):
            (self._folder / f"pactl.{name}").write_text(json.dumps(told))


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePactl:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("SDL_AUDIODRIVER", raising=False)
    return FakePactl(tmp_path)


# --- what it says --------------------------------------------------------------------------------


def test_the_device_and_its_socket_make_the_name(fake: FakePactl) -> None:
    assert see(US) == Seen("Built-in Audio · Headphones", 100, False)
    fake.says([STREAM], [{**SINK, "active_port": None}])
    assert see(US).output == "Built-in Audio"
    fake.says([STREAM], [{**SINK, "description": "USB Headphones"}])
    assert see(US).output == "USB Headphones"
    fake.says([STREAM], [{**SINK, "description": None, "ports": []}])
    assert see(US).output == "alsa_output.pci"
    fake.says([STREAM], [{**SINK, "description": "a\x1b[2J\nb" * 60, "active_port": None}])
    name = see(US).output
    assert name.isprintable() and len(name) <= 80


def test_device_and_stream_count_together(fake: FakePactl) -> None:
    half, loud = {"mono": {"value": 32768}}, {"mono": {"value": 98304}}
    fake.says([{**STREAM, "volume": half}], [{**SINK, "volume": half}])
    assert see(US).percent == 25
    fake.says([{**STREAM, "volume": {}}], [{**SINK, "volume": loud}])
    assert see(US).percent == 150
    assert not see(US).muted
    fake.says([{**STREAM, "mute": True}], [SINK])
    assert see(US).muted
    fake.says([STREAM], [{**SINK, "mute": True}])
    assert see(US).muted


def test_what_stands_in_for_a_missing_output_is_heard_by_nobody(fake: FakePactl) -> None:
    fake.says([STREAM], [{**SINK, "name": "auto_null", "description": "Dummy Output"}])
    assert see(US) == Seen("no output", 100, True)


def test_only_our_newest_stream_counts(fake: FakePactl) -> None:
    older, newer = {**STREAM, "mute": True}, {**STREAM, "index": 6}
    foreign = {**STREAM, "index": 7, "mute": True, "properties": {}}
    fake.says([older, newer, foreign], [SINK])
    assert see(US) == Seen("Built-in Audio · Headphones", 100, False)
    fake.says([foreign], [SINK])
    assert see(US) == Seen("", 100, False)


def test_what_cannot_be_understood_says_nothing_of_our_sound(
    fake: FakePactl, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.says([{**STREAM, "sink": 99}], [SINK])
    with pytest.raises(Unclear, match="on its way"):
        see(US)
    for told in ({}, [{"index": "five"}], [[]]):
        fake.says(told, [SINK])
        with pytest.raises(Unclear):
            see(US)
    fake.does("echo nonsense")
    with pytest.raises(Unclear):
        see(US)
    fake.does("exit 1")
    with pytest.raises(NoServer):
        see(US)
    monkeypatch.setattr(pactl, "_PATIENCE", 0.2)
    fake.does("exec sleep 600")
    began = time.monotonic()
    with pytest.raises(Unclear, match="in time"):
        see(US)
    assert time.monotonic() - began < PATIENCE


def test_no_output_is_opened_where_that_would_break_or_hang_the_process(
    fake: FakePactl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pactl, "_PATIENCE", 0.2)
    for script in ("exit 1", "echo 1 phones"):
        fake.does(script)
        assert why_closed() == ""
    fake.does("exit 0")
    assert why_closed() == "the sound server has no output"
    fake.does("exec sleep 60")
    assert why_closed() == "the sound server does not answer"
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    assert why_closed() == ""


def test_it_inherits_nothing_and_speaks_the_plain_locale(
    fake: FakePactl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    ours = os.pipe()
    for end in ours:
        os.set_inheritable(end, True)
    fake.does(f'echo "$LC_ALL" > {tmp_path}/locale; ls /proc/$$/fd > {tmp_path}/open; echo []')
    see(US)
    for end in ours:
        os.close(end)
    assert (tmp_path / "locale").read_text() == "C\n"
    still_open = {int(number) for number in (tmp_path / "open").read_text().split()}
    assert not still_open & set(ours)


def test_a_subscription_dies_with_whoever_has_it(fake: FakePactl) -> None:
    fake.does("exec sleep 60")
    program = (
        "import os, time; from companion.sound.pactl import Subscription;"
        "print(Subscription()._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as owner:
        assert owner.stdout
        child = int(owner.stdout.readline())
        until(lambda: b"sleep" in Path(f"/proc/{child}/cmdline").read_bytes())
        owner.kill()
    until(lambda: not _lives(child))


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_only_news_of_outputs_and_of_what_plays_is_news(fake: FakePactl) -> None:
    fake.does("echo \"Event 'new' on client #7\"; echo \"Event 'change' on source-output #2\"")
    assert not any(_reads())
    fake.does(
        "printf \"Event 'remove' on client #7\\nEvent 'change' on sin\"; sleep 0.1; echo 'k #1'"
    )
    assert _reads()[-1] is True


def _reads() -> list[bool | None]:
    """What a subscription that ends soon told."""
    subscription = Subscription()
    try:
        return list(iter(subscription.read, None))
    finally:
        subscription.end()


# --- the thread ----------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", ["disk", "dummy", "alsa"])
def test_another_driver_is_told_of_once_a_look(
    fake: FakePactl,
    driver: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", driver)
    assert _told_without_a_server() == [None, None]
    assert capfd.readouterr().err == f"no sound server is asked: the sound goes to {driver}\n"


def test_without_pactl_nobody_is_asked(
    fake: FakePactl, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert _told_without_a_server() == [None, None]
    assert capfd.readouterr().err == "no sound server is asked: pactl is not installed\n"


def _told_without_a_server() -> list[Seen | None]:
    told: list[Seen | None] = []
    probe = PulseProbe()
    probe.start(told.append)
    until(lambda: len(told) == 1)
    probe.look()
    until(lambda: len(told) == 2)
    probe.stop()
    assert not probe._thread.is_alive()
    return told


def test_a_server_that_no_longer_answers_is_no_news_unless_it_was_just_asked_for(
    fake: FakePactl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "_OFTEN", 0.3)
    told: list[Seen | None] = []
    probe = PulseProbe()
    fake.says([], [])
    fake.does('[ "$1" = subscribe ] || exec cat "$0.$(echo "$*" | sed "s/.* //")"')
    probe.start(told.append)
    try:
        until(lambda: told == [Seen("", 100, False)])
        fake.does("exit 1")
        until(lambda: probe._why)
        assert len(told) == 1
        probe.look()
        until(lambda: told == [Seen("", 100, False), None])
    finally:
        probe.stop()


# --- a real server -------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    server = PulseServer(tmp_path)
    for name, text in server.environment.items():
        monkeypatch.setenv(name, text)
    yield server
    server.thaw()
    server.close()


class Player:
    """Silence that the server takes for sound of this process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["pacat", "--raw", f"--property=application.process.id={os.getpid()}", "/dev/zero"],
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def test_whatever_befalls_our_stream_is_told(server: PulseServer) -> None:
    told: list[Seen | None] = []
    probe = PulseProbe()
    probe.start(told.append)
    player = Player()

    def told_of(output: str, percent: int = 100, muted: bool = False) -> None:
        until(lambda: told and told[-1] == Seen(output, percent, muted))

    try:
        told_of(HEADPHONES)
        until(lambda: probe._subscription)
        server.volume(HEADPHONES, 70)
        told_of(HEADPHONES, 70)
        server.mute(HEADPHONES, True)
        told_of(HEADPHONES, 70, True)
        server.mute(HEADPHONES, False)
        server.move(SPEAKER)
        told_of(SPEAKER)
        server.move(HEADPHONES)
        told_of(HEADPHONES, 70)
        server.set_default(SPEAKER)
        server.remove_sink(HEADPHONES)
        told_of(SPEAKER)
        count = len(told)
        probe.look()
        until(lambda: len(told) == count + 1)
        assert told[-1] == told[-2]
        player.close()
        told_of("")
    finally:
        player.close()
        probe.stop()


def test_it_outlives_the_server(server: PulseServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_OFTEN", 0.3)
    told: list[Seen | None] = []
    probe = PulseProbe()
    probe.start(told.append)
    try:
        until(lambda: probe._subscription)
        server.kill()
        until(lambda: probe._subscription is None)
        server.start()
        player = Player()
        try:
            probe.look()
            until(lambda: told[-1] == Seen(HEADPHONES, 100, False))
            until(lambda: probe._subscription)
        finally:
            player.close()
    finally:
        probe.stop()


def test_a_frozen_server_holds_up_nobody(
    server: PulseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pactl, "_PATIENCE", 0.3)
    told: list[Seen | None] = []
    probe = PulseProbe()
    probe.start(told.append)
    until(lambda: probe._subscription)
    server.freeze()
    count = len(told)
    probe.look()
    until(lambda: probe._why)
    assert len(told) == count
    server.thaw()
    probe.look()
    until(lambda: len(told) == count + 1)
    monkeypatch.setattr(pactl, "_PATIENCE", 2 * PATIENCE)
    server.freeze()
    probe.look()
    began = time.monotonic()
    probe.stop()
    assert time.monotonic() - began < PATIENCE
