"""Figures, tables and words of reports, in English and Spanish.

Import from the modules: `numbers`, `text`, `tables`, `style`, `charts`, `page`, `wording`.
"""
