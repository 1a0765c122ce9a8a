import pytest
from hypothesis import given
from hypothesis import strategies as st
from reparse import faults, printed, records, seen_by_html5lib, seen_by_lexbor

from builder.diagnostics import Place
from builder.model import Heading, Limits, PieceRole
from builder.read.html import read_html
from builder.read.pieces import name_set
from builder.source_positions import locate
from builder.spaced_text import spaced_text

LIMITS = Limits()


def read(source, folder=""):
    return read_html(source, path="seeds/a.html", folder=folder, limits=LIMITS)


def body_of(source, folder=""):
    reading, _ = read(source, folder)
    assert reading is not None
    return reading.body


def tags(source, folder=""):
    return [piece.value for piece in body_of(source, folder).pieces if piece.role is PieceRole.TAG]


def normal(source):
    return source.replace("\r\n", "\n").replace("\r", "\n")


def test_what_the_document_says_of_itself():
    reading, diagnostics = read(
        '<!doctype html><html lang="en-GB"><head><title> A &amp;\n B </title><meta name="author" content="A. Name">'
        '<meta name=author content="B. Name"><meta property="article:published_time" content="2025-06-25T10:00:00Z">'
        "</head><body><h1>Head</h1></body></html>"
    )
    assert diagnostics == ()
    assert reading.title == "A & B"
    assert reading.authors == ("A. Name", "B. Name")
    assert reading.published == "2025-06-25"
    assert reading.language == "en-GB"


@pytest.mark.parametrize(
    ("source", "spaced"),
    [
        ("<p>The mill stood<br>by the weir</p>", "The mill stood|by the weir"),
        ("<tr><td>North</td><td>12</td></tr>", "North12"),
        ("<table><tr><td>North<td>12<tr><th>South</th><td></td><td>9</table>", "North|12|South|9"),
        ("<ul><li>One</li><li>Two<ol><li>a</li></ol></li></ul>three", "One|Two|a|three"),
        ("<p>a</p><p>b</p>", "a|b"),
        ("<div>Arms<div>and the man</div></div>", "Arms|and the man"),
        ("<h1>Head</h1>text<h2>next</h2>", "Head|text|next"),
        ("<dl><dt>Term</dt><dd>means</dd></dl>", "Term|means"),
        ("<table><caption>Votes</caption><tr><td>1</td></tr></table>", "Votes|1"),
        ("<figure><img src=x.png alt=''><figcaption>A mill</figcaption></figure>end", "A mill|end"),
        ("above<hr>below", "above|below"),
        ("a<br><br>b<br/>", "a|b"),
        ("<blockquote>He said<blockquote>she said</blockquote></blockquote>so", "He said|she said|so"),
        ("<details><summary>More</summary>here</details>", "More|here"),
        ("<form>a</form><form>b</form><fieldset><legend>c</legend>d</fieldset>", "a|b|c|d"),
        ("<menu><li>a</li><li>b</li></menu><dir><li>c</dir>", "a|b|c"),
        ("<center>a</center>b<listing>c</listing>", "a|b|c"),
        ("<p>a </p><p>b</p>\n<p>c</p><p> d", "a b\nc d"),
        (
            "half<i>hearted</i> <b>a</b><span id=x></span><a name=y></a>b<wbr>c<img src=x.png alt=''>d",
            "halfhearted abcd",
        ),
        ("<my-card>a</my-card><my-card>b</my-card>", "ab"),
    ],
)
def test_where_words_touch_that_a_reader_sees_apart(source, spaced):
    body = body_of(source)
    assert spaced_text(body, separator="|") == spaced
    assert body.text == spaced.replace("|", "")


def test_a_heading_has_a_space_at_a_line_break():
    assert body_of("<h1>Lamp tax<br>of <i>Dun</i>mere</h1>").headings == (
        Heading(2, "src-lamp-tax-of-dunmere", "Lamp tax of Dunmere"),
    )


