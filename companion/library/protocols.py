"""A protocol as staff write it in `config.yaml`: phases and lengths, check-ins, look-ins."""

from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from companion.library.fields import Seconds, Title, in_words, lasting, wrong
from companion.library.forms import Finding, Form, several
from companion.session.plan import Phase, Protocol

_MINUTE = 60.0
_HOUR = 3600.0
_Length = Annotated[Seconds, lasting(1.0, 4 * _HOUR)]

_BOUNDS = {
    "look_in_every": (5 * _MINUTE, 30 * _MINUTE),
    "check_in_shown": (20.0, 5 * _MINUTE),
    "hold_large": (_MINUTE, 30 * _MINUTE),
    "peak_step": (_MINUTE, 15 * _MINUTE),
    "voice_until": (0.0, 20 * _MINUTE),
    "early_before": (0.0, 2 * _HOUR),
    "bed": (10 * _MINUTE, 12 * _HOUR),
    "resume_within": (_MINUTE, 20 * _MINUTE),
    "set_back": (0.0, 4 * _HOUR),
}
"""Hard bounds in seconds. A demonstration may go below the lower one, never above the upper."""


class _Phases(Form):
    settle: _Length
    """Before the infusion starts, 1s to 4h as every phase."""
    onset: _Length
    """From the start of the infusion."""
    build: _Length
    """On the way to the peak."""
    peak: _Length
    """The widest stretch, without any voice."""
    back: _Length = Field(alias="return")
    """The way back to the room."""


class ProtocolForm(Form):
    """One entry of `protocols`."""

    title: Title
    """The name that staff see."""
    demonstration: bool = False
    """Made for showing the program: short, never for an infusion."""
    phases: _Phases
    """How long each phase takes."""
    infusion: Seconds
    """The planned length; it counts if nobody stamps the end."""
    check_ins: tuple[Seconds, ...] = Field((), max_length=24)
    """Minutes of the programme at which the patient is asked."""
    check_ins_at_peak: bool = False
    """Whether check-ins may also lie at the peak."""
    check_in_shown: Seconds = 60.0
    """An unanswered check-in goes after this long, 20s to 5m."""
    look_in_every: Seconds = 15 * _MINUTE
    """How often the nurse is reminded to look in, 5m to 30m."""
    hold_large: Seconds = 5 * _MINUTE
    """A stopped pump shows large after this long, 1m to 30m."""
    peak_step: Seconds = 5 * _MINUTE
    """By how much the nurse makes the peak longer or shorter, 1m to 15m."""
    voice_until: Seconds = 8 * _MINUTE
    """The settling voice stops here at the latest, up to 20m."""
    early_before: Seconds = 20 * _MINUTE
    """An answer sooner than this after the infusion is marked early, up to 2h."""
    bed: Seconds = 3 * _HOUR
    """How long quiet sound goes on afterwards, 10m to 12h."""
    resume_within: Seconds = 20 * _MINUTE
    """A fault shorter than this resumes by itself, 1m to 20m."""
    set_back: Seconds = _HOUR
    """How far back the start of the infusion may be set, up to 4h."""

    @field_validator(*_BOUNDS)
    @classmethod
    def _bounded(cls, value: float, info: ValidationInfo) -> float:
        low, high = _BOUNDS[str(info.field_name)]
        if info.data.get("demonstration"):
            low = min(low, 1.0)
        if not low <= value <= high:
            told = f"must be from {in_words(low)} to {in_words(high)}; found {in_words(value)}"
            raise wrong(told)
        return value

    @model_validator(mode="after")
    def _agreeing(self) -> "ProtocolForm":
        findings = [*self._lengths(), *self._check_ins()]
        if findings:
            raise several(findings)
        return self

    def _lengths(self) -> list[Finding]:
        programme = self._end(Phase.RETURN)
        if not 0 < self.infusion <= programme:
            told = f"must be above 0 and end within the phases, at {in_words(programme)}"
            return [(("infusion",), f"{told}; found {in_words(self.infusion)}", "")]
        return []

    def _check_ins(self) -> list[Finding]:
        findings: list[Finding] = []
        peak, back = self._end(Phase.BUILD), self._end(Phase.PEAK)
        before = 0.0
        for index, moment in enumerate(self.check_ins):
            where = ("check_ins", index)
            if not before < moment < self._end(Phase.RETURN):
                told = "check-ins come one after another, after the start and before the end"
                findings.append((where, f"{told}; found {in_words(moment)}", ""))
            elif peak <= moment < back and not self.check_ins_at_peak:
                told = f"{in_words(moment)} lies at the peak, {in_words(peak)} to {in_words(back)}"
                findings.append((where, told, "move it, or set check_ins_at_peak: yes"))
            before = max(before, moment)
        return findings

    def _end(self, last: Phase) -> float:
        """Programme time at which the phase `last` ends, in seconds."""
        phases = self.phases
        lengths = {
            Phase.ONSET: phases.onset,
            Phase.BUILD: phases.build,
            Phase.PEAK: phases.peak,
            Phase.RETURN: phases.back,
        }
        names = list(lengths)
        return sum(lengths[name] for name in names[: names.index(last) + 1])

    def protocol(self, name: str) -> Protocol:
        """The protocol that a session runs by."""
        same: dict[str, Any] = {key: getattr(self, key) for key in _BOUNDS}
        return Protocol(
            name=name,
            title=self.title,
            **self.phases.model_dump(),
            infusion=self.infusion,
            check_ins=self.check_ins,
            check_ins_at_peak=self.check_ins_at_peak,
            **same,
        )
