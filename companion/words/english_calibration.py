"""What a lead reads who calibrates an output, in English."""

from companion.words.calibration import CalibrationWords

ENGLISH_CALIBRATION = CalibrationWords(
    calibrate="Calibrate the sound",
    calibrate_output="Calibrate: {output}",
    never_calibrated="Not calibrated yet.",
    last_calibrated="Last on {day} by {who}: full level is {ceiling} dB.",
    calibrate_place="Put the meter where the ear is, or at a headphone's cup.",
    calibrate_play="Play, and go louder until it reads 60 to 75 dB(A), slow.",
    calibrate_read="Enter what it reads, in whole dB(A), and save.",
    no_output="There is no sound now, so nothing can be calibrated.",
    other_output="The sound now leaves by another output. Begin again.",
    play="Play",
    level_unit="dB",
    enter_reading="Enter the reading",
    ask_reading="What does the meter read, in dB(A)?",
    reading_means="{reading} dB(A) at {level} dB. Full level would be {ceiling} dB.",
    full_level="Full level now gives about {loudest} dB(A) on {output}.",
    volume_up=(
        "This output gives no more than about {loudest} dB(A). If that is too quiet, turn the "
        "system's volume up and begin again."
    ),
    volume_down=(
        "That leaves a patient little to choose from. Turn the system's volume down and begin "
        "again."
    ),
    reading_refused={
        "too quiet": "Below 40 dB(A) a meter reads the room. Go louder and read again.",
        "too loud": "More than 100 dB(A) cannot be right. Go quieter and read again.",
        "no output": "There is no sound now, so nothing can be calibrated.",
    },
)
