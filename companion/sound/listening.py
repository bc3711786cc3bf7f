"""The socket's end in the sound process: clients come and go, lines and descriptors arrive."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from selectors import EVENT_READ, BaseSelector

from companion.sound.wire import LONGEST_LINE, Notice, encode

_BEHIND = 1 << 20
"""Bytes that a client may leave unread before it is let go."""
_DESCRIPTORS = 4


@dataclass(eq=False, slots=True)
class Client:
    """One connection."""

    socket: socket.socket
    received: bytes = b""
    unsent: bytes = b""
    descriptors: list[int] = field(default_factory=list)
    revision: int = 0
    """Of the newest order it gave."""

    def fileno(self) -> int:
        return self.socket.fileno()


class Listening:
    """Accepts on `listener` and reads every client, all registered with `selector`."""

    def __init__(self, listener: socket.socket, selector: BaseSelector) -> None:
        listener.setblocking(False)
        self._listener = listener
        self._selector = selector
        self._clients: set[Client] = set()
        selector.register(listener, EVENT_READ, listener)

    def accept(self) -> Client | None:
        """The client that has come, if there is one."""
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return None
        connection.setblocking(False)
        client = Client(connection)
        self._clients.add(client)
        self._selector.register(connection, EVENT_READ, client)
        return client

    def lines(self, client: Client) -> Iterator[bytes]:
        """The whole lines that have arrived from `client`. One that left is let go."""
        try:
            data, descriptors, _, _ = socket.recv_fds(client.socket, 1 << 16, _DESCRIPTORS)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        client.descriptors += descriptors
        *lines, client.received = (client.received + data).split(b"\n")
        yield from lines
        if not data or len(client.received) > LONGEST_LINE:
            self._let_go(client)

    def send(self, client: Client, notice: Notice) -> None:
        """Without ever waiting for `client`."""
        if client not in self._clients:
            return
        client.unsent += encode(notice)
        try:
            sent = client.socket.send(client.unsent)
            client.unsent = client.unsent[sent:]
        except BlockingIOError:
            pass
        except OSError:
            self._let_go(client)
        if len(client.unsent) > _BEHIND:
            self._let_go(client)

    def hand_over(self, client: Client, notice: Notice) -> None:
        """Send `notice` together with the listening descriptor."""
        try:
            socket.send_fds(client.socket, [encode(notice)], [self._listener.fileno()])
        except OSError:
            self._let_go(client)

    def send_all(self, notice: Notice) -> None:
        for client in tuple(self._clients):
            self.send(client, notice)

    def close(self) -> None:
        """Let every client go. The listening descriptor stays open for who comes after."""
        for client in tuple(self._clients):
            self._let_go(client)

    def _let_go(self, client: Client) -> None:
        if client in self._clients:
            self._clients.discard(client)
            self._selector.unregister(client.socket)
            client.socket.close()
            for descriptor in client.descriptors:
                os.close(descriptor)
