"""Map an offset of the reading text to the line and column of the source file."""

from __future__ import annotations

from bisect import bisect_right

from builder.model import Body, Origin


def locate(body: Body, offset: int) -> tuple[int, int]:
    """Return line and column (from 1) in the source file of the character at ``offset`` (code points) of ``body.text``.

    As right as ``body.origins``: to the letter for plain text. (1, 1) where nothing is known.
    """
    return locate_in(body.text, body.origins, offset)


def locate_in(text: str, origins: tuple[Origin, ...], offset: int) -> tuple[int, int]:
    """As ``locate``, for a text that is not a body yet. ``origins`` stand in the order of their offsets."""
    index = bisect_right(origins, offset, key=lambda origin: origin.offset)
    if not index:
        return 1, 1
    origin = origins[index - 1]
    feeds = text.count("\n", origin.offset, offset)
    if feeds:
        return origin.line + feeds, offset - text.rfind("\n", origin.offset, offset)
    return origin.line, origin.column + offset - origin.offset
