"""What search knows of a hand-written page: its words as a reader sees them."""

from __future__ import annotations

import pytest

from builder.publish.visible_text import visible_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p> </p>", ""),
        ("plain <!-- not this --> text", "plain text"),
        ("<p>the <b>tax</b>payers’ <em>e<strong>m</strong></em>ph<span>asis</span></p>", "the taxpayers’ emphasis"),
        ("un<wbr>broken H<sub>2</sub>O", "unbroken H2O"),
        ("<table><tr><td>red</td><td>blue</td></tr></table>", "red blue"),
        ("<p>one<br>two</p><p>three</p>four<ul><li>five<li>six</ul>", "one two three four five six"),
        ("<div>one<p>two</p>three</div><dl><dt>four<dd>five</dl>", "one two three four five"),
        ('paid<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>, so', "paid, so"),
        ('<h2>Head<a class="headerlink" href="#head">¶</a></h2>', "Head"),
        ("a<script>x()</script><style>b {}</style><noscript>c</noscript><template>d</template>", "a"),
    ],
)
def test_words_run_over_markup_and_not_over_borders(html: str, text: str) -> None:
    assert visible_text(html) == text
