"""What staff read of earlier sessions, and what leaves the tablet."""

import csv
import io
import json
import stat
import time
from datetime import date, datetime

import pytest
from journal_samples import MK, PLAN, SHORE, answer, moment, new_log, prepared

from companion.journal.export import Format, export, write_export
from companion.journal.history import WaitingRating, codes, sessions, waiting_ratings
from companion.session import events
from companion.session.book import PinTried, StaffAdded
from companion.session.events import By
from companion.session.plan import Cue, Script

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC
JS = By("JS")


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def log(tmp_path):
    return new_log(tmp_path)[0]


def kept(log, stream, *happened, wall=NOON):
    """Each event is written down as many seconds after `wall` as its own time says."""
    for event in happened:
        log.append(stream, log.last_seq(stream) + 1, moment(wall + event.at), [event])


def whole_session(log, stream="s", wall=NOON):
    kept(
        log,
        stream,
        prepared(),
        events.ModeChosen(at=5.0, mode="music"),
        events.InfusionStarted(at=100.0, t0=40.0, by=MK),
        events.Called(at=700.0, source="screen"),
        events.CallAnswered(at=760.0, by=JS),
        events.TakenOver(at=800.0, by=By("JS", confirmed=True)),
        events.Called(at=900.0, source="key"),
        answer(7, at=3000.0),
        events.Skipped(at=3010.0, when="after", question="music"),
        events.WordsLeft(at=3020.0, words="=1+1 the sea"),
        events.SessionClosed(at=3040.0, by=JS),
        wall=wall,
    )


def test_a_closed_session_in_one_line(log):
    whole_session(log)
    log.append("tablet", 1, moment(), [PinTried(initials="MK")])
    (line,) = sessions(log)
    assert (line.stream, line.began, line.room) == ("s", NOON, "Room 2")
    assert (line.nurse, line.protocol) == ("JS", "Taste")
    assert (line.t0, line.minutes, line.closed) == (NOON + 40, 50.0, True)
    assert (line.calls, line.answered, line.skipped) == (2, 1, 1)
    assert "5724061" not in repr(line) and "sea" not in repr(line)


def test_what_a_nurse_corrected_after_a_reboot_counts(log):
    whole_session(log)
    kept(
        log,
        "t",
        prepared(),
        events.InfusionStarted(at=100.0, t0=40.0, by=MK),
        events.Resumed(at=700.0, gap=60.0, exact=False, waiting=False),
        events.ElapsedConfirmed(at=710.0, seconds=300.0, by=MK),
        events.SessionClosed(at=3040.0, by=JS),
    )
    (_, line) = sessions(log)
    assert (line.t0, line.minutes) == (NOON + 40, 55.0)


def test_the_latest_alone_are_read_where_no_more_are_wanted(log):
    for number in range(4):
        whole_session(log, f"s{number}")
    assert [one.stream for one in sessions(log, latest=2)] == ["s2", "s3"]
    assert len(sessions(log, latest=9)) == len(sessions(log)) == 4


def test_corrections_add_up_and_the_nurse_is_who_prepared_it(log):
    kept(log, "s", prepared(), events.InfusionStarted(at=100.0, t0=40.0, by=MK))
    for seconds in (300.0, -60.0):
        kept(log, "s", events.ElapsedConfirmed(at=700.0, seconds=seconds, by=MK))
    kept(log, "s", events.SessionClosed(at=640.0, by=JS))
    (line,) = sessions(log)
    assert (line.minutes, line.nurse) == (14.0, "MK")


def test_t0_counts_from_the_session_s_own_clock_and_a_later_one_corrects(log):
    kept(log, "s", prepared(at=10.0), wall=NOON - 10)
    kept(log, "s", events.InfusionStarted(at=60.0, t0=-290.0, by=MK), wall=NOON - 10)
    (line,) = sessions(log)
    assert line.t0 == NOON - 300
    kept(log, "s", events.InfusionStarted(at=70.0, t0=50.0, by=MK), wall=NOON - 10)
    (line,) = sessions(log)
    assert line.t0 == NOON + 40


