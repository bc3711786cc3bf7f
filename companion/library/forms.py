"""A form is the shape of a file that staff write; filling it finds every mistake at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from companion.library.fields import shown
from companion.library.reading import Location, Source
from companion.problems import BadContent, Problem, nearest


class Form(BaseModel):
    """What every form has in common: no key that it does not know, nothing changed afterwards."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


NO_LICENCE = ("has no licence", "write licence: and what allows the clinic to use it")
"""Said of what a clinic may have the right to use, or not."""

F = TypeVar("F", bound=Form)
Finding = tuple[Location, str, str]
"""Where in a form, what is wrong there, and a hint."""


@dataclass(frozen=True, slots=True)
class Filled(Generic[F]):
    """A form and the file that it was filled from."""

    form: F
    source: Source


def several(findings: Iterable[Finding]) -> PydanticCustomError:
    """What a check of a whole form raises when more than one thing may be wrong."""
    return PydanticCustomError("several", "several", {"findings": list(findings)})


def fill(form: type[F], source: Source) -> Filled[F]:
    """Fill `form` with what `source` says. Raises BadContent with every problem of the file."""
    problems = list(source.problems)
    try:
        filled = form.model_validate(source.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems += [problem for detail in details for problem in _told(form, source, detail)]
    if problems:
        raise BadContent(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return Filled(filled, source)


def _told(form: type[Form], source: Source, error: ErrorDetails) -> list[Problem]:
    where: Location = error["loc"]
    context = error.get("ctx", {})
    if error["type"] == "several":
        findings: list[Finding] = context["findings"]
        return [source.problem((*where, *inner), *told) for inner, *told in findings]
    if where and where[-1] == "[key]":
        return [source.key_problem(where[:-1], context["message"], context["hint"])]
    if error["type"] == "wrong":
        return [source.problem(where, context["message"], context["hint"])]
    if error["type"] == "missing":
        return [source.problem(where, "is missing")]
    if error["type"] == "extra_forbidden":
        hint = nearest(str(where[-1]), _keys(form, where[:-1]))
        return [source.key_problem(where, "is not a key here", hint)]
    return [source.problem(where, *_plain(error))]


_EXPECTED = (
    ("string", "text"),
    ("float", "a number"),
    ("int", "a whole number"),
    ("finite", "a number"),
    ("bool", "yes or no"),
    ("tuple", "a list"),
    ("list", "a list"),
    ("dict", "keys and values"),
    ("model", "keys and values"),
)


def _plain(error: ErrorDetails) -> tuple[str, str]:
    """What pydantic found, in plain words, and a hint."""
    kind, found = error["type"], shown(error["input"])
    if kind == "literal_error":
        valid = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return f"expected {' or '.join(valid)}; found {found}", nearest(found.strip("'"), valid)
    if kind == "too_short":
        return f"needs at least {error['ctx']['min_length']}", ""
    if kind == "too_long":
        return f"has more than {error['ctx']['max_length']}", ""
    for start, expected in _EXPECTED:
        if kind.startswith(start):
            return f"expected {expected}; found {found}", ""
    return error["msg"], ""


def _keys(form: type[Form], where: Location) -> list[str]:
    """The keys that a form knows at `where`."""
    kind: Any = form
    for part in where:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = kind.model_fields
            kind = next(f.annotation for name, f in fields.items() if (f.alias or name) == part)
        else:
            kind = get_args(kind)[-1 if get_origin(kind) is dict else 0]
        kind = _bare(kind)
    return [field.alias or name for name, field in kind.model_fields.items()]


def _bare(kind: Any) -> Any:
    """A kind without what is noted beside it and without the choice of nothing."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType):
            kind = next(arm for arm in get_args(kind) if arm is not type(None))
        else:
            return kind
