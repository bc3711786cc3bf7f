"""What makes sound of the packets of a stream.

FFmpeg does, but for Opus: where a recording changes between Opus's way for speech and its way for
music, FFmpeg's own decoder was heard to burst to 29,000 times full scale. The codec's own library
does not.
"""

from collections.abc import Callable, Sequence

import av
from av.audio.stream import AudioStream
from av.packet import Packet

Decode = Callable[["Packet[AudioStream]"], Sequence[av.AudioFrame]]
"""The frames of one packet; an empty one asks for what is left. Raises what decoders raise."""

_RATE = 48_000
"""Hz in which Opus counts."""


def decoder_of(stream: AudioStream) -> Decode:
    """The decoder of `stream`, for packets in their order from wherever it was sought."""
    if stream.codec_context.name == "opus":
        return _Opus(stream).decode
    return stream.codec_context.decode


class _Opus:
    """The Opus library, which leaves out as many frames as a file says at its beginning (RFC 7845,
    4.2), wherever it begins, and does not say so in the time of the next."""

    def __init__(self, stream: AudioStream) -> None:
        self._library = av.AudioCodecContext.create("libopus", "r")
        self._library.extradata = head = stream.codec_context.extradata or b""
        self._library.options = {"request_sample_fmt": "flt"}
        seconds = int.from_bytes(head[10:12], "little") / _RATE
        self._left_out = round(seconds / stream.time_base) if stream.time_base else 0
        self._begins: int | None = None

    def decode(self, packet: "Packet[AudioStream]") -> Sequence[av.AudioFrame]:
        if self._begins is None and packet.pts is not None:
            self._begins = packet.pts + self._left_out
        frames = self._library.decode(packet if packet.size else None)
        for frame in frames:
            if frame.pts is not None and self._begins is not None:
                frame.pts = max(frame.pts, self._begins)
        return frames
