"""How one page of the site is addressed from another. Addresses are as in ``model``: from the root, no slash first."""

from __future__ import annotations


def relative(from_address: str, to_address: str) -> str:
    """Give ``to_address`` as a link on the page at ``from_address``, so that the site works under any sub-path.

    Both are addresses from the site's root, already percent-encoded; ``""`` is the home page. A trailing slash, a query
    and a fragment of ``to_address`` are kept; within one page only the fragment is left.

    >>> relative("documents/a/b/", "documents/c/#note-x")
    '../../c/#note-x'
    """
    if to_address.startswith("#", len(from_address)) and to_address.startswith(from_address):
        return to_address[len(from_address) :]  # the common case: a note of the same page
    here = from_address.partition("#")[0]
    cut = min((at for at in map(to_address.find, "?#") if at >= 0), default=len(to_address))
    there, rest = to_address[:cut], to_address[cut:]
    if there == here and rest:
        return rest
    ours, theirs = here.split("/")[:-1], there.split("/")[:-1]
    shared = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            break
        shared += 1
    path = "../" * (len(ours) - shared) + there[sum(len(each) + 1 for each in theirs[:shared]) :]
    if not path or ":" in path.partition("/")[0]:  # `a:b/` alone would be read as a scheme
        path = "./" + path
    return path + rest
