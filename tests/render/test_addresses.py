"""Laws and cases of relative addresses."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.addresses import relative_url

CASES = [
    ("documents/a/", "documents/b/", "../b/"),
    ("documents/a/", "documents/a/#note-x", "#note-x"),
    ("documents/a/", "documents/a/", "./"),
    ("documents/a/b/", "documents/c/#note-x", "../../c/#note-x"),
    ("documents/a/", "", "../../"),
    ("documents/a/", "#top", "../../#top"),
    ("", "", "./"),
    ("", "documents/a/", "documents/a/"),
    ("", "404.html", "404.html"),
    ("404.html", "documents/", "documents/"),
    ("documents/", "documents/_files/a/b.png", "_files/a/b.png"),
    ("documents/a/", "documents/a/b/", "b/"),
    ("documents/a/b/", "documents/a/", "../"),
    ("", "a:b/", "./a:b/"),
    ("documents/a/", "search.html?q=a/b", "../../search.html?q=a/b"),
]


@pytest.mark.parametrize(("here", "there", "link"), CASES)
def test_cases(here: str, there: str, link: str) -> None:
    assert relative_url(here, there) == link


SEGMENT = st.text("ab:%0-_", min_size=1, max_size=3)
ADDRESS = st.builds(
    lambda folders, name: "".join(f"{each}/" for each in folders) + name,
    st.lists(SEGMENT, max_size=4),
    st.sampled_from(["", "x.html"]),
)


@given(ADDRESS, ADDRESS, st.sampled_from(["", "#note-a", "?a=/b", "?a#b"]), st.sampled_from(["", "sub/path/"]))
def test_a_browser_comes_out_where_it_should(here: str, there: str, rest: str, sub: str) -> None:
    root = f"https://example.org/{sub}"
    assert urljoin(root + here, relative_url(here, there + rest)) == root + there + rest
