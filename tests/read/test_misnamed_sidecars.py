import pytest

from builder.read.wrong_endings import reads_like_sidecar


@pytest.mark.parametrize(
    ("text", "is_sidecar"),
    [
        ("claims:\n  - id: a\n    note: |\n      Text.\n", True),
        ("# yaml-language-server: $schema=x\ntitle: T\n\ncontext: # here\n# and there\n- id: a\n", True),
        ("\ufefftitle: T\r\nclaims:\r\n  - id: a\r\n", True),
        ("title: T\nsummary: No notes, so it may be a text.\n", False),
        ("How to write notes\n\nclaims:\n  - id: a\n", False),
        ("claims: they are many\n- one\n", False),
        ("claims:\n", False),
        ("", False),
        ("claims:\n  - id: a\n" + "    note: x\n" * 10_000, True),
    ],
)
def test_a_text_that_is_nothing_but_fields_and_notes(text: str, is_sidecar: bool) -> None:
    assert reads_like_sidecar(text) is is_sidecar
