"""Rounds of measuring, each taking every subject in turn, and the table that comes of them."""

import os
import statistics
from collections.abc import Iterator, Mapping, Sequence

ROUNDS = 5

Values = dict[str, list[float]]
"""One value of each round, by what was measured."""


def rounds() -> Iterator[int]:
    """The number of each round, told on the way together with the load of the machine."""
    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS}, load {os.getloadavg()[0]:.1f}", flush=True)
        yield number


def collect(values: Values, measured: Mapping[str, float]) -> None:
    """Add one round's values."""
    for name, value in measured.items():
        values.setdefault(name, []).append(value)


def tell(title: str, unit: str, values: Values, peers: Sequence[str] = ()) -> None:
    """Print median, lowest and highest of each subject, and its ratio to each peer.

    A ratio is taken within a round and then its median, so that what disturbed one round
    disturbed both sides of it.
    """
    heads = ["", f"{unit} (lowest–highest)", *(f"times {peer}" for peer in peers)]
    print(f"\n{title}\n")
    _row(heads)
    _row(["---"] * len(heads))
    for name, measured in values.items():
        beside = [
            _spread([a / b for a, b in zip(measured, values[peer], strict=True)]) for peer in peers
        ]
        _row([name, _spread(measured), *beside])


def _row(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def _spread(values: Sequence[float]) -> str:
    low, middle, high = (_short(v) for v in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low}–{high})"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
