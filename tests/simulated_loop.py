"""An event loop whose time passes only when a test says so.

Its timers follow a clock of the test's own; nothing in it waits for real time.
"""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from typing import Any


class _NeverWaits(selectors.SelectSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(0)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """`monotonic` tells the seconds that its timers go by; they never run backwards."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        super().__init__(_NeverWaits())
        self._monotonic = monotonic
        self.complaints: list[Mapping[str, Any]] = []
        self.set_exception_handler(lambda _, told: self.complaints.append(told))

    def time(self) -> float:
        return self._monotonic()

    def turn(self, times: int = 20) -> None:
        """Let whatever can go on go on."""

        async def rounds() -> None:
            for _ in range(times):
                await asyncio.sleep(0)

        self.run_until_complete(rounds())

    def die(self) -> None:
        """All that runs here is gone, in the middle of whatever it does."""
        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        self.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.close()
