"""Which screen belongs to which place."""

from companion.session.view import Place, View
from companion.ui.place import PlaceScreen
from companion.ui.screens.called import CalledScreen
from companion.ui.screens.check_in import CheckInScreen
from companion.ui.screens.farewell import FarewellScreen
from companion.ui.screens.hearing import HearingScreen
from companion.ui.screens.intention import IntentionScreen
from companion.ui.screens.mode import ModeScreen
from companion.ui.screens.question import QuestionScreen
from companion.ui.screens.ready import ReadyScreen
from companion.ui.screens.recovery import RecoveryScreen
from companion.ui.screens.session import SessionScreen
from companion.ui.screens.waiting import WaitingScreen

_SCREENS: dict[Place, type[PlaceScreen]] = {
    Place.READY: ReadyScreen,
    Place.HEARING: HearingScreen,
    Place.MODE: ModeScreen,
    Place.INTENTION: IntentionScreen,
    Place.QUESTION: QuestionScreen,
    Place.SESSION: SessionScreen,
    Place.RECOVERY: RecoveryScreen,
    Place.CHECK_IN: CheckInScreen,
    Place.CALLED: CalledScreen,
    Place.FAREWELL: FarewellScreen,
    Place.WAITING: WaitingScreen,
}


def place_screen(view: View | None) -> PlaceScreen:
    """A fresh screen for where the session stands; with none, the tablet at rest."""
    return _SCREENS[Place.READY if view is None else view.place](view)
