"""A process that the supervisor looks after: started by it, or taken over from the one before."""

import os
import select
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from companion.processes.notify import VARIABLES


@dataclass
class Child:
    """A living process and the pipe that tells it whether its supervisor lives."""

    pid: int
    pidfd: int
    life: int
    """The only write end of the pipe: it closes with this process."""
    process: "subprocess.Popen[bytes] | None" = None
    """None where somebody else started it, so that its exit code cannot be known."""

    def ended(self, patience: float = 0.0) -> bool:
        """Whether it is dead, waiting up to `patience` seconds for that."""
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(patience * 1000))

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens where it is dead already."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, number)

    def end(self, patience: float) -> None:
        """Ask it to end; after `patience` seconds, make it."""
        self.send(signal.SIGTERM)
        if not self.ended(patience):
            self.send(signal.SIGKILL)
            self.ended(1.0)
        self.bury()

    def bury(self) -> int | None:
        """Let go of a dead child; its exit code, negative for a signal, None if not known."""
        os.close(self.pidfd)
        os.close(self.life)
        return self.process.wait() if self.process else None


def start(
    command: Sequence[str], *, keep: Sequence[int], stdin: int, output: int, own_session: bool
) -> Child:
    """Start `command` with `--life-fd N` added and the descriptors in `keep` left open.

    Raises OSError where it cannot be started.
    """
    life_read, life = os.pipe()
    try:
        process = subprocess.Popen(
            [*command, "--life-fd", str(life_read)],
            stdin=stdin,
            stdout=output,
            stderr=output,
            pass_fds=(life_read, *keep),
            start_new_session=own_session,
            env={name: text for name, text in os.environ.items() if name not in VARIABLES},
        )
    except OSError:
        os.close(life)
        raise
    finally:
        os.close(life_read)
    return Child(process.pid, os.pidfd_open(process.pid), life, process)
