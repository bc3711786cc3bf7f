"""What an editor needs to complete and to check a file while a person writes it: JSON Schema.

It is made of the forms that read the files. These take every value as the text that was written,
where an editor takes `7` for a number and `true` for a truth; so what is text here may be either.
What hangs on another key, such as a check-in at the peak, only `companion check` can tell.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from companion.config_forms import ConfigForm
from companion.library.fields import TIME, in_words
from companion.library.forms import Form
from companion.library.playlists import PlaylistForm
from companion.library.scripts import ScriptForm

FORMS: Mapping[str, type[Form]] = {
    "playlist": PlaylistForm,
    "script": ScriptForm,
    "config": ConfigForm,
}
"""By what a person writes."""

_TEXT = ["string", "number", "boolean"]
_WHOLE = r"^\s*[+-]?[0-9][0-9_]*(?:\.0*)?\s*$"
_NUMBER = r"^\s*[+-]?[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]+)?\s*$"
_YES_OR_NO = ("yes", "no", "true", "false", "on", "off", "y", "n", "t", "f", "1", "0")


def schema(name: str) -> str:
    """The schema of a `playlist`, a `script` or the `config`, as JSON."""
    made = FORMS[name].model_json_schema(schema_generator=_AsWritten)
    return json.dumps({"title": f"Companion: {name}", **made}, indent=1, ensure_ascii=False) + "\n"


class _AsWritten(GenerateJsonSchema):
    """Schemas of values that are text until a field says what they mean."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": _TEXT}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "type": ["integer", "string"], "pattern": _WHOLE}

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        return {**super().float_schema(schema), "type": ["number", "string"], "pattern": _NUMBER}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        either = "|".join("".join(f"[{c}{c.upper()}]" for c in word) for word in _YES_OR_NO)
        written = {"type": "string", "pattern": f"^(?:{either})$"}
        return {"anyOf": [{"enum": ["yes", "no", True, False, 0, 1]}, written]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key that may be left empty; told in one breath where that can be."""
        inner = self.generate_inner(schema["schema"])
        if "type" not in inner:
            return {"anyOf": [inner, {"type": "null"}]}
        kinds = inner["type"] if isinstance(inner["type"], list) else [inner["type"]]
        listed = {"enum": [*inner["enum"], None]} if "enum" in inner else {}
        return {**inner, "type": [*kinds, "null"], **listed}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keys of another shape than their pattern are refused, as the form refuses them."""
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """What holds where a key is left out, as a person would write it."""
        made = super().default_schema(schema)
        default = made.pop("default", None)
        if isinstance(default, bool):
            made["default"] = "yes" if default else "no"
        elif isinstance(default, int | float):
            made["default"] = in_words(default) if made.get("pattern") == TIME else default
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("title", None)
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
