"""What an output is called where there is little room."""

from companion.ui.cut import cut

_DEVICE_AND_SOCKET = " · "


def output_name(output: str, room: int) -> str:
    """`output` in at most `room` columns: whole, or its socket alone, or cut."""
    if len(output) <= room:
        return output
    socket = output.rpartition(_DEVICE_AND_SOCKET)[2]
    return cut(socket, room)
