"""What the front page is called, by language."""

from atips_analysis.words.catalogues import SOURCE


def front_page_name(lang: str) -> str:
    """The file name of the front page in a language."""
    return "index.html" if lang == SOURCE else f"index-{lang}.html"
