"""How loud the patient hears it, as a few marks."""

from companion.session.view import View
from companion.ui.widgets.sentence import Sentence

_MARKS = 10


class Level(Sentence):
    """Filled marks up to the level, hollow ones up to the loudest."""

    def follow(self, view: View) -> None:
        """Show the level of `view` between its quietest and its loudest."""
        span = max(1.0, view.loudest - view.quietest)
        share = (view.level - view.quietest) / span
        filled = round(_MARKS * min(1.0, max(0.0, share)))
        self.say(" ".join("●" * filled + "○" * (_MARKS - filled)))
