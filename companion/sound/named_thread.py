"""Threads whose names the kernel knows too, so that it can be seen what each of them costs."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread, get_native_id

_LONGEST = 15


class NamedThread(Thread):
    """Does `work` once; it never holds up the end of the process."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        super().__init__(target=work, name=name, daemon=True)

    def run(self) -> None:
        with suppress(OSError):  # some systems let nobody write there
            Path(f"/proc/self/task/{get_native_id()}/comm").write_text(self.name[:_LONGEST])
        super().run()