def test_an_open_session_and_one_without_an_infusion(log):
    kept(log, "a", prepared(), events.InfusionStarted(at=60.0, t0=60.0, by=MK))
    kept(log, "a", events.LookedIn(at=660.0, by=MK))
    kept(log, "b", prepared(), events.SessionClosed(at=50.0, by=MK))
    kept(log, "odd", events.CheckInAsked(at=1.0))
    first, second = sessions(log)
    assert (first.stream, first.minutes, first.closed) == ("a", 10.0, False)
    assert (second.stream, second.t0, second.minutes, second.closed) == ("b", None, None, True)


def test_answering_after_the_close_does_not_make_the_session_longer(log):
    whole_session(log)
    kept(log, "s", answer(5, at=9000.0))
    assert sessions(log)[0].minutes == 50.0


def test_codes_and_the_local_day_they_were_last_seen(log):
    kept(log, "a", prepared("1111111"))
    kept(log, "b", prepared("2222222"))
    kept(log, "c", prepared(None))
    kept(log, "d", prepared("1111111"), wall=NOON + 11 * 3600 + 60)  # past midnight in Berlin
    assert codes(log) == {"1111111": date(2027, 1, 16), "2222222": date(2027, 1, 15)}


POSTPONED = events.RatingPostponed(at=3000.0)
CLOSED = events.SessionClosed(at=3040.0, by=MK)


def test_a_rating_put_off_waits_until_the_day_ends(log):
    kept(log, "s", prepared(), POSTPONED, CLOSED)
    assert waiting_ratings(log, moment(NOON + 7200)) == (WaitingRating("s", "5724061"),)
    midnight = NOON + 11 * 3600
    assert len(waiting_ratings(log, moment(midnight - 1))) == 1
    assert waiting_ratings(log, moment(midnight)) == ()


@pytest.mark.parametrize(
    "after",
    [
        events.RatingOpened(at=4000.0, by=MK),
        events.QuestionsEnded(at=4000.0, wanted=True),
    ],
    ids=["opened", "ended"],
)
def test_a_rating_taken_up_waits_no_longer_until_it_is_put_off_again(log, after):
    kept(log, "s", prepared(), POSTPONED, CLOSED, after)
    assert waiting_ratings(log, moment(NOON + 7200)) == ()
    kept(log, "s", events.RatingPostponed(at=4100.0))
    assert len(waiting_ratings(log, moment(NOON + 7200))) == 1


def test_a_rating_of_an_open_session_does_not_wait(log):
    kept(log, "s", prepared(), POSTPONED)
    assert waiting_ratings(log, moment(NOON + 7200)) == ()
    kept(log, "odd", events.CheckInAsked(at=0.0), POSTPONED, CLOSED)
    assert waiting_ratings(log, moment(NOON + 7200)) == ()


# --- export --------------------------------------------------------------------------------------


def table_of(log) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(export(log, Format.CSV)), newline="")))


def test_the_table_has_a_row_for_each_event_of_note(log):
    whole_session(log)
    rows = table_of(log)
    assert [row["what"] for row in rows] == [
        "session prepared",
        "mode chosen",
        "infusion started",
        "called",
        "call answered",
        "taken over",
        "called",
        "answered",
        "skipped",
        "words left",
        "session closed",
    ]
    assert {row["session"] for row in rows} == {"s"}
    assert {row["code"] for row in rows} == {"5724061"}
    first, started, asked, answered = rows[0], rows[2], rows[4], rows[7]
    assert (first["value"], first["who"], first["confirmed"]) == ("Taste", "MK", "yes")
    assert (first["time"], first["minute"]) == ("2027-01-15T13:00:00+01:00", "-0.7")
    assert started["value"] == "2027-01-15T13:00:40+01:00"
    assert (asked["who"], asked["confirmed"], asked["minute"]) == ("JS", "no", "12.0")
    assert (answered["about"], answered["value"], answered["who"]) == ("mood after", "7", "")
    assert answered["minutes_after_infusion"] == "34.0"
    assert (answered["early"], answered["assumed"], answered["confirmed"]) == ("no", "no", "")
    assert (rows[8]["about"], rows[8]["value"]) == ("music after", "")


