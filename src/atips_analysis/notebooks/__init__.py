"""Running notebooks: parameters, inline expressions, kernels, and the airlock for what they leave."""

from atips_analysis.notebooks.kernels import warm_kernels
from atips_analysis.notebooks.running import declared_parameters, run_notebook
