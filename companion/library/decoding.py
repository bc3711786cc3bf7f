"""Sound files decoded for measuring. Nothing of a file is believed: FFmpeg sees no name and opens
nothing else, only formats that hold sound, and a process that decodes has its limits."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from companion.cleaning import clean
from companion.library.files import Unusable, open_plain

MEMORY = 1 << 30
"""Bytes of address space for measuring; a long file of the largest kind takes a third of it."""
CPU = 1200
"""Seconds of processor time for it."""
_ERRORS = 50
"""Damaged packets before a file is given up."""
_JUMP = 0.25
"""Seconds by which a frame may come later than those before it have filled."""
_PROTECTED = ("drms", "enca")
"""How an MP4 marks sound that only its seller's players can read."""
_FORMATS = "wav,flac,mp3,ogg,mov,mp4,m4a"


@contextmanager
def decoding(path: Path, flawless: bool = False) -> Iterator[tuple[Any, Iterator[Any]]]:
    """The sound stream of the file at `path`, and its decoded frames.

    Raises Unusable, also for whatever a decoder raises inside; with `flawless` also where sound is
    missing in the midst of it.
    """
    with opened(path) as container:
        stream = _stream(container)
        yield stream, _frames(container, stream, flawless)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """FFmpeg's container of a sound file; it never sees a name, so it can open nothing else. What
    goes wrong while it is open is told as Unusable."""
    import av

    try:
        with (
            open_plain(path) as file,
            av.open(
                file,
                options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
                metadata_errors="replace",
            ) as container,
        ):
            yield container
    except Unusable:
        raise
    except MemoryError:
        raise Unusable("needs more memory than a sound file should") from None
    except av.InvalidDataError:
        raise Unusable("cannot be decoded: it is no sound file, or a damaged one") from None
    except Exception as error:  # a decoder raises almost anything for a broken file
        told = getattr(error, "strerror", None) or str(error)
        raise Unusable(f"cannot be decoded: {clean(told, 80)}") from None


def _stream(container: Any) -> Any:
    stream = next(iter(container.streams.audio), None)
    if stream is None or not stream.rate:
        raise Unusable("has no sound in it")
    if stream.codec_context.codec_tag in _PROTECTED:
        raise Unusable("is protected against copying (DRM), so it cannot be played")
    if not 8_000 <= stream.rate <= 192_000 or not 1 <= stream.channels <= 8:
        raise Unusable("must have 8 to 192 kHz and 1 to 8 channels")
    return stream


def _frames(container: Any, stream: Any, flawless: bool) -> Iterator[Any]:
    """Decoded frames; a packet that cannot be decoded is left out, too many end it. What cannot be
    decoded before the first frame or after the last is not heard, and no flaw."""
    import av

    from companion.sound.codec import decoder_of

    decode = decoder_of(stream)
    declared = float(stream.duration * stream.time_base) if stream.duration else 0.0
    seconds, errors, lost = 0.0, 0, False
    begins: float | None = None
    for packet in container.demux(stream):
        try:
            for frame in decode(packet):
                if frame.time is not None:
                    begins = frame.time if begins is None else begins
                    lost = lost or frame.time - begins - seconds > _JUMP
                if flawless and lost:
                    raise Unusable(f"is damaged: sound is missing after {seconds:.0f} s")
                seconds += frame.samples / frame.sample_rate
                yield frame
        except av.FFmpegError:
            errors, lost = errors + 1, seconds > 0
            if errors > _ERRORS:
                raise Unusable("is damaged: too much of it cannot be decoded") from None
    if seconds < declared - max(1.0, 0.02 * declared):
        raise Unusable(f"is damaged: it ends after {seconds:.0f} s of {declared:.0f} s")


def limit_myself() -> None:
    """Let this process have so much memory and processor time and no more, whatever a file asks
    for and whoever is still there to end it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
