"""Where the other pages of an edition lie, for sentences that name them."""

from __future__ import annotations

import pandas as pd

from atips_analysis.pages.edition import Edition

ALL_PAGES = "index.html"


def page_file(edition: Edition, notebook: str) -> str:
    """The file of another page: in the language of the page or, where it has none there, another.

    It is to stand as the target of a link, and is told from the folder of the reports. A house
    that does not make the page leads to the list of those that it makes.
    """
    register = pd.read_csv(edition.project.notebooks / "pages.csv", dtype=str)
    own = register[register["notebook"] == notebook]
    spoken = own[own["lang"] == edition.lang]
    names = (spoken if len(spoken) else own)["name"]
    return f"{names.iloc[0]}.html" if len(names) else ALL_PAGES
