"""Mutants of what decides, lets in and keeps: how many of them do the tests kill?

    pip install -c constraints.txt -e '.[nightly]'
    python tests/mutants.py

changes the code of `companion/session`, `companion/access.py` and `companion/journal` in one small
way after the other and runs the tests that touch it. What was found is kept in `mutants/` by the
content of each function, so only what has changed is run again; deleting that folder begins anew.
Ends with 1 where a part is below 85 %. `mutmut show NAME` shows one that survived.
"""

import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

GOAL = 0.85
"""The part of the mutants that must be killed, in each of the three."""
_KILLED = ("killed", "timeout", "segfault", "caught by type check", "suspicious")
_UNKNOWN = ("not checked", "skipped", "check was interrupted by user")


def main() -> int:
    asked = sys.argv[1:] or ["run"]
    if asked != ["report"]:
        subprocess.run([sys.executable, "-m", "mutmut", *asked], check=False)
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    survivors = []
    for name, status in _results():
        counted[_module(name)][status] += 1
        if status not in (*_KILLED, *_UNKNOWN):
            survivors.append(f"{name}: {status}")
    print(*survivors, sep="\n")
    for module, of in sorted(counted.items()):
        print(_line(module, [of]))
    parts = {
        part: [of for module, of in counted.items() if _part(module) == part] for part in PARTS
    }
    print(*(_line(part, all_of) for part, all_of in parts.items()), sep="\n")
    return int(any(_killed(all_of) < GOAL for all_of in parts.values()))


PARTS = ("companion.session", "companion.access", "companion.journal")


def _results() -> Iterator[tuple[str, str]]:
    """Each mutant with what became of it."""
    told = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in told.splitlines():
        name, _, status = line.strip().rpartition(": ")
        if name:
            yield name, status


def _module(mutant: str) -> str:
    """`companion.session.state.x_evolve__mutmut_3` is one of `companion.session.state`."""
    return mutant.rpartition(".")[0]


def _part(module: str) -> str:
    return next(part for part in PARTS if module.startswith(part))


def _killed(counted: Iterable[Counter[str]]) -> float:
    killed, judged = _sums(counted)
    return killed / judged if judged else 0.0


def _sums(counted: Iterable[Counter[str]]) -> tuple[int, int]:
    """How many were killed, of how many that were run."""
    total: Counter[str] = sum(counted, Counter())
    judged = sum(count for status, count in total.items() if status not in _UNKNOWN)
    return sum(total[status] for status in _KILLED), judged


def _line(name: str, counted: list[Counter[str]]) -> str:
    killed, judged = _sums(counted)
    unknown = sum(of[status] for of in counted for status in _UNKNOWN)
    more = f", {unknown} not run" if unknown else ""
    return f"{name:<40} {killed:>4} of {judged:>4} killed, {_killed(counted):.1%}{more}"


if __name__ == "__main__":
    sys.exit(main())
