"""Rendering: an executed notebook's Markdown taken out, and a page and a PDF made of it.

The way of a report, each step a pure function of its input files::

    from atips_analysis.notebooks import run_notebook, warm_kernels
    from atips_analysis.render import Report, publication_from, render

    with warm_kernels():                       # optional: kernels that have pandas imported
        executed = run_notebook(
            project.notebooks / "baseline.ipynb",
            work / "baseline.ipynb",           # written only if every cell ran
            {"year": 2024, "databank": project.databank},
        )
    publication = publication_from(
        project.profile,                       # country, reporting lines, clock, issuing body
        lang="en",
        simulated=bank.simulated,              # then no issuing body
        title="Baseline report",
        subtitle="Trafficking in persons in {country}",
        period="2021–2023",
        draft=True,
        made_from=(("Edition", bank.edition), ("Baseline", "2021–2023")),
    )
    files = render(Report("baseline", executed, publication), out_folder)
    # [out_folder/baseline.html, out_folder/baseline.pdf]

- `run_notebook` checks parameters against the notebook's cell tagged `parameters`, whose lines
  read ``year: int = 2024  # reporting year``. The kernel's working folder is the folder of the
  executed notebook, so a figure saved as ``figures/x.svg`` lies beside it. A parameter of type
  `Path` reaches the notebook as an absolute path.
- `render(report, folder, renderer="auto"|"quarto"|"embedded", formats=("html", "pdf"))` returns
  the files written. Title, subtitle and language that the publication leaves empty come from the
  notebook's front matter (first cell, or a YAML block between ``---`` lines that a cell shows, for
  what is computed: ``title``, ``period``, ``simulated: true``). The same input, the same bytes.
- `layout="brief"` is for two-page bulletins: no cover; reporting lines at the foot of the first
  page, and the colophon at the end.
- Blocks that the theme knows: ``::: {.callout-note}`` and ``.callout-warning`` (a heading inside is
  the title), ``.key-figures`` (a list of ``- **18** cases``), ``.source``, ``.restated``, ``.small``,
  ``.lead``,
  ``.page-break``, ``.content-visible when-format="html"`` (or ``typst``).
- A notebook's cells may leave Markdown and nothing else; whatever else a cell leaves, an unknown
  ``@fig-``, ``@tbl-`` or ``@sec-``, a missing image or alternative text fails with one line.
- What a renderer made passes one gate (`page_gate`) before it is put in place: no mark of Markdown,
  nothing loaded from elsewhere, no words over one another or over the edge, no page of the colophon
  alone, and every heading, table, figure, caption and number of the Markdown.

Both functions change nothing but their own output files. They are safe in parallel processes,
not in threads.
"""

from atips_analysis.render.publication import Publication, Report, Ways, publication_from
from atips_analysis.render.rendering import render
