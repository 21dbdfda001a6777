"""The confidential side: mended after a crash, locked, backed up, cleared, and who looked at it."""
