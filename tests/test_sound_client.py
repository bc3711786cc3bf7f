"""The conductor's end of the socket."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from companion.session.wanted import quiet
from companion.sound.client import SoundClient
from companion.sound.wire import (
    Ask,
    Notice,
    Refused,
    SoundFound,
    SoundLost,
    Want,
    decode_order,
    encode,
)


class FakeSound:
    """Listens at `path` and keeps what it is told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.orders: list[object] = []
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
            self.orders.append(decode_order(line))


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
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
    await asyncio.wait_for(running, 5)


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
    await until(lambda: sound.orders)
    assert sound.orders == [Ask()]


async def test_after_three_seconds_alone_the_sound_is_lost_once(client: Parts) -> None:
    _, sound, told = client
    began = time.monotonic()
    await until(lambda: told)
    assert told == [SoundLost("the sound does not answer")]
    assert time.monotonic() - began > 2.5
    await sound.start()
    await until(lambda: sound.writers)
    sound.writers[0].write(encode(SoundFound("card")))
    await until(lambda: len(told) == 2)
