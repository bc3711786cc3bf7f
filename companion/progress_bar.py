"""How far a command is, on the terminal that it was typed at."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar on the terminal; where there is none, nothing."""
    with click.progressbar(
        length=1000, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as shown:
        yield lambda part: shown.update(round(part * 1000) - shown.pos)
        shown.update(1000 - shown.pos)
