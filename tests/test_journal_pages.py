"""Pages read without SQLite tell exactly what SQLite wrote into them, whatever that was."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.journal.pages import Entry, read_pages

BIGGEST = 2**63 - 1
row_ids = st.one_of(st.integers(-(2**63), BIGGEST), st.integers(-300, 300))
lengths = st.sampled_from([0, 1, 40, 60, 90, 100, 450, 480, 1000, 4050, 4090, 9000, 20_000])
"""Around the places where a record goes on on a further page."""
whole_numbers = st.one_of(
    st.integers(-(2**63), BIGGEST),
    st.sampled_from([sign * (2**bits + more) for sign in (1, -1)
                     for bits in (0, 7, 8, 15, 23, 31, 47) for more in (-1, 0)]),
)  # fmt: skip
values = st.one_of(
    st.none(),
    whole_numbers,
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    lengths.map(lambda length: "é" * (length // 2)),
    st.one_of(lengths, st.integers(455, 480)).map(lambda length: bytes([length % 251]) * length),
)
rows = st.dictionaries(row_ids, st.tuples(values, values), max_size=25)


@settings(derandomize=True, max_examples=150, deadline=None, database=None)
@given(rows, st.sampled_from([512, 1024, 4096]), st.booleans(), st.booleans())
def test_every_record_is_read_as_it_was_written(
    written: dict[int, tuple[object, object]], size: int, logged: bool, deleted: bool
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "some.db"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(f"PRAGMA page_size={size}")
        if logged:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)")
        connection.execute("CREATE INDEX by_a ON t (a)")
        connection.execute("CREATE TABLE u (a PRIMARY KEY, b, c, d) WITHOUT ROWID")
        connection.execute("BEGIN")
        for row_id, (a, b) in written.items():
            connection.execute("INSERT INTO t VALUES (?, ?, ?)", (row_id, a, b))
            connection.execute("INSERT INTO u VALUES (?, ?, ?, 1)", (row_id, a, b))
        connection.execute("COMMIT")
        if deleted and written:
            connection.execute("PRAGMA secure_delete=ON")
            gone = min(written)
            connection.execute("DELETE FROM t WHERE id = ?", (gone,))
            connection.execute("DELETE FROM u WHERE a = ?", (gone,))
            written = {row_id: row for row_id, row in written.items() if row_id != gone}
        log = path.with_name("some.db-wal")
        found = read_pages(path.read_bytes(), log.read_bytes() if logged else b"")
        connection.close()
    assert found.unread == 0
    of_table = [one for one in found.entries if one.row_id is not None and len(one.values) == 3]
    in_index = [one.values for one in found.entries if one.row_id is None and len(one.values) == 2]
    in_other = [one.values for one in found.entries if one.row_id is None and len(one.values) == 4]
    assert _told(of_table) == _told(
        Entry(row_id, (None, a, b)) for row_id, (a, b) in written.items()
    )
    assert _told(in_index) == _told((a, row_id) for row_id, (a, _) in written.items())
    assert _told(in_other) == _told((row_id, a, b, 1) for row_id, (a, b) in written.items())


def _told(records: object) -> list[str]:
    """In an order of their own; -0.0 is kept by SQLite as 0.0."""
    return sorted(str(record).replace("-0.0", "0.0") for record in records)  # type: ignore[attr-defined]
