"""The channels of a call besides the screen: a command of the clinic's own, and a web address.

They are told the room and the time, never the patient's code. A test that is no call says so:
before the room stands `TEST`, the command is given `test` as one more argument, and the web
address one more field, `"test": true`.
"""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

TEST = "TEST, nobody called:"
"""What stands before the room in a test."""

LIMIT = 5.0
"""Seconds that a channel may take."""

AGAIN = 10.0
"""Seconds before a channel that failed is tried again, for as long as the call shows."""


class Unsent(Exception):  # noqa: N818 (it is what happened to the call)
    """A channel did not take the call; says why in plain words."""


class Channel(Protocol):
    """One way to reach people."""

    name: str

    async def send(self, room: str, at: datetime, *, test: bool = False) -> None:
        """Tell that `room` called, or only try whether it would be told. Raises Unsent."""


class CommandChannel:
    """Runs a program with the room and the time as its last two arguments; no shell. In a test a
    third one follows, `test`."""

    name = "command"

    def __init__(self, argv: tuple[str, ...]) -> None:
        self._argv = argv

    async def send(self, room: str, at: datetime, *, test: bool = False) -> None:
        process = await self._start(*_told(room, at, test))
        try:
            status = await asyncio.wait_for(process.wait(), LIMIT)
        except TimeoutError:
            raise Unsent(f"{self._argv[0]} took longer than {LIMIT:g} seconds") from None
        finally:
            # Whatever it started goes with it; what ended in time may leave things behind.
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if status != 0:
            raise Unsent(f"{self._argv[0]} ended with code {status}")

    async def _start(self, *told: str) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._argv,
                *told,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise Unsent(f"{self._argv[0]} cannot be run: {error.strerror}") from error


class WebhookChannel:
    """Posts the room and the time as JSON to a web address."""

    name = "webhook"

    def __init__(self, url: str) -> None:
        self._url = url

    async def send(self, room: str, at: datetime, *, test: bool = False) -> None:
        try:
            await asyncio.wait_for(asyncio.to_thread(self._post, room, at, test), LIMIT)
        except TimeoutError:
            raise Unsent(f"the web address took longer than {LIMIT:g} seconds") from None

    def _post(self, room: str, at: datetime, test: bool) -> None:
        # Here, for they take long to load and stand before the first frame otherwise.
        import http.client
        import urllib.error
        import urllib.request

        told = dict(zip(("room", "time"), _told(room, at, test), strict=False))
        body = json.dumps({**told, **({"test": True} if test else {})}).encode()
        request = urllib.request.Request(
            self._url, body, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=LIMIT):
                pass
        except urllib.error.HTTPError as error:
            raise Unsent(f"the web address answered {error.code} {error.reason}") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise Unsent(f"the web address did not answer: {reason}") from error


def _told(room: str, at: datetime, test: bool) -> tuple[str, ...]:
    when = at.isoformat(timespec="seconds")
    return (f"{TEST} {room}", when, "test") if test else (room, when)


async def spread(
    channel: Channel,
    room: str,
    at: datetime,
    *,
    still_open: Callable[[], bool],
    sent: Callable[[str], Awaitable[None]],
    failed: Callable[[str, str], Awaitable[None]],
) -> None:
    """Tell `channel` of the call until it takes it, or the call no longer shows."""
    while still_open():
        try:
            await channel.send(room, at)
        except Unsent as error:
            await failed(channel.name, str(error))
            await asyncio.sleep(AGAIN)
        else:
            await sent(channel.name)
            return
