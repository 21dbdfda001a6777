"""What others printed: figures and series, where they contradict themselves, what anybody knows."""

from atips_analysis.published.public_figures import load_public_figures, register_public_figures
