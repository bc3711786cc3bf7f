"""A session in Spanish, with the wording that is shipped."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from staff_home import clinic
from stage_props import plan

from companion.config import Config
from companion.config_loading import load_config
from companion.session.plan import Cue, Plan, Script
from companion.words import patient_words

ROOT = Path(__file__).parents[1]
SPANISH = patient_words("es")

SAID = "Deje que el sillón le sostenga. No hay nada que tenga que sostener usted."
TITLE = "La orilla tranquila"
_SCRIPT = f"""
title: {TITLE}
language: es
author: the clinic
parts:
  settle: [{{say: {SAID}, pause: 8s}}]
  return: [{{say: La sala vuelve poco a poco., pause: 8s}}]
"""


@cache
def shipped(language: str) -> Config:
    """What is shipped as config.yaml, as a session in `language` has it."""
    return load_config(ROOT / "config.yaml").worded(language)


def spanish_plan(**changes: Any) -> Plan:
    """A plan of a clinic that changed nothing in what was shipped, with `changes`."""
    said, cue = shipped("es"), (Cue(SAID, 6.0, 6.0),)
    usual = {
        "language": "es",
        "script": Script("la-orilla", TITLE, "es", cue, cue),
        "before": said.before,
        "after": said.after,
        "anchors": tuple(Cue(line.say, 5.0, 0.0) for line in said.anchors),
        "call_line": Cue(said.call_line.say, 5.0, 0.0),
        "reminders": said.reminders,
        "reaches": SPANISH.this_screen_only,
    }
    return plan(**(usual | changes))


def bilingual_clinic(home: Path) -> Path:
    """A small clinic with the shipped config.yaml and a script in each language, unrecorded."""
    home.mkdir(exist_ok=True)
    clinic(home)
    config = re.sub(r"\n *sound: .*", "", (ROOT / "config.yaml").read_text())
    (home / "config.yaml").write_text(config)
    (home / "scripts_guided" / "la-orilla.yaml").write_text(_SCRIPT)
    return home
