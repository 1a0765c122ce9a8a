"""Which words of an HTML document are its text: none that a reader sees may vanish, none that the page hides appear."""

from __future__ import annotations

import pytest

from builder.model import Limits, PieceRole
from builder.read.html import read_html


def read(source):
    parsed, diagnostics = read_html(source, path="seeds/a.html", folder="", limits=Limits())
    assert parsed is not None
    return parsed.body, {each.code: each for each in diagnostics}


FORMULA = (
    "<math><semantics><mrow><mi>E</mi><mo>=</mo><msup><mi>c</mi><mn>2</mn></msup></mrow>"
    '<annotation encoding="application/x-tex">E=c^2</annotation></semantics></math>'
)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (f"<p>So {FORMULA}, he said.", "So E=c2, he said."),
        (
            "<svg><title>t</title><desc>d</desc><text>High <tspan>water</tspan></text><g><text>10:31</text></g></svg>",
            "High water\n10:31",
        ),
        ("<svg><a><text><textPath>round</textPath></text></a><switch><text>or</text></switch></svg>", "round\nor"),
        (
            "<svg><defs><text>never</text></defs><symbol><text>drawn</text></symbol><rect/><text>seen</text></svg>",
            "seen",
        ),
        ("<svg><foreignObject><p>a <b>b</b></p></foreignObject></svg>c", "a bc"),
        ("<p>Pick <select><option>one<option>two</select> now", "Pick one\ntwo\n now"),
        ("<button>Send <b>it</b></button> off", "Send it off"),
        (
            "<object data=x>an object</object> <video src=x>a film</video> <audio>a song</audio>",
            "an object a film a song",
        ),
        ("<canvas>a chart</canvas> <applet>an applet</applet> <progress>half</progress>", "a chart an applet half"),
        ("<textarea>as <i>typed</textarea>", "as <i>typed"),
        ("<ruby>堰<rp>(</rp><rt>せき</rt><rp>)</rp></ruby>", "堰(せき)"),
        ("<label>Name</label> <output>3</output> <marquee>runs</marquee> <x-y>custom</x-y>", "Name 3 runs custom"),
        ("<template>t</template><datalist><option>d</datalist><noscript>n</noscript>a<script>s</script>", "a"),
        ("<details><summary>More</summary> here</details>", "More here"),
        ('<p aria-hidden="true">★</p>', "★"),
    ],
)
def test_visible_words_are_text(source, text):
    body, diagnostics = read(source)
    assert body.text == text
    assert diagnostics.keys() <= {"H102"}


@pytest.mark.parametrize(
    ("source", "text", "hidden"),
    [
        ("<p>a</p><p hidden>b <i>c</i></p><p>d", "ad", '"b c"'),
        ("<p>a <span hidden=until-found>b</span>c", "a c", '"b"'),
        ("a<p style='display:none'>b</p>", "a", '"b"'),
        ("a<p style='color:red; DISPLAY : none !important'>b</p>", "a", '"b"'),
        ("a<p style='visibility:hidden'>b <b style='visibility:visible'>c</b> d</p>", "ac", '"b", "d"'),
        ("a<p style='display:none'>b <b style='display:block'>c</b></p>", "a", '"b c"'),
        ("a<dialog>b</dialog><dialog open>c</dialog>", "ac", '"b"'),
        ("<style>.x{display:none}</style>a<i class='y x'>b</i>", "a", '"b"'),
        (
            "<style>#x , b.c.d{ color : red ; display : none ; }</style>a<p id=x>b</p><b class='d c'>c</b><b class=c>d",
            "ad",
            '"b", "c"',
        ),
        ("<style>nav{visibility:hidden}/* p{display:none} */</style>a<nav>b</nav><p>c", "ac", '"b"'),
        ("<style>@media screen{i{display:none}}@media all{b{display:none}}</style>a<i>b</i><b>c</b>", "a", '"b", "c"'),
        ("<style media=print>p{display:none}</style><style>i{display:none}</style><p>a<i>b</i>", "a", '"b"'),
        ("<style>p{display:none}p.x{display:block}</style>a<p>b</p><p class=x>c", "ac", '"b"'),
        ("<style>.x{display:block}p{display:none}</style><p class=x>a<p>b", "a", '"b"'),
        ("<style>p{display:none!important}.x{display:block}</style>a<p class=x>b", "a", '"b"'),
        (
            (
                "<style>.x{display:none}.x{display:inline}.y{display:inline}.y{display:none}</style>"
                "<i class=x>a</i><i class=y>b"
            ),
            "a",
            '"b"',
        ),
        ("a<math><mi>x</mi><mphantom><mi>y</mi></mphantom></math>", "ax", '"y"'),
        (
            (
                "<p hidden>a long passage that nobody sees but who looks into the source of it</p>"
                "b<i hidden>c</i>d<i hidden>e</i>f<i hidden>g</i>"
            ),
            "bdf",
            '"a long passage that nobody sees but who looks into the sourc…", "c", "e" and 1 more',
        ),
    ],
)
def test_hidden_words_are_no_text_and_a_notice_quotes_them(source, text, hidden):
    body, diagnostics = read(source)
    assert body.text == text
    assert diagnostics["H104"].message == f"words that the page hides are left out: {hidden}"
    assert "H105" not in diagnostics


