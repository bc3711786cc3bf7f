"""What a morning check and `companion doctor` say, in English: a finding, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A plain sentence, and what to do about it (empty: nothing). `{…}` is filled in."""

    told: str
    todo: str = ""


ENGLISH_CHECK: Mapping[str, Said] = {
    "sound heard": Said("Sound plays on {output} and was heard."),
    "sound unasked": Said(
        "Sound has an output, {output}; nobody was asked whether it is heard.",
        "Do the morning check on the tablet, or run doctor at a terminal.",
    ),
    "sound unheard": Said(
        "A tone played on {output} and nobody heard it.",
        "Look at plug, headphones and the system's volume, then check again.",
    ),
    "sound muted": Said("The tablet's own sound is muted.", "Turn it on in the system."),
    "sound lost": Said(
        "There is no sound: {why}.",
        "Plug the headphones in; look at the sound settings of the system.",
    ),
    "sound elsewhere": Said("Companion runs here: its sound is checked on its own screen."),
    "calibrated": Said("{output} is calibrated."),
    "other volume": Said(
        "{output} was calibrated at another volume of the system.",
        "Set that volume again, or calibrate anew (People, Calibrate the sound).",
    ),
    "not calibrated": Said(
        "{output} is not calibrated, so patients choose among quiet levels only.",
        "A lead calibrates it with a sound level meter (People, Calibrate the sound).",
    ),
    "disk writes": Said("The disk writes, syncs and reads back."),
    "disk fails": Said(
        "The disk does not take a file: {why}.",
        "Use another tablet; have the disk looked at.",
    ),
    "journal saves": Said("The record takes what happens."),
    "journal fails": Said(
        "The record takes nothing now, so no session can begin.",
        "Make room on the disk and restart; else use another tablet or paper.",
    ),
    "space": Said("{free} MB are free on the disk."),
    "space low": Said(
        "Only {free} MB are free on the disk; {needed} MB should be.",
        "Remove what is not needed.",
    ),
    "clock synchronised": Said("The clock shows {shown} and is kept right by the network."),
    "clock": Said("The clock shows {shown}; whether the network keeps it right is not known."),
    "clock alone": Said(
        "The clock shows {shown} and nothing keeps it right.",
        "Compare it with a watch. Switch time synchronisation on in the system.",
    ),
    "clock never set": Said(
        "The clock shows {shown}: it was never set.", "Set date, time and time zone."
    ),
    "clock went back": Said(
        "The clock shows {shown}: it was set back by {minutes} min since the last event written.",
        "Compare it with a watch, and the time zone too.",
    ),
    "clock went on": Said(
        "The clock shows {shown}: it was set on by {minutes} min since the last event written.",
        "Compare it with a watch, and the time zone too.",
    ),
    "mains alone": Said("The tablet is on mains and has no battery."),
    "battery on mains": Said("The battery is at {percent} %, on mains."),
    "battery": Said("The battery is at {percent} %, not on mains.", "Plug the tablet in."),
    "battery low": Said("The battery is at {percent} %, not on mains.", "Plug the tablet in now."),
    "terminal": Said("The screen has {columns} columns and {rows} rows."),
    "terminal small": Said(
        "The screen has {columns} columns and {rows} rows; 64 by 20 are needed.",
        "Choose a smaller font in the terminal.",
    ),
    "colours": Said("The screen shows {colours} colours."),
    "few colours": Said(
        "The screen shows only {colours} colours, so the dim ones may not be told apart.",
        "Set TERM to xterm-256color or COLORTERM to truecolor, or use the terminal in deploy.",
    ),
    "touch": Said("Touch is felt."),
    "no touch": Said(
        "No finger was felt on the screen.",
        "Use a terminal that passes touches on, such as foot 1.15 or later.",
    ),
    "private files": Said("Home and record are for their owner alone."),
    "open files": Said(
        "Others on this computer can look into {files}.",
        "Take their rights away: chmod 700 for a folder, chmod 600 for a file.",
    ),
    "foreign files": Said(
        "{files} belong to another user.", "Give them to the user that runs Companion: chown."
    ),
    "last good settings": Said(
        "The settings cannot be used ({broken}). The last good ones are in use.",
        "See what companion check says of them, and mend that line.",
    ),
    "content problems": Said(
        "Problems in the clinic's files: {problems}.",
        "Problems on the first screen, or companion check, tells each.",
    ),
    "music": Said("On offer: playlists {playlists}, scripts {scripts}."),
    "no music": Said(
        "No playlist is accepted, so sessions are silent.",
        "A curator or lead reads and accepts one (To review).",
    ),
    "waits to be read": Said(
        "To be read and accepted: {waiting} of the clinic's files.", "Read them: To review."
    ),
    "call here": Said("A call shows on this screen only, and no other way is set up."),
    "call went": Said("A test call reached {reaches}."),
    "call lost": Said(
        "A test call did not reach {reaches}: {why}.",
        "Until it is mended, patients use the bell; see calls in config.yaml.",
    ),
    "call unread": Said(
        "Whom a call reaches is not known: config.yaml cannot be used.",
        "companion check tells why.",
    ),
    "encrypted": Said("The disk under the record is encrypted."),
    "not encrypted": Said(
        "The disk under the record is not encrypted.",
        "Full-disk encryption (LUKS) is the recommended base.",
    ),
    "encryption unknown": Said(
        "Whether the disk under the record is encrypted cannot be told from here.",
        "Ask whoever set the tablet up: full-disk encryption is the recommended base.",
    ),
    "dumps off": Said("A crash leaves no memory in a file."),
    "dumps on": Said(
        "A crash could leave memory, and words in it, in a file.",
        "Set LimitCORE=0 for the service, or ulimit -c 0.",
    ),
    "versions": Said("{versions}."),
}
