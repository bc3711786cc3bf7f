"""The records in the pages of a SQLite file, read without SQLite: what is left of a damaged one.

Every page is looked at by itself, so that one which cannot be read takes nothing else with it.
The format is that of https://www.sqlite.org/fileformat2.html.
"""

import struct
from dataclasses import dataclass, field
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_USUAL = 4096
"""Bytes of a page where no header tells."""
_LONGEST = 2**26
"""Bytes of the longest record that is believed."""
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_WAL_HEADER, _FRAME_HEADER = 32, 24
_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02

Value = None | int | float | str | bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: of a table by its row id, of an index or a table without them with None."""

    row_id: int | None
    values: tuple[Value, ...]


@dataclass(slots=True)
class Reading:
    """What a file gave. `unread` counts the pages and records that could not be read."""

    entries: list[Entry] = field(default_factory=list)
    unread: int = 0


class _Unreadable(Exception):  # noqa: N818 (it is what it says)
    """These bytes are no record."""


def read_pages(main: bytes, log: bytes = b"") -> Reading:
    """Every record in the bytes of a file, and in those of SQLite's log beside it."""
    return _Pages(main, log).read()


def bytes_of(path: Path) -> tuple[bytes, bytes]:
    """The file at `path` and the log beside it. One that is not there is an empty one. Raises
    OSError where either cannot be read."""
    return _bytes(path), _bytes(path.with_name(path.name + "-wal"))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


class _Pages:
    """The pages of a file as the last commit left them."""

    def __init__(self, main: bytes, log: bytes) -> None:
        self._has_header = main.startswith(_MAGIC)
        self._size = _page_size(main if self._has_header else b"", log)
        self._usable = self._size - (main[20] if self._has_header else 0)
        whole = len(main) - len(main) % self._size
        self._pages = {
            start // self._size + 1: main[start : start + self._size]
            for start in range(0, whole, self._size)
        }
        self._torn = whole != len(main)
        logged, count = _committed(log, self._size)
        self._pages |= logged
        told = count or (int.from_bytes(main[28:32], "big") if self._has_header else 0)
        self._expected = min(told, 2**20) or max(self._pages, default=0)
        self._accounted: set[int] = {1}

    def read(self) -> Reading:
        found = Reading()
        if not self._pages:
            found.unread = 1
            return found
        for number, page in sorted(self._pages.items()):
            if number <= self._expected:
                self._read_page(number, page, found)
        self._account_free()
        found.unread += len(set(range(1, self._expected + 1)) - self._accounted) + self._torn
        return found

    def _read_page(self, number: int, page: bytes, found: Reading) -> None:
        start = 100 if number == 1 else 0
        kind = page[start]
        if kind not in (_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER):
            return
        inner = kind in (_TABLE_INNER, _INDEX_INNER)
        count = int.from_bytes(page[start + 3 : start + 5], "big")
        first = start + (12 if inner else 8)
        if first + 2 * count > self._usable:
            return
        self._accounted.add(number)
        if kind == _TABLE_INNER:
            return
        for place in range(first, first + 2 * count, 2):
            at = int.from_bytes(page[place : place + 2], "big")
            try:
                found.entries.append(self._entry(page, at + 4 if inner else at, kind))
            except (_Unreadable, IndexError, struct.error, UnicodeDecodeError):
                found.unread += 1

    def _entry(self, page: bytes, at: int, kind: int) -> Entry:
        length, at = _varint(page, at)
        row_id = None
        if kind == _TABLE_LEAF:
            row_id, at = _varint(page, at)
        if length > _LONGEST:
            raise _Unreadable
        return Entry(row_id, _record(self._payload(page, at, length, kind)))

    def _payload(self, page: bytes, at: int, length: int, kind: int) -> bytes:
        """The bytes of a record, those on further pages included."""
        usable = self._usable
        most = usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return page[at : at + length]
        least = (usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (usable - 4)
        here = here if here <= most else least
        parts, left = [page[at : at + here]], length - here
        following = int.from_bytes(page[at + here : at + here + 4], "big")
        passed = []
        while left > 0:
            if following not in self._pages or following in passed:
                raise _Unreadable
            passed.append(following)
            more = self._pages[following]
            parts.append(more[4 : 4 + min(left, usable - 4)])
            left -= usable - 4
            following = int.from_bytes(more[:4], "big")
        self._accounted.update(passed)
        return b"".join(parts)

    def _account_free(self) -> None:
        """Nothing is missed on pages that are free."""
        first = self._pages.get(1, b"")
        trunk = int.from_bytes(first[32:36], "big") if first.startswith(_MAGIC) else 0
        while trunk in self._pages and trunk not in self._accounted:
            self._accounted.add(trunk)
            page = self._pages[trunk]
            count = min(int.from_bytes(page[4:8], "big"), self._usable // 4 - 2)
            self._accounted.update(struct.unpack_from(f">{count}I", page, 8))
            trunk = int.from_bytes(page[:4], "big")


def _page_size(main: bytes, log: bytes) -> int:
    told = int.from_bytes(main[16:18], "big") or int.from_bytes(log[8:12], "big")
    size = 65536 if told == 1 else told
    return size if 512 <= size <= 65536 and size & (size - 1) == 0 else _USUAL


def _committed(log: bytes, size: int) -> tuple[dict[int, bytes], int]:
    """The pages that SQLite's log holds as of its last whole commit, and how many the file has
    with it; 0: the log holds none."""
    if len(log) < _WAL_HEADER:
        return {}, 0
    magic, _, told, _, *salts, sum1, sum2 = struct.unpack(">8I", log[:_WAL_HEADER])
    order = ">" if magic & 1 else "<"
    sums = _checksum(log[:24], (0, 0), order)
    if magic not in _WAL_MAGIC or told != size or sums != (sum1, sum2):
        return {}, 0
    pages: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    count = 0
    frame = _FRAME_HEADER + size
    for start in range(_WAL_HEADER, len(log) - frame + 1, frame):
        number, commits, *rest = struct.unpack_from(">6I", log, start)
        page = log[start + _FRAME_HEADER : start + frame]
        sums = _checksum(page, _checksum(log[start : start + 8], sums, order), order)
        if rest != [*salts, *sums]:
            break
        waiting[number] = page
        if commits:
            pages |= waiting
            waiting, count = {}, commits
    return pages, count


def _checksum(data: bytes, before: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = before
    for one, other in struct.iter_unpack(f"{order}2I", data):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes at `at`, and where it ends. Raises IndexError."""
    value = 0
    for n in range(8):
        byte = data[at + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    value = value << 8 | data[at + 8]
    return value - 2**64 if value >= 2**63 else value, at + 9


_WHOLE_NUMBERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of an integer by its type."""


def _record(payload: bytes) -> tuple[Value, ...]:
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != end or not kinds:
        raise _Unreadable
    values = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise _Unreadable
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    """A value of the type `kind` at `at`, and where it ends."""
    if kind in _WHOLE_NUMBERS:
        end = at + _WHOLE_NUMBERS[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    match kind:
        case 0:
            return None, at
        case 7:
            (number,) = struct.unpack_from(">d", payload, at)
            return number, at + 8
        case 8 | 9:
            return kind - 8, at
    if kind < 12:
        raise _Unreadable
    end = at + (kind - 12) // 2
    if end > len(payload):
        raise _Unreadable
    return (payload[at:end].decode() if kind % 2 else payload[at:end]), end
