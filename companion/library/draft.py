"""A playlist on its way from one saved version to the next, as its curator sees it."""

from collections.abc import Mapping
from typing import NamedTuple

from companion.library.edit import PlaylistEdit
from companion.library.playlists import PlaylistForm, TrackForm, tracks_of
from companion.library.reading import read
from companion.session.plan import Phase


class Place(NamedTuple):
    """Where a track stands: its section, and which track of it, counted from 0."""

    phase: Phase
    at: int


class Draft:
    """One playlist that is opened to be changed; nothing is written before `save`.

    Every change tells where the track then stands, and raises BadContent, changing nothing, where
    the file is written in a way that cannot be changed here.
    """

    def __init__(self, stem: str, edit: PlaylistEdit) -> None:
        self.stem = stem
        self._edit = edit
        self._saved = edit.text()
        self._form, self._sections = self._read()

    @property
    def title(self) -> str:
        """What the playlist is called."""
        return self._form.title

    @property
    def changed(self) -> bool:
        """Whether it says something else than the file."""
        return self._edit.text() != self._saved

    @property
    def sections(self) -> Mapping[Phase, tuple[TrackForm, ...]]:
        """The sections that have tracks, in the order of the arc."""
        return self._sections

    @property
    def tracks(self) -> int:
        """How many tracks there are in all sections."""
        return sum(map(len, self._sections.values()))

    def track(self, place: Place) -> TrackForm:
        """The track that stands at `place`."""
        return self._sections[place.phase][place.at]

    def add_soundscape(self, phase: Phase, name: str, seed: int) -> Place:
        """A soundscape at the end of a section."""
        self._edit.add(phase, {"soundscape": name, "seed": seed})
        return self._renewed(Place(phase, len(self._sections.get(phase, ()))))

    def move(self, place: Place, by: int) -> Place:
        """A track so many places later in its section; negative: earlier."""
        phase, at = place
        self._edit.move(phase, at, at + by)
        return self._renewed(Place(phase, at + by))

    def put(self, place: Place, phase: Phase) -> Place:
        """A track to the end of another section."""
        end = len(self._sections.get(phase, ()))
        self._edit.put(place.phase, place.at, phase, end)
        return self._renewed(Place(phase, end))

    def change(self, place: Place, field: str, value: float) -> Place:
        """Another `level`, `brightness`, `density` or `seed` of a track."""
        self._edit.change(place.phase, place.at, **{field: value})
        return self._renewed(place)

    def remove(self, place: Place) -> None:
        """A track away; the last one of all cannot go, for a playlist needs one."""
        assert self.tracks > 1
        self._edit.remove(place.phase, place.at)
        self._form, self._sections = self._read()

    def save(self) -> None:
        """Write it. Raises BadContent where it cannot be written or somebody else changed the
        file meanwhile."""
        self._edit.save()
        self._saved = self._edit.text()

    def _renewed(self, place: Place) -> Place:
        self._form, self._sections = self._read()
        return place

    def _read(self) -> tuple[PlaylistForm, Mapping[Phase, tuple[TrackForm, ...]]]:
        return tracks_of(read(self._edit.text().encode(), f"{self.stem}.yaml"))
