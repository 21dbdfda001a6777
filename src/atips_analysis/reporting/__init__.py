"""Pages that are still modules: annual report, bulletin and regional pack. The kit is `pages/`."""
