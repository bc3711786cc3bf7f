"""One thread that does what it is given, in order, and never keeps the program from ending."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class OneThread:
    """A daemon thread: unlike a pool's it does not hold up an exit while a disk hangs."""

    def __init__(self, name: str) -> None:
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[], T]) -> Future[T]:
        """Have `act` done after everything submitted before it."""
        done: Future[T] = Future()
        self._queue.put((done, act))
        return done

    def close(self, timeout: float) -> bool:
        """Finish what was submitted, at most `timeout` seconds; whether all of it was done."""
        self._queue.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            done, act = task
            try:
                result = act()
            except BaseException as error:  # whoever waits for it is told
                done.set_exception(error)
            else:
                done.set_result(result)
