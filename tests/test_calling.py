"""The channels of a call, with real programs and a real web server."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from patience import PATIENCE

from companion import calling
from companion.calling import CommandChannel, Unsent, WebhookChannel, spread
from companion.morning.trying import try_channels

AT = datetime(2026, 3, 2, 14, 5, 9, tzinfo=UTC)


# --- the command ---------------------------------------------------------------------------------


def python(program: str) -> CommandChannel:
    return CommandChannel((sys.executable, "-c", program))


async def test_a_command_is_told_the_room_and_the_time(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"import sys; open({str(told)!r}, 'w').write('|'.join(sys.argv[1:]))"
    await python(program).send("2; rm -rf /", AT)
    assert told.read_text() == "2; rm -rf /|2026-03-02T14:05:09+00:00"


async def test_a_test_by_a_command_cannot_be_taken_for_a_call(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"import sys; open({str(told)!r}, 'w').write('|'.join(sys.argv[1:]))"
    await python(program).send("Room 2", AT, test=True)
    assert told.read_text() == "TEST, nobody called: Room 2|2026-03-02T14:05:09+00:00|test"


async def test_every_channel_is_tried_and_named_whatever_becomes_of_another() -> None:
    channels = (python("raise SystemExit(3)"), WebhookChannel("http://127.0.0.1:9/"))
    reached = await try_channels(channels, "Room 2", AT, {"command": "the pager"})
    assert [(one.channel, one.reaches) for one in reached] == [
        ("command", "the pager"),
        ("webhook", "webhook"),
    ]
    assert "ended with code 3" in (reached[0].why or "")
    assert "did not answer" in (reached[1].why or "")
    (well,) = await try_channels((python("pass"),), "Room 2", AT, {})
    assert well.why is None


async def test_a_command_that_fails_says_so() -> None:
    with pytest.raises(Unsent, match="ended with code 3"):
        await python("raise SystemExit(3)").send("2", AT)


async def test_a_command_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unsent, match="cannot be run: No such file"):
        await CommandChannel((str(tmp_path / "none"),)).send("2", AT)


async def test_a_command_that_takes_too_long_ends_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "LIMIT", 0.5)
    pid = tmp_path / "pid"
    child = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with pytest.raises(Unsent, match=r"longer than 0\.5 seconds"):
        await python(program).send("2", AT)
    await gone(int(pid.read_text()))


async def test_a_call_that_is_given_up_leaves_no_command_behind(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    sending = asyncio.create_task(python(program).send("2", AT))
    await until(lambda: pid.exists() and pid.read_text() != "")
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await gone(int(pid.read_text()))


async def until(so: "object") -> None:
    deadline = time.monotonic() + PATIENCE
    while not so():  # type: ignore[operator]
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def gone(pid: int) -> None:
    """Wait until process `pid` is dead: gone, or only its name is left."""

    def dead() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            return True

    await until(dead)


# --- the web address -----------------------------------------------------------------------------


class Desk(BaseHTTPRequestHandler):
    """Answers as its server was told to."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.posted.append(json.loads(self.rfile.read(length)))  # type: ignore[attr-defined]
        answer = self.server.answers.pop(0)  # type: ignore[attr-defined]
        if answer is None:
            self.wfile.write(b"this is no answer\r\n\r\n")
        elif answer == 0:
            self.server.let_go.wait(PATIENCE)  # type: ignore[attr-defined]
        else:
            self.send_response(answer)
            self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stays quiet."""


@contextmanager
def desk(*answers: int | None) -> Iterator[HTTPServer]:
    """A server at this machine: a status for each call, None for nonsense, 0 for no answer."""
    server = HTTPServer(("127.0.0.1", 0), Desk)
    server.posted, server.answers = [], list(answers)  # type: ignore[attr-defined]
    server.let_go = threading.Event()  # type: ignore[attr-defined]
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        yield server
    finally:
        server.let_go.set()  # type: ignore[attr-defined]
        server.shutdown()
        serving.join()
        server.server_close()


def address(server: HTTPServer) -> WebhookChannel:
    return WebhookChannel(f"http://127.0.0.1:{server.server_port}/call")


async def test_a_web_address_is_told_the_room_and_the_time_and_nothing_else() -> None:
    with desk(204) as server:
        await address(server).send("2", AT)
        assert server.posted == [{"room": "2", "time": "2026-03-02T14:05:09+00:00"}]  # type: ignore[attr-defined]


async def test_a_test_at_a_web_address_cannot_be_taken_for_a_call() -> None:
    with desk(204) as server:
        await address(server).send("2", AT, test=True)
        (posted,) = server.posted  # type: ignore[attr-defined]
        assert posted == {
            "room": "TEST, nobody called: 2",
            "time": "2026-03-02T14:05:09+00:00",
            "test": True,
        }


@pytest.mark.parametrize(
    ("answer", "why"), [(503, "answered 503 Service Unavailable"), (None, "did not answer")]
)
async def test_a_web_address_that_does_not_take_it_says_so(answer: int | None, why: str) -> None:
    with desk(answer) as server, pytest.raises(Unsent, match=why):
        await address(server).send("2", AT)


async def test_a_web_address_that_does_not_answer_in_time_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calling, "LIMIT", 0.3)
    with desk(0) as server, pytest.raises(Unsent, match="the web address"):
        await address(server).send("2", AT)


async def test_a_web_address_where_nobody_listens_says_so() -> None:
    with desk() as server:
        channel = address(server)
    with pytest.raises(Unsent, match=r"did not answer: .*refused"):
        await channel.send("2", AT)


# --- again and again -----------------------------------------------------------------------------


async def test_a_channel_is_tried_until_it_takes_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "AGAIN", 0.0)
    outcome: list[str] = []
    with desk(500, 500, 200) as server:
        await spread(
            address(server),
            "2",
            AT,
            still_open=lambda: True,
            sent=lambda name: note(outcome, f"{name} sent"),
            failed=lambda name, why: note(outcome, f"{name} {why}"),
        )
    failed = "webhook the web address answered 500 Internal Server Error"
    assert outcome == [failed, failed, "webhook sent"]


async def test_a_call_that_no_longer_shows_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "AGAIN", 0.0)
    outcome: list[str] = []
    with desk(500) as server:
        await spread(
            address(server),
            "2",
            AT,
            still_open=lambda: not outcome,
            sent=lambda name: note(outcome, name),
            failed=lambda name, why: note(outcome, name),
        )
    assert outcome == ["webhook"]


async def note(outcome: list[str], what: str) -> None:
    outcome.append(what)
