"""Every sentence that a patient or a nurse can see, one catalogue for each language."""

from companion.words.english_patient import ENGLISH_PATIENT
from companion.words.english_staff import ENGLISH_STAFF
from companion.words.patient import PatientWords
from companion.words.staff import StaffWords

_PATIENT = {"en": ENGLISH_PATIENT}
_STAFF = {"en": ENGLISH_STAFF}


def patient_words(language: str) -> PatientWords:
    """The patient's sentences in `language` (a code such as `en`), or in English."""
    return _PATIENT.get(language, ENGLISH_PATIENT)


def staff_words(language: str) -> StaffWords:
    """The staff's sentences in `language` (a code such as `en`), or in English."""
    return _STAFF.get(language, ENGLISH_STAFF)
