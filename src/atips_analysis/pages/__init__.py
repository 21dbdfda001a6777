"""The kit of notebooks: frames from the protected table, and ways to show and say them.

A notebook opens an edition, computes with pandas and statsmodels, and ends its cells with what is
to be looked at. Everything here returns something: a frame, a drawing, a table, words.

>>> from atips_analysis.pages import open_edition, show  # doctest: +SKIP
>>> edition = open_edition()  # doctest: +SKIP
>>> edition.counts("PROT-01", by="sex")  # doctest: +SKIP
"""

from atips_analysis.pages import charts, source_charts
from atips_analysis.pages.chapter_messages import message, messages
from atips_analysis.pages.checks import check_between, check_one_of, check_years, check_years_among
from atips_analysis.pages.drawing import Drawing, drawing, house_style
from atips_analysis.pages.edition import Edition, open_edition
from atips_analysis.pages.findings import largest_said
from atips_analysis.pages.frozen import revised_table, seal_table, standing
from atips_analysis.pages.indicator_lines import (
    baselines_in_words,
    indicator_lines,
    indicator_states,
)
from atips_analysis.pages.key_figures import large_figure, year_in_figures
from atips_analysis.pages.narrative import narrative, photographs
from atips_analysis.pages.numbered_rows import numbered_rows
from atips_analysis.pages.numbers import (
    Cell,
    format_cell,
    hiding_said,
    left_of,
    legend_of,
    number_in_words,
    published_cell,
)
from atips_analysis.pages.numbers import format_interval as interval
from atips_analysis.pages.numbers import format_number as number
from atips_analysis.pages.numbers import format_percent as percent
from atips_analysis.pages.origins import (
    origin_note,
    origin_of,
    origin_of_totals,
    published_said,
    totals_said,
)
from atips_analysis.pages.other_pages import page_file
from atips_analysis.pages.outcomes import outcomes_within
from atips_analysis.pages.parameters_table import parameters_table
from atips_analysis.pages.part_year import PartYear, months_in_words, open_part_year
from atips_analysis.pages.particulars import Particulars, particulars
from atips_analysis.pages.prose import (
    Words,
    bullets,
    front_matter,
    key_figures,
    paragraph,
    simulated_box,
    where_from,
)
from atips_analysis.pages.provenance import made_with_in_words
from atips_analysis.pages.published_series import published_series
from atips_analysis.pages.reference import function_reference, names_table
from atips_analysis.pages.region import Region, open_region
from atips_analysis.pages.returns import (
    beyond_in_words,
    missing_in_words,
    returned_months,
    returns_in_words,
)
from atips_analysis.pages.revised import coarser_since, release_before, revised_since
from atips_analysis.pages.show import Figure, Table, show
from atips_analysis.pages.statement_words import Said
from atips_analysis.pages.statements_table import statements_table
from atips_analysis.pages.text import counted, sentence_case
from atips_analysis.pages.text import escape_markdown as escaped
from atips_analysis.pages.text import in_words as in_letters
from atips_analysis.pages.text import join_words as joined
from atips_analysis.pages.text import lower as lowered
from atips_analysis.statements.wording import caution_said

__all__ = [
    "Cell",
    "Drawing",
    "Edition",
    "Figure",
    "PartYear",
    "Particulars",
    "Region",
    "Said",
    "Table",
    "Words",
    "baselines_in_words",
    "beyond_in_words",
    "bullets",
    "caution_said",
    "charts",
    "check_between",
    "check_one_of",
    "check_years",
    "check_years_among",
    "coarser_since",
    "counted",
    "drawing",
    "escaped",
    "format_cell",
    "front_matter",
    "function_reference",
    "hiding_said",
    "house_style",
    "in_letters",
    "indicator_lines",
    "indicator_states",
    "interval",
    "joined",
    "key_figures",
    "large_figure",
    "largest_said",
    "left_of",
    "legend_of",
    "lowered",
    "made_with_in_words",
    "message",
    "messages",
    "missing_in_words",
    "months_in_words",
    "names_table",
    "narrative",
    "number",
    "number_in_words",
    "numbered_rows",
    "open_edition",
    "open_part_year",
    "open_region",
    "origin_note",
    "origin_of",
    "origin_of_totals",
    "outcomes_within",
    "page_file",
    "paragraph",
    "parameters_table",
    "particulars",
    "percent",
    "photographs",
    "published_cell",
    "published_said",
    "published_series",
    "release_before",
    "returned_months",
    "returns_in_words",
    "revised_since",
    "revised_table",
    "seal_table",
    "sentence_case",
    "show",
    "simulated_box",
    "source_charts",
    "standing",
    "statements_table",
    "totals_said",
    "where_from",
    "year_in_figures",
]
