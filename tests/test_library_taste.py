"""Every shipped playlist, lived through in three minutes and heard: nothing is to be found."""

from pathlib import Path

import pytest

from companion.config import Card, Config
from companion.config_loading import load_config
from companion.home import fill_home
from companion.library.check import Library, load_library
from companion.library.figures import playlist_figures
from companion.library.resolve import plan_for
from companion.rehearsal.rehearse import rehearse
from companion.rehearsal.sound import render

PLAYLISTS = sorted(path.stem for path in Path(__file__).parents[1].glob("playlists/*.yaml"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("taste") / "home"
    fill_home(home)
    return home


@pytest.fixture(scope="module")
def content(home: Path) -> tuple[Config, Library]:
    config = load_config(home / "config.yaml")
    return config, load_library(home, config)


@pytest.mark.parametrize("playlist", PLAYLISTS)
def test_taste_has_no_finding(home: Path, content: tuple[Config, Library], playlist: str) -> None:
    config, library = content
    plan = plan_for(config, library, Card("taste", playlist, None, config.language))

    heard = render(home, rehearse(plan, True), None, library.playlists[playlist].stated)

    assert heard.findings == ()
    figures = playlist_figures(library.playlists[playlist])
    assert figures.lowest - 3.0 < heard.loudness < figures.highest + 3.0
