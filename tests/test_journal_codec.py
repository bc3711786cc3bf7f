"""Every event comes back as it was; what is the patient's own stays apart."""

import hashlib
import json
from dataclasses import dataclass, fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_samples import answer, prepared

from companion.journal.codec import CODEC, Codec, UnknownKind, Unreadable, Written, digest
from companion.session import book, events

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
KINDS = {**events.KINDS, **book.KINDS}


def private_fields(kind: type) -> set[str]:
    return {f.name for f in fields(kind) if f.metadata.get("private")}


def any_event(kind: type) -> st.SearchStrategy:
    own = {"code": str, "words": str, "comfortable": bool, "value": int}
    given_fields = {
        name: st.none() | st.from_type(own[name]) for name in sorted(private_fields(kind))
    }
    return st.builds(kind, **given_fields)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_kind_comes_back(kind):
    @settings(derandomize=True, max_examples=8, deadline=None, database=None)
    @given(event=any_event(kind))
    def comes_back(event):
        written = CODEC.write(event)
        assert CODEC.read(written) == event
        assert (written.private is not None) == bool(private_fields(kind))

    comes_back()


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS.values() if private_fields(kind)],
    ids=lambda kind: kind.__name__,
)
def test_a_deleted_private_body_reads_as_none_and_the_rest_stays(kind):
    @settings(derandomize=True, max_examples=8, deadline=None, database=None)
    @given(event=any_event(kind))
    def stays(event):
        left = CODEC.read(replace(CODEC.write(event), private=None))
        assert left == replace(event, **dict.fromkeys(private_fields(kind)))

    stays()


def test_the_public_body_tells_nothing_of_the_answer():
    bodies = [CODEC.write(answer(value)) for value in (*range(11), None)]
    for written in bodies:
        public = json.loads(written.body)
        assert "value" not in public
        assert public["private_digest"] == digest(written.private)
        guesses = {
            hashlib.sha256(text.encode()).hexdigest()
            for value in (*range(11), None)
            for text in (str(value), json.dumps({"value": value}), f'{{"value":{value}}}')
        }
        assert public["private_digest"] not in guesses
        assert len(json.loads(written.private)["salt"]) >= 32
    assert len({len(written.body) for written in bodies}) == 1
    assert json.loads(CODEC.write(answer(7)).body) != json.loads(CODEC.write(answer(7)).body)


def test_a_code_is_never_in_the_public_body():
    written = CODEC.write(prepared("5724061"))
    assert "5724061" not in written.body
    assert "5724061" in written.private


def test_an_unknown_kind_or_version_is_named():
    with pytest.raises(UnknownKind, match="Levitated"):
        CODEC.read(Written("Levitated", 1, "{}", None))
    with pytest.raises(UnknownKind, match="Answered, version 9"):
        CODEC.read(replace(CODEC.write(answer()), version=9))


def test_what_is_no_registered_kind_cannot_be_written():
    @dataclass
    class Answered:
        at: float

    with pytest.raises(UnknownKind, match="Answered"):
        CODEC.write(Answered(1.0))
    with pytest.raises(UnknownKind, match="CheckInAsked"):
        Codec(book.KINDS).write(events.CheckInAsked(at=1.0))


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '{"at": "soon"}', "{}"])
def test_content_that_does_not_fit_is_unreadable_and_not_repeated(body):
    with pytest.raises(Unreadable, match="CheckInAsked") as told:
        CODEC.read(Written("CheckInAsked", 1, body, None))
    assert "soon" not in str(told.value)


def test_a_private_body_of_another_event_is_not_believed():
    mine, other = CODEC.write(answer(3)), CODEC.write(answer(9))
    with pytest.raises(Unreadable):
        CODEC.read(replace(mine, private=other.private))


def test_what_could_not_be_read_again_is_not_written():
    with pytest.raises(Unreadable):
        CODEC.write(events.CheckInAsked(at=float("nan")))


def test_an_event_written_before_a_field_was_added_still_reads():
    old = Written("StaffRemoved", 1, '{"initials":"MK"}', None)
    assert CODEC.read(old) == book.StaffRemoved(initials="MK", by=None)