def test_every_kind_of_session_event_fits_the_table(log):
    script = Script("shore", "The Shore", "en", (), (Cue("Breathe.", 1.0, 6.0),))
    values = [
        (events.PlaylistChanged(at=1.0, playlist=PLAN.playlist, by=MK), "Tide"),
        (events.ScriptChanged(at=1.0, script=script, by=MK), "The Shore"),
        (events.ScriptChanged(at=1.0, script=None, by=MK), ""),
        (
            events.InfusionEnded(at=60.0, ended=30.0, by=MK),
            "2027-01-15T13:00:30+01:00",
        ),
        (events.CheckInAnswered(at=1.0, comfortable=False), "no"),
        (events.CheckInUnanswered(at=1.0), ""),
        (events.LevelChanged(at=1.0, level=-20.0), "-20.0"),
        (
            events.CallNotSent(at=1.0, channel="webhook", why="down"),
            "channel webhook, why down",
        ),
        (events.TrackStarted(at=1.0, title=SHORE.title), "Shore"),
    ]
    kept(log, "s", prepared(), *(event for event, _ in values))
    kept(log, "s", events.SteppedBack(at=2.0), events.CheckInAsked(at=2.0))
    rows = table_of(log)[1:]
    assert [row["value"] for row in rows] == [value for _, value in values]
    assert {row["minute"] for row in rows} == {""}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\rx", "|x", "＝1", "＠"]
)
def test_text_that_a_spreadsheet_would_run_is_guarded(log, text):
    kept(log, "s", prepared(code=text), events.WordsLeft(at=1.0, words=text))
    kept(log, "s", events.Noted(at=2.0, note=text, by=By(text)))
    written = "".join(export(log, Format.CSV))
    for row in list(csv.reader(io.StringIO(written, newline="")))[1:]:
        assert f"'{text}" in row
        assert text not in row


def test_every_cell_is_quoted_and_quotes_survive(log):
    words = 'He said "sea", then;\nnothing'
    kept(log, "s", prepared(), events.WordsLeft(at=1.0, words=words))
    assert table_of(log)[1]["value"] == words
    written = "".join(export(log, Format.CSV))
    assert written.startswith('"session","code","time","minute","what"')
    assert '"","words left"' in written


def test_what_is_left_out_of_the_table_hides_nothing_that_follows(log):
    kept(log, "s", prepared(), events.CheckInAsked(at=2.0), events.SteppedBack(at=3.0))
    kept(log, "s", events.LookedIn(at=4.0, by=JS))
    assert [row["what"] for row in table_of(log)] == ["session prepared", "looked in"]


def test_a_session_that_began_late_on_its_own_clock_has_the_same_times(log):
    kept(log, "s", prepared(at=90.0), events.InfusionStarted(at=200.0, t0=150.0, by=MK))
    assert table_of(log)[1]["value"] == "2027-01-15T13:02:30+01:00"


def test_where_nothing_is_about_or_void_the_cells_are_empty(log):
    whole_session(log)
    row = table_of(log)[2]
    assert (row["about"], row["void"], row["void_by"], row["void_reason"]) == ("", "no", "", "")


def test_a_rating_or_session_that_is_void_is_told_without_a_number(log):
    kept(log, "s", prepared(), events.Voided(at=9.0, what="session", reason="tried", by=MK))
    assert table_of(log)[1]["about"] == "session"


def test_a_stream_that_lost_its_first_event_is_still_exported(log):
    kept(log, "s", events.LookedIn(at=1.0, by=MK))
    assert table_of(log)[0]["code"] == ""


