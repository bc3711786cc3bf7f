"""A tablet's clocks under a test: they pass, stand still in its sleep, are set, begin anew."""

from companion.moment import Instant


class FrailClock:
    """A `Clock`; `monotonic` is what timers go by, which stand still while the tablet sleeps."""

    def __init__(self) -> None:
        self.monotonic = 0.0
        self._wall, self._boot, self._boots = 1_800_000_000.0, 1000.0, 1

    def now(self) -> Instant:
        return Instant(self._wall, self._boot, f"boot {self._boots}")

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self.monotonic += seconds
        self.sleep(seconds)

    def sleep(self, seconds: float) -> None:
        """The tablet sleeps for so long."""
        self._wall += seconds
        self._boot += seconds

    def set(self, seconds: float) -> None:
        """Somebody sets the wall clock forward, or back."""
        self._wall += seconds

    def reboot(self, seconds: float) -> None:
        """The tablet was off for so long, by the wall clock; that may even say less than none."""
        self._wall += seconds
        self._boot = 20.0
        self._boots += 1
