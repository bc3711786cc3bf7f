"""Content that somebody accepted: reviews of all that lies in a home, as events of the book."""

from collections.abc import Iterator
from pathlib import Path

from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.library.check import load_library
from companion.moment import SystemClock
from companion.session.book import STREAM, ContentReviewed, Kind, Version
from companion.session.events import By


def reviews(home: Path, who: str = "MK") -> Iterator[ContentReviewed]:
    """`who` read and accepted everything that lies in `home` now."""
    library = load_library(home, None)
    for kind, contents in ((Kind.PLAYLIST, library.playlists), (Kind.SCRIPT, library.scripts)):
        for stem, content in contents.items():
            version = Version(kind, stem, content.hash)
            yield ContentReviewed(version=version, by=By(who, confirmed=True))


def accept_all(home: Path, who: str) -> Path:
    """Write that into the journal of `home`."""
    opened = open_journal(home / "journal.db")
    log = Log(opened.connection)
    log.append(STREAM, log.last_seq(STREAM) + 1, SystemClock().now(), tuple(reviews(home, who)))
    opened.connection.close()
    return home
