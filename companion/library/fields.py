"""The kinds of value that staff write: texts, times, names, numbers within bounds."""

import math
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from companion.cleaning import clean
from companion.problems import nearest

_TIME = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4}(?:\.\d+)?)m)?(?:(\d{1,6}(?:\.\d+)?)s)?")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_A_TIME = "a time with its unit, such as 8s, 5m or 1m30s"


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """What a check raises: one plain sentence about the value, and what to do."""
    return PydanticCustomError("wrong", "{message}", {"message": message, "hint": hint})


def shown(value: object) -> str:
    """`value` as it may stand in a message."""
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "nothing" if value is None else f"'{clean(str(value), 40)}'"


def in_words(seconds: float) -> str:
    """`seconds` as staff write them: `1m30s`."""
    minutes, rest = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = (f"{hours}h" * (hours > 0), f"{minutes}m" * (minutes > 0), f"{rest:g}s" * (rest > 0))
    return "".join(parts) or "0s"


def _seconds(value: Any) -> float:
    if isinstance(value, float):
        return value
    match = _TIME.fullmatch(value.strip().replace(" ", "")) if isinstance(value, str) else None
    if match and any(match.groups()):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    hint = ""
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}(\.\d+)?", value):
        if float(value) == 0:
            return 0.0
        hint = f"write {value}s for seconds or {value}m for minutes"
    raise wrong(f"expected {_A_TIME}; found {shown(value)}", hint)


def _text(limit: int) -> AfterValidator:
    def check(value: str) -> str:
        cleaned = " ".join(clean(value, limit * 4).split())
        if len(value) > limit * 4 or len(cleaned) > limit:
            raise wrong(f"is longer than {limit} characters")
        if not cleaned:
            raise wrong("is empty")
        return cleaned

    return AfterValidator(check)


def _shaped(pattern: re.Pattern[str], told: str) -> AfterValidator:
    def check(value: str) -> str:
        if len(value) > 60 or not pattern.fullmatch(value):
            raise wrong(f"expected {told}; found {shown(value)}")
        return value

    return AfterValidator(check)


def _argument(value: str) -> str:
    if "\0" in value or not value:
        raise wrong("is empty")
    return value


def between(low: float, high: float, unit: str = "") -> AfterValidator:
    """A number from `low` to `high`, both included."""

    def check(value: float) -> float:
        if math.isnan(value) or not low <= value <= high:
            raise wrong(f"must be from {low:g} to {high:g}{unit}; found {value:g}{unit}")
        return value

    return AfterValidator(check)


def lasting(low: float, high: float) -> AfterValidator:
    """A time from `low` to `high` seconds, both included."""

    def check(value: float) -> float:
        if not low <= value <= high:
            told = f"must be from {in_words(low)} to {in_words(high)}; found {in_words(value)}"
            raise wrong(told)
        return value

    return AfterValidator(check)


def known(name: str, valid: Iterable[str], what: str) -> str:
    """`name` where it is one of `valid`; else raises with the nearest of them."""
    valid = tuple(valid)
    if name not in valid:
        raise wrong(f"is no {what} that is known here: {shown(name)}", nearest(name, valid))
    return name


Seconds = Annotated[float, BeforeValidator(_seconds)]
"""A time, in seconds; written `8s`, `5m`, `1m30s`, `1h`. A bare number but 0 is refused."""
Title = Annotated[str, _text(80)]
Sentence = Annotated[str, _text(240)]
Paragraph = Annotated[str, _text(600)]
Name = Annotated[str, _shaped(_NAME, "a name of small letters, digits and single hyphens")]
Language = Annotated[str, _shaped(_LANGUAGE, "a language such as en or de")]
Argument = Annotated[str, AfterValidator(_argument)]
"""A word of a command, given to a program as it is."""
