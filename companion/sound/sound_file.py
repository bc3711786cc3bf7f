"""Opening sound files. Nothing about a file is believed before it was checked: it must be a
regular file of a known format with sane numbers."""

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from companion.sound.source import Unplayable

RATES: Final = range(8_000, 192_001)
"""Hz."""
CHANNELS: Final = range(1, 9)
_FORMATS = "wav,flac,mp3,ogg,mov,mp4,m4a,3gp,3g2,mj2,w64,aiff"
"""What a container may be; playlists and other files that name files are not among them."""
_LONGEST = 6 * 3600.0
"""Seconds."""


class SoundFile:
    """A file that says it is sound, and one stream of it."""

    def __init__(self, path: Path) -> None:
        """Raises Unplayable."""
        self._file = _open_regular(path)
        try:
            self.container = _open_container(self._file)
        except Unplayable:
            self._file.close()
            raise
        try:
            self.stream = _checked(self.container)
        except Exception as error:
            self.close()
            if isinstance(error, Unplayable):
                raise
            raise Unplayable("it cannot be read as sound") from None

    def close(self) -> None:
        self.container.close()
        self._file.close()


def _open_regular(path: Path) -> BinaryIO:
    """Without ever waiting, as opening a pipe would."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unplayable(f"the file cannot be opened: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unplayable("it is not a file")
    return os.fdopen(descriptor, "rb")


def _open_container(file: BinaryIO) -> InputContainer:
    try:
        return av.open(
            file,
            "r",
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
        )
    except Exception:  # decoders raise whatever they like on foreign bytes
        raise Unplayable("it cannot be read as sound") from None


def _checked(container: InputContainer) -> AudioStream:
    if not container.streams.audio:
        raise Unplayable("there is no sound in it")
    stream = container.streams.audio[0]
    if (stream.rate or 0) not in RATES:
        raise Unplayable(f"its sample rate of {stream.rate} Hz is not one of sound")
    if stream.channels not in CHANNELS:
        raise Unplayable(f"it has {stream.channels} channels; 1 to 8 can be played")
    if container.duration is not None and container.duration / av.time_base > _LONGEST:
        raise Unplayable("it says that it is longer than six hours")
    stream.codec_context.thread_count = 1
    return stream
