"""`companion voice SCRIPT`: a script is spoken, sentence by sentence, and only what has changed."""

from pathlib import Path
from tempfile import TemporaryDirectory

from companion.config_loading import load_config
from companion.home import fill_home
from companion.library.clips import Place
from companion.library.files import Unusable
from companion.library.voices import Voice, voice_for
from companion.problems import BadContent
from companion.spoken.recordings import Busy, Recordings, Tell, at_work, finished
from companion.spoken.speaking import Unspoken, speak

_DONE, _FAULT, _NOT_NOW = 0, 1, 2


def run(home: Path, stem: str, again: bool, tell: Tell) -> int:
    """Have the script `stem` spoken and `tell` each sentence; the exit code.

    With `again` everything is spoken anew, also what a person recorded. Raises BadContent and
    OSError.
    """
    fill_home(home)
    config = load_config(home / "config.yaml")
    try:
        with at_work(home):
            recordings = Recordings(home, stem, tell)
            voice = voice_for(config.voices, recordings.language)
            if voice is None:
                told = f"has no voice for the language {recordings.language!r} of {stem}"
                hint = "name a program that speaks it; the lines above say how"
                raise BadContent([config.problem(("voices",), told, hint)])
            recordings.arrange()
            work = _Speaking(home, recordings, voice, again)
            outcomes = [work.one(place) for place in recordings.places]
    except Busy as busy:
        tell(str(busy))
        return _NOT_NOW
    counts = (f"{outcomes.count(what)} {what}" for what in ("spoken", "kept", "failed"))
    tell(", ".join(counts) + ".")
    return _FAULT if "failed" in outcomes else _DONE


class _Speaking:
    """One voice at work on the recordings of a script."""

    def __init__(self, home: Path, recordings: Recordings, voice: Voice, again: bool) -> None:
        self._home, self._recordings, self._voice, self._again = home, recordings, voice, again

    def one(self, place: Place) -> str:
        """What became of one sentence: spoken, kept or failed. Raises Busy."""
        return self._standing(place) or self._spoken(place)

    def _standing(self, place: Place) -> str | None:
        """What became of a sentence that is not to be spoken."""
        order, told = self._recordings.order, self._recordings.told
        if place in order.named:
            file = place.sound or place.file
            return told(place, "kept", f"the script names this recording itself: {file}")
        if self._again:
            return None
        if place in order.own:
            return told(place, "kept", "a recording of your own")
        if place in order.other_words:
            says = order.other_words[place].say
            hint = "record it anew, or have it spoken with --again"
            return told(place, "failed", f"your recording says {says!r}: {hint}")
        fitting = self._recordings.fitting(place)
        if fitting and fitting.made and fitting.made.voice in (None, self._voice.digest):
            return told(place, "kept", "says these words")
        return None

    def _spoken(self, place: Place) -> str:
        recordings, voice = self._recordings, self._voice
        try:
            with TemporaryDirectory(prefix="companion-", ignore_cleanup_errors=True) as folder:
                scratch = Path(folder)
                said = speak(voice, place.say, scratch, self._home)
                data, loudness = finished(said, place, scratch, voice.tempo)
        except (Unspoken, Unusable) as error:
            return recordings.told(place, "failed", f"not spoken: {error}")
        recordings.put(place, data, voice.digest, loudness)
        return recordings.told(place, "spoken", f"spoken, {loudness.seconds:.1f} s")
