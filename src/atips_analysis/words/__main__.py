"""`make words`: brings the catalogues up to date with code and notebooks (for developers)."""

from __future__ import annotations

from pathlib import Path

from atips_analysis.words.catalogues import shown_name
from atips_analysis.words.upkeep import update_catalogues


def main() -> None:
    """Bring the catalogues up to date, and say how many messages each has."""
    package = Path(__file__).parents[1]
    root = package.parents[1]
    for state in update_catalogues(root, package, root / "notebooks"):
        print(
            f"{shown_name(state.lang)}: {state.messages} messages, {len(state.drafts)} drafts, "
            f"{len(state.empty)} without a translation"
        )
        for context, message in state.empty:
            print(f"  without a translation: {f'[{context}] ' if context else ''}{message[:90]}")


if __name__ == "__main__":
    main()
