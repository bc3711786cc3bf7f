"""The kinds of value that staff write: texts, times, names, numbers within bounds."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from companion.cleaning import clean
from companion.problems import nearest

_TIME = re.compile(
    r"\s*(?=[0-9])(?:([0-9]{1,3}) *h)? *(?:([0-9]{1,4}(?:\.[0-9]+)?) *m)? *"
    r"(?:([0-9]{1,6}(?:\.[0-9]+)?) *s)?\s*"
)
_ZERO = re.compile(r"\s*0{1,6}(?:\.0+)?\s*")
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


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A check of a value, and as much of it as an editor can make, in the words of JSON Schema."""

    check: Callable[[Any], Any]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **self.schema}


def _seconds(value: Any) -> float:
    if isinstance(value, float):
        return value
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match:
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    hint = ""
    if isinstance(value, str) and _ZERO.fullmatch(value):
        return 0.0
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", value):
        hint = f"write {value}s for seconds or {value}m for minutes"
    raise wrong(f"expected {_A_TIME}; found {shown(value)}", hint)


def _text(limit: int) -> Checked:
    def check(value: str) -> str:
        value = value.strip()
        cleaned = clean(value, limit * 4)
        if len(value) > limit * 4 or len(cleaned) > limit:
            raise wrong(f"is longer than {limit} characters")
        if not cleaned:
            raise wrong("is empty")
        return " ".join(cleaned.split())

    return Checked(check, {"pattern": rf"^\s*\S(?:[\s\S]{{0,{limit - 2}}}\S)?\s*$"})


def _shaped(pattern: re.Pattern[str], told: str) -> Checked:
    def check(value: str) -> str:
        if len(value) > 60 or not pattern.fullmatch(value):
            raise wrong(f"expected {told}; found {shown(value)}")
        return value

    return Checked(check, {"pattern": f"^{pattern.pattern}$", "maxLength": 60})


def _argument(value: str) -> str:
    if "\0" in value or not value:
        raise wrong("is empty")
    return value


def between(low: float, high: float, unit: str = "") -> Checked:
    """A number from `low` to `high`, both included."""

    def check(value: float) -> float:
        if math.isnan(value) or not low <= value <= high:
            raise wrong(f"must be from {low:g} to {high:g}{unit}; found {value:g}{unit}")
        return value

    told = f"from {low:g} to {high:g}{unit}"
    return Checked(check, {"minimum": low, "maximum": high, "title": told})


def lasting(low: float, high: float) -> Checked:
    """A time from `low` to `high` seconds, both included."""

    def check(value: float) -> float:
        if not low <= value <= high:
            told = f"must be from {in_words(low)} to {in_words(high)}; found {in_words(value)}"
            raise wrong(told)
        return value

    return Checked(check, {"title": f"from {in_words(low)} to {in_words(high)}"})


def one_of(valid: Iterable[str], what: str) -> Checked:
    """One of `valid` names."""
    names = tuple(valid)
    return Checked(lambda name: known(name, names, what), {"enum": list(names)})


def known(name: str, valid: Iterable[str], what: str) -> str:
    """`name` where it is one of `valid`; else raises with the nearest of them."""
    valid = tuple(valid)
    if name not in valid:
        raise wrong(f"is no {what} that is known here: {shown(name)}", nearest(name, valid))
    return name


TIME = f"^(?:{_TIME.pattern}|{_ZERO.pattern})$"
"""What a time looks like, for an editor."""
Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    WithJsonSchema({"type": ["string", "number"], "pattern": TIME, "minimum": 0, "maximum": 0}),
]
"""A time, in seconds; written `8s`, `5m`, `1m30s`, `1h`. A bare number but 0 is refused."""
Title = Annotated[str, _text(80)]
Sentence = Annotated[str, _text(240)]
Paragraph = Annotated[str, _text(600)]
Name = Annotated[str, _shaped(_NAME, "a name of small letters, digits and single hyphens")]
Language = Annotated[str, _shaped(_LANGUAGE, "a language such as en or de")]
Argument = Annotated[str, Checked(_argument, {"minLength": 1})]
"""A word of a command, given to a program as it is."""
