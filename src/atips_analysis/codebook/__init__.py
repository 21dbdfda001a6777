"""What the words mean: streams, columns and code lists, one source for all that use them."""

from atips_analysis.codebook.council import (
    districts_on_the_map,
    load_partners,
    read_council_table,
    read_table_at,
    wrong_entry,
)
from atips_analysis.codebook.dictionary import code_dictionary, dictionary, dimension_dictionary
from atips_analysis.codebook.dimension_table import Dimension
from atips_analysis.codebook.loader import (
    Codebook,
    Column,
    Stream,
    dimensions,
    load_codebook,
    read_saved,
)
from atips_analysis.codebook.spelling import fold, words
from atips_analysis.codebook.synonyms import HeaderMatch, label_columns
