"""How good the repair engine is, measured against a brute-force ceiling and the classical anchor."""
