"""Running notebooks: their inline expressions, evaluated where the notebook is executed."""
