"""What a command asks whoever types it."""

import click


def ask_pin() -> str:
    """A PIN, which is not shown."""
    pin: str = click.prompt("PIN", hide_input=True)
    return pin


def ask_new_pin() -> str:
    """A PIN that is to be, asked for twice."""
    pin: str = click.prompt("PIN, six digits", hide_input=True, confirmation_prompt="Once more")
    return pin
