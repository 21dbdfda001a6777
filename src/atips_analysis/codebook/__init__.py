"""What the words mean: streams, columns and code lists, one source for all that use them."""

from atips_analysis.codebook.loader import Codebook, CodeList, Column, Stream, load_codebook

__all__ = ["CodeList", "Codebook", "Column", "Stream", "load_codebook"]