def test_headings_go_down_a_level_and_have_ids():
    body = body_of("<h1>One, two</h1><h1>One two</h1><h6 id=own>Three</h6>")
    assert body.headings == (
        Heading(2, "src-one-two", "One, two"),
        Heading(2, "src-one-two-2", "One two"),
        Heading(6, "src-own", "Three"),
    )
    assert [p.value for p in body.pieces if p.role is PieceRole.TAG and p.value[1] == "h"] == [
        '<h2 id="src-one-two">',
        '<h2 id="src-one-two-2">',
        '<h6 id="src-own">',
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            '<a href="https://x.y/?a&amp;b">z</a>',
            '<a href="https://x.y/?a&amp;b" rel="nofollow noopener noreferrer ugc">',
        ),
        (
            '<a href="mailto:a@b.c" target=_blank onclick=x>z</a>',
            '<a href="mailto:a@b.c" rel="nofollow noopener noreferrer ugc">',
        ),
        ('<a href="#q">z</a><i id=q></i>', '<a href="#src-q">'),
        ('<a href="#caf%C3%A9">z</a><i id=café></i>', '<a href="#src-café">'),
        ('<a href="#q">z</a><a name=q></a>', '<a href="#src-q">'),
    ],
)
def test_links_that_may_be_followed(source, expected):
    assert expected in tags(source)
    assert "</a>" in tags(source)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " jAva\tscript:x", "//evil.example/x", "other.html", "/x", "data:text/html,x", "#nowhere",
     "", "https:/x", "https:x", "ftp://x.y/", "file:///etc/passwd", "vbscript:x", "\\\\x.y\\z"],
)  # fmt: skip
def test_other_links_are_their_words(address):
    assert tags(f'<p><a href="{address}">words</a></p>') == ["<p>", "</p>"]


def test_links_do_not_nest():
    source = "<a href=https://a.b/><table><tr><td><a href=https://c.d/>x</a></td></tr></table></a>"
    assert [tag for tag in tags(source) if tag.startswith(("<a ", "</a"))] == [
        '<a href="https://a.b/" rel="nofollow noopener noreferrer ugc">',
        "</a>",
    ]


def test_pictures_beside_the_document_are_slots_and_others_are_words():
    body = body_of(
        '<img src="p/a b.png" alt="A&B" width=10 height="2em"><img src=../x.JPG><img src=../../x.png alt=out>'
        '<img src="https://h.example/x.png" alt=far><img src="data:image/png;base64,xx" alt=in><img src=v.svg>',
        folder="one/two",
    )
    assert [piece.value for piece in body.pieces] == [
        '<img src="postil:one/two/p/a%20b.png" alt="A&amp;B" width="10">',
        '<img src="postil:one/x.JPG" alt="">',
        '<img src="postil:x.png" alt="out">',
        '<img class="postil-picture" alt="Picture not loaded: far (https://h.example/x.png)">',
        '<img class="postil-picture" alt="Picture not loaded: in">',
        '<img class="postil-picture" alt="Picture not loaded (v.svg)">',
    ]
    assert body.pictures == ("one/two/p/a b.png", "one/x.JPG", "x.png")


@pytest.mark.parametrize(
    "src", ["../x.png", "a/../../x.png", "%2e%2e/x.png", "/x.png", "_x/a.png", ".x.png", "a%5Cb.png", "x.png%00"]
)
def test_no_picture_from_outside(src):
    assert body_of(f"<img src='{src}'>").pictures == ()


def test_tables_and_their_kin_are_kept():
    source = (
        '<table><caption>c</caption><thead><tr><th colspan="2" scope="col">h</th></tr></thead><tbody><tr>'
        '<td rowspan="2">d</td></tr></tbody></table><ruby>a<rt>b</rt></ruby>'
        '<time datetime="2025">t</time><bdo dir="rtl">x</bdo>'
        "<details><summary>s</summary>d</details><dl><dt>t</dt><dd>d</dd></dl>"
    )
    assert printed(body_of(source)) == source


