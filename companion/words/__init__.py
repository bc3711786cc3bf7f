"""Every sentence that a patient or a nurse can see, one catalogue for each language."""

from collections.abc import Mapping
from typing import TypeVar

from companion.session.plan import same_language
from companion.words.english_patient import ENGLISH_PATIENT
from companion.words.english_record import ENGLISH_RECORD
from companion.words.english_staff import ENGLISH_STAFF
from companion.words.patient import PatientWords
from companion.words.record import RecordWords
from companion.words.spanish_patient import SPANISH_PATIENT
from companion.words.staff import StaffWords

_PATIENT = {"en": ENGLISH_PATIENT, "es": SPANISH_PATIENT}
_STAFF = {"en": ENGLISH_STAFF}
_RECORD = {"en": ENGLISH_RECORD}

_Words = TypeVar("_Words")


def patient_words(language: str) -> PatientWords:
    """The patient's sentences in `language` (a code such as `en` or `es-MX`), or in English."""
    return _in(language, _PATIENT, ENGLISH_PATIENT)


def has_patient_words(language: str) -> bool:
    """Whether the patient's screens speak `language`."""
    return any(same_language(language, code) for code in _PATIENT)


def staff_words(language: str) -> StaffWords:
    """The staff's sentences in `language` (a code such as `en`), or in English."""
    return _in(language, _STAFF, ENGLISH_STAFF)


def record_words(language: str) -> RecordWords:
    """What staff read of the record in `language` (a code such as `en`), or in English."""
    return _in(language, _RECORD, ENGLISH_RECORD)


def _in(language: str, catalogues: Mapping[str, _Words], otherwise: _Words) -> _Words:
    found = (words for code, words in catalogues.items() if same_language(language, code))
    return next(found, otherwise)
