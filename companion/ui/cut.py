"""Titles where there is little room."""


def cut(text: str, room: int) -> str:
    """`text` in at most `room` columns."""
    return text if len(text) <= room else f"{text[: max(0, room - 1)].rstrip()}…"
