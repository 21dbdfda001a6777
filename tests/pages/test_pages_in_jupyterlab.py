"""What a notebook shows in JupyterLab has no marks of Markdown in it."""

from __future__ import annotations

import pandas as pd

from atips_analysis.pages import paragraph, show


def test_a_caption_is_set_and_not_spelt():
    table = show(pd.DataFrame({"a": [1]}), "Columns of *Cases*, <b>5</b> & more", "tbl-cases")
    html = table._repr_mimebundle_()["text/html"]
    assert "<b>Columns of <em>Cases</em>, &lt;b&gt;5&lt;/b&gt; &amp; more</b>" in html


def test_a_heading_is_shown_without_the_name_that_renderers_know_it_by():
    html = paragraph(
        '## Cases {#sec-cases area="X"}', "Of {braces} nothing is lost {#x}"
    )._repr_html_()
    assert "<h2>Cases</h2>" in html
    assert "Of {braces} nothing is lost {#x}" in html
