"""Looking for what must not lie anywhere: every file below a folder, byte by byte."""

from collections.abc import Iterable
from pathlib import Path


def files_with(folder: Path, markers: Iterable[str | bytes]) -> dict[str, list[str]]:
    """The markers in each file below `folder`, by the file's path there; files without one are
    left out. A marker is also looked for as UTF-16 and as the hexadecimal text of its bytes."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            hits = [_text(one) for one in markers if any(form in content for form in _forms(one))]
            if hits:
                found[str(path.relative_to(folder))] = hits
    return found


def _text(marker: str | bytes) -> str:
    return marker if isinstance(marker, str) else marker.hex()


def _forms(marker: str | bytes) -> tuple[bytes, ...]:
    plain = marker.encode() if isinstance(marker, str) else marker
    wide = marker.encode("utf-16-le") if isinstance(marker, str) else plain
    return plain, wide, plain.hex().encode()
