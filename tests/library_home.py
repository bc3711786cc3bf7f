"""A small home for the tests of what staff write."""

import wave
from pathlib import Path
from textwrap import dedent

import numpy as np

from companion.config import Config
from companion.config_loading import load_config
from companion.problems import BadContent, Problem

CONFIG = """\
clinic: A clinic
room: Room 2
language: en
protocols:
  short:
    title: Short
    phases: {settle: 5m, onset: 10m, build: 10m, peak: 25m, return: 15m}
    infusion: 40m
  quick:
    title: Quick
    demonstration: yes
    phases: {settle: 20s, onset: 30s, build: 30s, peak: 40s, return: 40s}
    infusion: 90s
usual: {protocol: short, playlist: calm, script: words}
questions:
  mood: {text: How is your mood?, low: low, high: high}
ask_before: [mood]
ask_after: [mood]
notes: [nausea]
anchors: [{say: You are here.}]
call_line: {say: Your call is showing., sound: spoken/call.wav}
reminders: [Stay in the chair.]
keep_days: 30
"""
PLAYLIST = """\
title: Calm
about: Slow.
sections:
  settle: [{soundscape: shore}]
  peak: [{file: music/low.wav, title: Low}]
"""
SCRIPT = """\
title: Words
language: en
author: MK
parts:
  settle: [{say: You may rest here for a while., pause: 4s}]
  return: [{say: The room comes back slowly., pause: 3s}]
"""


def sine(path: Path, seconds: float, level: float = -18.0, channels: int = 2) -> Path:
    """A tone of 1 kHz with `level` as its peak in dBFS, as a 48 kHz wav file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    moments = np.arange(int(seconds * 48_000)) / 48_000
    samples = np.rint(10 ** (level / 20) * 32767 * np.sin(2 * np.pi * 1000 * moments))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.astype("<i2").repeat(channels).tobytes())
    return path


def make_home(home: Path, **files: str) -> Path:
    """A whole home; `files` replaces the text of `config`, `playlist` or `script`."""
    write(home / "config.yaml", files.get("config", CONFIG))
    write(home / "playlists/calm.yaml", files.get("playlist", PLAYLIST))
    write(home / "scripts_guided/words.yaml", files.get("script", SCRIPT))
    sine(home / "playlists/music/low.wav", 4.0, -30.0)
    sine(home / "scripts_guided/spoken/call.wav", 1.0)
    return home


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text))
    return path


def config_of(folder: Path, text: str = CONFIG) -> Config:
    return load_config(write(folder / "config.yaml", text))


def config_problems(folder: Path, text: str) -> tuple[Problem, ...]:
    """The problems of a configuration that must have some."""
    try:
        config_of(folder, text)
    except BadContent as bad:
        return bad.problems
    raise AssertionError("the configuration was taken as it is")