def test_white_space_between_blocks_is_a_gap_and_stays_as_it_is():
    body = body_of("<p>a</p>\n\n \n<p>b <i>c</i> <b>d</b></p>\n<table>\n<tr>\n<td>e</td>\n</tr></table>")
    gaps = [piece.value for piece in body.pieces if piece.role is PieceRole.GAP]
    assert gaps == ["\n\n \n", "\n", "\n", "\n"]
    assert body.text == "a\n\n \nb c d\n\n\ne"


def test_a_first_line_feed_in_pre_is_written_twice():
    body = body_of("<p>x</p><pre>\n\na</pre><pre>\nb</pre>")
    assert [piece.value for piece in body.pieces][3:] == ["<pre>\n", "\na", "</pre>", "<pre>", "b", "</pre>"]
    assert seen_by_html5lib(printed(body)) == body.text == "x\nab"


def test_what_is_left_out_is_told_with_counts():
    reading, diagnostics = read("<p>a</p>\n<script>x</script><form>b<iframe src=x></iframe></form><SCRIPT></SCRIPT>")
    assert reading.body.text == "a\nb"
    (told,) = diagnostics
    assert (told.place, told.code) == (Place("seeds/a.html", 2, 1), "H102")
    assert told.message == "left out: <iframe> (1), <script> (2); tags left out, their words kept: <form> (1)"


def test_what_html_cannot_carry_is_told_and_replaced():
    reading, diagnostics = read("<p>a\nb\0c\0</p>")
    assert reading.body.text == "a\nb\ufffdc\ufffd"
    assert [(each.place, each.code) for each in diagnostics] == [(Place("seeds/a.html", 2, 2), "H103")]
    assert "U+0000, and 1 more" in diagnostics[0].message


def test_every_word_is_found_in_the_file():
    source = (
        "<!doctype html>\n<title>not this</title>\n<body>\n<h1>Head <i>line</i></h1>\n"
        "<script>var two = 'Head'</script>\n"
        "<p>One &amp; two&nbsp;three\n  four <!-- two --> five</p><table><tr><td>cell</td></tr></table>"
    )
    body = body_of(source)
    rows = source.split("\n")
    for word in ("Head", "line", "One", "two", "three", "four", "five", "cell"):
        line, column = locate(body, body.text.index(word))
        assert rows[line - 1][column - 1 :].startswith(word), word
    assert locate(body, body.text.index("& two")) == (6, 8)


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_the_limit_of_depth(extra):
    reading, diagnostics = read("\n" + "<div>" * (512 + extra) + "x" + "</div>" * (512 + extra))
    if extra < 1:
        assert reading.body.text == "x"
        assert diagnostics == ()
    else:
        assert reading is None
        assert [(each.place, each.code) for each in diagnostics] == [(Place("seeds/a.html", 2, 1 + 5 * 512), "H101")]


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_the_limit_of_attributes(extra):
    names = " ".join(f"a{number}" for number in range(64 + extra))
    reading, diagnostics = read(f"<p>\n<b {names}>x</b>")
    assert (reading is None) == (extra > 0)
    assert [(each.place, each.code) for each in diagnostics] == [(Place("seeds/a.html", 2, 1), "H101")] * (extra > 0)


