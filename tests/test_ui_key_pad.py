"""Quick fingers on the key pad."""

from textual.app import App, ComposeResult

from companion.ui.widgets.key_pad import KeyPad
from companion.ui.widgets.tile import Tile


class _Pad(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.entered: list[str] = []

    def compose(self) -> ComposeResult:
        yield KeyPad(3, delete="delete", cancel="Cancel")

    def on_key_pad_entered(self, event: KeyPad.Entered) -> None:
        self.entered.append(event.digits)


async def test_digits_count_in_the_order_of_the_fingers_not_of_the_messages() -> None:
    app = _Pad()
    async with app.run_test() as pilot:
        tiles = {tile.value: tile for tile in app.query(Tile)}
        pad = app.query_one(KeyPad)
        for digit, moment in (("3", 1.0), ("8", 3.0), ("1", 2.0)):
            pad.post_message(Tile.Tapped(tiles[digit], moment))
        await pilot.pause()
        assert app.entered == ["318"]
