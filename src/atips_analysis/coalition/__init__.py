"""Several countries' sealed packs: verified, side by side, added up where that may be, attacked."""