BOMBS = {
    "div": "<div>" * 100_000,
    "attributes": "<p " + " ".join(f"a{number}" for number in range(200_000)) + ">x",
    "formatting": "".join(f"<b id={number}>" for number in range(50_000)) + "<p>x" * 50_000,
    "formatting repeated": "<p>" + "".join(f"<b id={number}>" for number in range(400)) + "</p>" + "<p>x" * 50_000,
    "tables": "<table><tr><td>" * 50_000,
    "lists": "<ul><li>" * 50_000,
    "unclosed": "<i>" * 100_000,
    "unknown": "<x>" * 100_000,
    "foreign": "<svg><style>" + "<div>" * 100_000,
    "foreign attributes": "<svg><style><p " + " ".join(f'a{number}=">"' for number in range(100_000)) + ">x",
    "hidden ends": "<div><svg><style><!--</style></svg></div>--></style>" * 20_000,
    "hidden start": "<select><xmp></select>" + "<div>" * 100_000,
    "ends that end nothing": ("<div>" * 20 + "<table><tr><td>" + "</div>" * 20) * 1_000,
    "quotes": '<a b="' * 100_000,
    "references": "&" * 50_000,
    "brackets": "<" * 100_000,
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_no_document_keeps_the_reader_busy(name):
    # Where the cost is quadratic, these take minutes: a run that hangs here has failed.
    reading, diagnostics = read(BOMBS[name])
    assert reading is not None or [each.code for each in diagnostics] == ["H101"]


def test_all_tree_tests_print_what_they_say():
    for record in records("html5lib_tree.jsonl"):
        body = body_of(normal(record["data"]))
        markup = printed(body)
        assert seen_by_html5lib(markup) == body.text, record["id"]
        assert seen_by_lexbor(markup) == body.text, record["id"]
        assert faults(markup) == [], record["id"]


def test_hostile_html_is_harmless():
    payloads = [record["payload"] for record in records("xss_dompurify.jsonl")] + records("blns.json")
    assert len(payloads) > 700
    for payload in payloads:
        markup = printed(body_of(normal(payload)))
        assert faults(markup) == [], payload


def test_every_scalar_comes_through():
    scalars = [chr(code) for code in range(0x110000) if code not in (0xD, 0x3C, 0x26) and not 0xD800 <= code <= 0xDFFF]
    text = "a" + "".join(scalars) + "z"
    body = body_of(f"<p>{text}</p>")
    assert body.text == text.replace("\0", "\ufffd")
    assert seen_by_html5lib(printed(body)) == body.text


NAMES = st.sampled_from(
    sorted(
        name_set(
            "p b i a div table tr td th ul li pre h1 h6 span ruby rt svg math select option form button template "
            "script style title caption colgroup thead blockquote details dl dd br img hr x noscript textarea nobr font"
        )
    )
)
BITS = st.one_of(
    st.builds("<{}>".format, NAMES),
    st.builds("</{}>".format, NAMES),
    st.builds(
        '<a href="{}" id="{}">'.format, st.sampled_from(["#x", "https://a.b/", "javascript:x"]), st.sampled_from("xyz")
    ),
    st.text(st.sampled_from(" \n\t&<>\"'ax\u00a0\0"), max_size=4),
    st.sampled_from(["<!--", "-->", "&amp;", "&#13;", "&#0;", "&lt;b&gt;", "<![CDATA[", "]]>", "<!doctype html>"]),
)


@given(st.lists(BITS, max_size=30).map("".join))
def test_law_printed_pieces_say_the_text(source):
    body = body_of(source)
    markup = printed(body)
    assert body.text == body.text.strip()
    assert body.text == "".join(piece.value for piece in body.pieces if piece.role is not PieceRole.TAG)
    assert seen_by_html5lib(markup) == body.text
    assert seen_by_lexbor(markup) == body.text
    assert faults(markup) == []


def test_only_a_picture_beside_the_document_could_have_been_published():
    source = "<p>x<img src=/logo.svg><img src=//h.example/a.svg><img src=https://h.example/a.svg><img src=sub/v.svg>"
    _, faults_ = read_html(source, path="seeds/a.html", folder="", limits=Limits())
    assert [(each.code, each.place.column) for each in faults_] == [("F111", source.index("<img src=sub") + 1)]


def test_reading_is_the_same_twice():
    for record in records("html5lib_tree.jsonl")[::40]:
        assert read(normal(record["data"])) == read(normal(record["data"]))
