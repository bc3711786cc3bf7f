"""The conductor's end of the socket."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from patience import PATIENCE

from companion.session.wanted import quiet
from companion.sound import client as client_module
from companion.sound.client import SoundClient
from companion.sound.wire import (
    Ask,
    Notice,
    Refused,
    SoundFound,
    SoundLost,
    Status,
    Want,
    decode_order,
    encode,
)

LOST = SoundLost("the sound does not answer")


class FakeSound:
    """Listens at `path`, keeps what it is told, and answers unless it is frozen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.orders: list[Want] = []
        self.asked = 0
        self.output = "card"
        self.frozen = False
        self.dying = False
        self.writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, str(self.path))

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        for writer in self.writers:
            writer.close()
        self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while line := await reader.readline():
            order = decode_order(line)
            if isinstance(order, Want):
                self.orders.append(order)
            elif isinstance(order, Ask):
                self.asked += 1
                if self.dying:
                    writer.close()
                elif not self.frozen:
                    self.answer(writer)

    def answer(self, writer: asyncio.StreamWriter) -> None:
        writer.write(encode(Status(1, "", 0.0, -120.0, 0.0, 0, self.output)))


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.01)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[tuple[SoundClient, FakeSound, list[Notice]]]:
    told: list[Notice] = []
    sound = FakeSound(tmp_path / "s")
    client = SoundClient(tmp_path / "s", told.append)
    running: Awaitable[None] = asyncio.create_task(client.run())
    yield client, sound, told
    client.close()
    await asyncio.wait_for(running, PATIENCE)


Parts = tuple[SoundClient, FakeSound, list[Notice]]


async def test_it_keeps_the_newest_and_says_it_again_after_each_return(client: Parts) -> None:
    ours, sound, _ = client
    ours.want(quiet(1.0), lambda: 1.0)
    ours.want(quiet(2.0), lambda: 2.0)
    await sound.start()
    await until(lambda: sound.orders)
    assert sound.orders == [Want(2, 2.0, quiet(2.0))]
    ours.want(quiet(3.0), iter([3.0, 13.0]).__next__)
    await until(lambda: len(sound.orders) == 2)
    await sound.stop()
    await sound.start()
    await until(lambda: len(sound.orders) == 3)
    assert sound.orders[1:] == [Want(3, 3.0, quiet(3.0)), Want(3, 13.0, quiet(3.0))]


async def test_it_passes_notices_on_and_survives_unknown_ones(client: Parts) -> None:
    ours, sound, told = client
    await sound.start()
    await until(lambda: sound.writers)
    sound.writers[0].write(encode(SoundFound("card")))
    sound.writers[0].write(json.dumps({"version": 1, "kind": "song"}).encode() + b"\n")
    sound.writers[0].write(encode(SoundFound("again")))
    await until(lambda: len(told) == 3)
    assert told == [SoundFound("card"), Refused("song"), SoundFound("again")]
    ours.ask()
    await until(lambda: sound.asked)
    await until(lambda: isinstance(told[-1], Status))


async def test_after_three_seconds_alone_the_sound_is_lost_once(client: Parts) -> None:
    _, sound, told = client
    began = time.monotonic()
    await until(lambda: told)
    assert told == [LOST]
    assert time.monotonic() - began > 2.5
    await sound.start()
    await until(lambda: sound.writers)
    sound.writers[0].write(encode(SoundFound("card")))
    await until(lambda: len(told) == 2)


async def freezing(
    client: Parts, monkeypatch: pytest.MonkeyPatch
) -> tuple[SoundClient, FakeSound, list[Notice]]:
    """A sound that answered, and now stands still behind its open socket."""
    monkeypatch.setattr(client_module, "_EVERY", 0.05)
    ours, sound, told = client
    await sound.start()
    await until(lambda: sound.asked > 3)
    assert LOST not in told
    sound.frozen = True
    await until(lambda: LOST in told)
    return ours, sound, told


async def test_a_sound_that_stands_still_is_lost_and_found_when_it_answers_again(
    client: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sound, told = await freezing(client, monkeypatch)
    asked, sound.frozen = sound.asked, False
    sound.answer(sound.writers[0])
    await until(lambda: sound.asked > asked + 2)
    kinds = [notice for notice in told if not isinstance(notice, Status)]
    assert kinds == [LOST, SoundFound("card")]


async def test_one_that_answers_again_without_an_output_is_not_found(
    client: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sound, told = await freezing(client, monkeypatch)
    sound.output, sound.frozen = "", False
    count = len(told)
    sound.answer(sound.writers[0])
    await until(lambda: len(told) > count + 2)
    assert SoundFound("") not in told
    sound.writers[0].write(encode(SoundFound("card")))
    await until(lambda: SoundFound("card") in told)
    sound.output = "card"
    count = len(told)
    await until(lambda: len(told) > count + 2)
    assert told.count(SoundFound("card")) == 1


async def test_a_sound_that_dies_again_and_again_is_lost(
    client: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_EVERY", 0.05)
    _, sound, told = client
    sound.dying = True
    await sound.start()
    await until(lambda: LOST in told)
    assert len(sound.writers) > 1


def test_it_is_lost_within_five_seconds() -> None:
    """The last answer, the questions that none follows, and the wait for the last of them."""
    assert client_module._EVERY * (client_module._UNANSWERED + 1) <= 4.5
