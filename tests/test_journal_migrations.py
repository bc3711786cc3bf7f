"""The steps by which the tables change: each whole or not at all."""

import sqlite3

import pytest
from journal_samples import Faulty, answer, moment, new_log

from companion.journal.migrations import MIGRATIONS, NewerSchema, applied, migrate


def test_a_step_that_fails_leaves_the_old_schema(tmp_path):
    log, connection = new_log(tmp_path)
    log.append("s", 1, moment(), [answer()])

    def second(connection):
        connection.execute("CREATE TABLE extra (a)")
        connection.execute("ALTER TABLE event ADD COLUMN colour TEXT")
        connection.execute("UPDATE tablet SET id = 'changed'")

    names = tuple(name for name, _ in MIGRATIONS)
    steps = (*MIGRATIONS, ("second", second))
    schema_before = connection.execute("SELECT sql FROM sqlite_master").fetchall()
    tablet = connection.execute("SELECT id FROM tablet").fetchone()
    failed = 0
    for n in range(1, 9):
        for after in (False, True):
            with pytest.raises(sqlite3.OperationalError):
                migrate(Faulty(connection, {n}, after), steps)
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if applied(connection) != names:
                assert n == 8 and after  # the commit itself, whose answer was lost
                break
            assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == schema_before
            assert connection.execute("SELECT id FROM tablet").fetchone() == tablet
            failed += 1
    assert failed == 15
    migrate(connection, steps)
    assert applied(connection) == (*names, "second")
    assert len(log.read("s")) == 1


def test_steps_in_another_order_are_refused(tmp_path):
    _, connection = new_log(tmp_path)
    with pytest.raises(NewerSchema):
        migrate(connection, (("something else", lambda _: None), *MIGRATIONS))
