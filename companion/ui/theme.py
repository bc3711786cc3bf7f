"""The colours, named by what they are for. No other file names a colour."""

from textual.theme import Theme

_PATIENT = {
    "ground": "#0b090c",
    "ink": "#d3bb9c",
    "soft-ink": "#a08c78",
    "tile": "#1a161a",
    "edge": "#7a6a5e",
    "strong-tile": "#46321f",
    "strong-edge": "#d9ab7a",
    "strong-ink": "#f3dcbc",
    "call-tile": "#2e1c16",
    "call-edge": "#a9765a",
    "call-ink": "#f0d6bc",
    "ember": "#8a5a3c",
    "rest-ink": "#6c5d50",
    "rest-edge": "#6c5d50",
    "shown-ink": "#ece6de",
}
_STAFF = {
    "staff-ground": "#0b0c0e",
    "staff-ink": "#e2e7ec",
    "staff-soft-ink": "#b3bcc5",
    "staff-tile": "#1b2127",
    "staff-edge": "#7c8894",
    "staff-strong-tile": "#33404c",
    "staff-strong-edge": "#dfe6ed",
    "staff-strong-ink": "#ffffff",
}

DUSK = Theme(
    name="dusk",
    primary=_PATIENT["strong-edge"],
    foreground=_PATIENT["ink"],
    background=_PATIENT["ground"],
    surface=_PATIENT["ground"],
    panel=_PATIENT["tile"],
    dark=True,
    variables={**_PATIENT, **_STAFF},
)
"""Near-black and warm for the patient, cool grey for staff."""
