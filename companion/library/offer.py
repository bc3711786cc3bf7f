"""What may be offered of the library: of every playlist and script the version that was accepted.

That is what lies there now, if somebody accepted it; else the version accepted last, from its
copy; else nothing. What somebody deleted is offered no more.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from companion.library.check import Library, playlist_shelf, script_shelf
from companion.library.kept import C, Changed, Copies, playlist_copies, script_copies
from companion.library.playlists import PlaylistContent
from companion.session.book import Kind, Version
from companion.session.plan import Script


@dataclass(frozen=True, slots=True)
class Standing:
    """How one playlist or script stands."""

    kind: Kind
    stem: str
    title: str
    """The stem, where nothing of it can be read."""
    now: Version | None
    """What lies there now; None: it cannot be used."""
    offered: Version | None
    """What a session may have of it; None: nothing."""

    @property
    def waits(self) -> bool:
        """Whether what lies there now waits for somebody to read it."""
        return self.now is not None and self.now != self.offered


@dataclass(frozen=True, slots=True)
class Offer:
    """A library in which there is nothing that nobody accepted."""

    library: Library
    standings: tuple[Standing, ...]


class Offering:
    """The library of one home, and the copies of what was accepted of it."""

    def __init__(self, home: Path) -> None:
        self._playlists = playlist_copies(playlist_shelf(home))
        self._scripts = script_copies(script_shelf(home))

    def offer(self, library: Library, accepted: Collection[Version]) -> Offer:
        """What may be offered of `library`, which was just read. The newest of `accepted` is the
        last."""
        playlists, first = _sort(Kind.PLAYLIST, self._playlists, library.playlists, accepted)
        scripts, then = _sort(Kind.SCRIPT, self._scripts, library.scripts, accepted)
        return Offer(replace(library, playlists=playlists, scripts=scripts), (*first, *then))

    def complete(self, library: Library, accepted: Collection[Version]) -> None:
        """Copy what was accepted and has no copy yet, as far as the disk takes it."""
        for version in _versions(library):
            if version in accepted:
                with suppress(Changed, OSError):
                    self.keep(library, version)

    def keep(self, library: Library, version: Version) -> None:
        """Copy this version, which is that of `library`. Raises Changed, and OSError."""
        if version.kind is Kind.PLAYLIST:
            _keep(self._playlists, library.playlists, version)
        else:
            _keep(self._scripts, library.scripts, version)

    def lies_there(self, kind: Kind, stem: str) -> Version | None:
        """Which version lies there now; None: it cannot be used."""
        copies = self._playlists if kind is Kind.PLAYLIST else self._scripts
        content = copies.read(stem, copies.shelf)
        return None if content is None else Version(kind, stem, content.hash)

    def earlier(self, version: Version) -> PlaylistContent | Script | None:
        """An accepted version as it stood then; None: there is no copy, or it is damaged."""
        copies = self._playlists if version.kind is Kind.PLAYLIST else self._scripts
        return copies.as_accepted(version.stem, version.hash)

    def clear(self, accepted: Collection[Version], standings: Collection[Standing]) -> None:
        """Remove the copies that nothing refers to: neither what is offered nor the version that
        was accepted last. Not while a session is open, which may play from an older one."""
        newest = {(one.kind, one.stem): one for one in accepted}
        wanted = {*newest.values(), *(one.offered for one in standings if one.offered)}
        for kind, copies in ((Kind.PLAYLIST, self._playlists), (Kind.SCRIPT, self._scripts)):
            copies.clear({(one.stem, one.hash) for one in wanted if one.kind is kind})


def _sort(
    kind: Kind, copies: Copies[C], here: Mapping[str, C], accepted: Collection[Version]
) -> tuple[dict[str, C], list[Standing]]:
    """Of everything that lies there, good or not, what may be offered, and how all of it stands."""
    newest = {one.stem: one for one in accepted if one.kind is kind}
    offered: dict[str, C] = {}
    standings: list[Standing] = []
    for stem in dict.fromkeys(stem for stem, _ in copies.shelf.stems() if stem):
        content = here.get(stem)
        now = None if content is None else Version(kind, stem, content.hash)
        if content is not None and now in accepted:
            allowed: C | None = copies.played_from_copy(content)
        else:
            last = newest.get(stem)
            allowed = None if last is None else copies.kept(stem, last.hash)
        version = None
        if allowed is not None:
            offered[stem] = allowed
            version = Version(kind, stem, allowed.hash)
        title = next((one.title for one in (content, allowed) if one is not None), stem)
        standings.append(Standing(kind, stem, title, now, version))
    return offered, standings


def _versions(library: Library) -> Iterator[Version]:
    for kind, here in ((Kind.PLAYLIST, library.playlists), (Kind.SCRIPT, library.scripts)):
        yield from (Version(kind, stem, content.hash) for stem, content in here.items())


def _keep(copies: Copies[C], here: Mapping[str, C], version: Version) -> None:
    content = here.get(version.stem)
    if content is None or content.hash != version.hash:
        raise Changed(version.stem)
    copies.keep(content)