def test_json_holds_every_event_whole_and_the_book_is_left_out(log):
    whole_session(log)
    kept(log, "t", prepared("2222222"))
    log.append("tablet", 1, moment(), [PinTried(initials="MK")])
    told = json.loads("".join(export(log, Format.JSON)))
    assert told["tablet"] == log.tablet
    assert [session["session"] for session in told["sessions"]] == ["s", "t"]
    happened = told["sessions"][0]["events"]
    assert [one["seq"] for one in happened] == list(range(1, 12))
    assert happened[0]["event"]["code"] == "5724061"
    assert happened[0]["event"]["plan"]["protocol"]["title"] == "Taste"
    assert happened[7]["event"]["value"] == 7
    assert datetime.fromisoformat(happened[0]["time"]).utcoffset() is not None
    assert (happened[7]["kind"], happened[7]["boot_id"]) == ("Answered", "boot one")
    assert happened[7]["boot"] == log.read("s")[7].moment.boot
    for form in Format:
        assert StaffAdded.__name__ not in "".join(export(log, form))
        assert "pin" not in "".join(export(log, form)).lower().replace("opinion", "")


def test_nothing_kept_is_an_empty_export(log):
    assert table_of(log) == []
    assert json.loads("".join(export(log, Format.JSON)))["sessions"] == []


@pytest.mark.parametrize("form", Format)
def test_the_file_is_private_and_replaced_in_one_piece(log, tmp_path, form):
    whole_session(log)
    path = tmp_path / "out" / f"export.{form}"
    path.parent.mkdir()
    path.write_text("the one before")
    path.chmod(0o644)
    write_export(log, form, path)
    assert path.read_bytes().decode() == "".join(export(log, form))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_an_export_that_fails_leaves_the_one_before_and_nothing_else(log, tmp_path):
    whole_session(log)
    log._connection.execute("UPDATE private SET body = '{}'")
    path = tmp_path / "out" / "export.csv"
    path.parent.mkdir()
    path.write_text("the one before")
    with pytest.raises(Exception, match="cannot be read"):
        write_export(log, Format.CSV, path)
    assert path.read_text() == "the one before"
    assert list(path.parent.iterdir()) == [path]


def test_what_is_void_is_marked_in_list_table_and_export_and_stays_there(log):
    whole_session(log)
    mark = events.Voided(at=5000.0, what="event", seq=8, reason="mistake", by=MK)
    kept(log, "s", mark)
    assert sessions(log)[0].void_by is None
    rows = list(csv.DictReader(io.StringIO("".join(export(log, Format.CSV)))))
    (row,) = [one for one in rows if one["what"] == "answered"]
    assert (row["value"], row["void"]) == ("7", "yes")
    assert (row["void_by"], row["void_reason"]) == ("MK", "mistake")
    assert [one["void"] for one in rows].count("yes") == 1
    (told,) = [one for one in rows if one["what"] == "voided"]
    assert (told["about"], told["value"], told["who"]) == ("event 8", "mistake", "MK")
    kept(log, "s", events.Voided(at=5100.0, what="session", reason="tried out", by=JS))
    assert sessions(log)[0].void_by == "JS"
    (session,) = json.loads("".join(export(log, Format.JSON)))["sessions"]
    voids = {one["seq"]: one["void"] for one in session["events"]}
    assert voids[8] == {"by": "MK", "reason": "mistake"}
    assert voids[1] == {"by": "JS", "reason": "tried out"}
    assert voids[12] is None
    assert session["events"][7]["event"]["value"] == 7
    assert [one["digest"] for one in session["events"]] == [one.digest for one in log.read("s")]


def test_a_rating_of_a_session_that_is_void_waits_no_more(log):
    kept(log, "s", prepared(), POSTPONED, CLOSED)
    kept(log, "s", events.Voided(at=3100.0, what="session", reason="tried out", by=MK))
    assert waiting_ratings(log, moment(NOON + 7200)) == ()


def test_the_head_is_that_of_the_event_that_closed_it(log):
    kept(log, "s", prepared())
    assert sessions(log)[0].head == ""
    kept(log, "s", CLOSED)
    head = sessions(log)[0].head
    assert head == log.read("s")[1].digest
    kept(log, "s", events.Voided(at=3100.0, what="session", reason="tried out", by=MK))
    assert sessions(log)[0].head == head