@pytest.mark.parametrize(
    "source",
    [
        "<style>@media print{p{display:none}}</style><p>a",
        "<style>@media (max-width: 40em){p{display:none}}</style><p>a",
        "<style>@supports (x:y){p{display:none}}</style><p>a",
        "<style>.js p{display:none}</style><p>a",
        "<style>p:hover{display:none}p::before{display:none}p[x]{display:none}</style><p>a",
        "<style>.x{display:none} .menu .x{display:block}</style><p class=x>a",
        "<style>.x{display:none} @media (min-width:1px){.x{display:block}}</style><p class=x>a",
        "<style>@font-face{display:none} @keyframes k{from{display:none}} p{content:'}p{display:none}'}</style><p>a",
        "<style>.x{display:none}</style><p class=y id=x>a",
        "<style>x{display:none</style><p>a",
        "<p hidden style='display:block'>a",
        "<style>p{display:block}</style><p hidden>a",
        "<style>p{visibility:inherit}</style><p style='display:'>a",
        "<p style='opacity:0; font-size:0'>a",
        "<style>}}}{{{p{</style><style>{p{display:none}}</style><p>a",
    ],
)
def test_what_is_shown_or_may_be_is_text(source):
    body, diagnostics = read(source)
    assert (body.text, set(diagnostics)) == ("a", set(diagnostics) & {"H102"})


def test_white_space_on_both_sides_of_what_is_hidden_is_one_gap():
    assert read("<p>a</p>\n<p hidden>x</p>\n<p>b</p>")[0].text == "a\nb"
    assert read("<p>a <i hidden>x</i> b</p>")[0].text == "a  b"
    assert read("<pre>a\n<i hidden>x</i>\nb</pre>")[0].text == "a\n\nb"


def test_hidden_pictures_and_ids_are_gone_too():
    body, _ = read("<p id=a hidden>x<img src=b.png><a id=c>y</a></p><a href='#a'>z</a>")
    assert body.pictures == ()
    assert [piece.value for piece in body.pieces if piece.role is PieceRole.TAG] == []


def test_visible_words_that_the_parser_loses_are_warned_of():
    body, diagnostics = read("<p>a</p><svg><unknown><text>lost words</text></unknown></svg><frameset>b</frameset>")
    assert body.text == "ab"
    assert str(diagnostics["H105"].place) == "seeds/a.html:1:29"
    assert diagnostics["H105"].message == 'words that cannot be published are left out: "lost words"'


def test_a_formula_has_no_breaks_and_a_displayed_one_has_borders():
    assert read(f"<p>so{FORMULA}holds")[0].breaks == ()
    assert read("<p>so<math display='block'><mi>x</mi><mo>=</mo><mn>1</mn></math>holds<math><mi>y</mi></math>")[
        0
    ].breaks == (2, 5)


def test_nothing_of_a_style_sheet_keeps_the_reader_busy():
    for css in (
        "p{display:none}" * 20_000,
        "p," * 50_000 + "p{display:none;" + "display:x;" * 20_000,
        "{" * 200_000,
        "/*" * 100_000,
        " " * 300_000 + "p",
    ):
        read(f"<style>{css}</style><p>a" + "<p class=x>b" * 500)
    rules = "".join(f".a.b{number}{{display:none}}" for number in range(20_000))
    read(f"<style>{rules}</style>" + "<p class=a>b" * 2_000)
