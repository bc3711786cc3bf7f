"""The bar that calls. It is the bottom five rows of every screen of an open session."""

from companion.ui.widgets.sentence import Sentence

ROWS = 5


class CallBar(Sentence):
    """What the call bar looks like.

    The touch itself is taken by the screen, by its row alone, so that a call goes out even where
    a widget is broken.
    """
