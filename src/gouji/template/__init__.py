"""Blank workbooks of official forms that check themselves: built from form.toml, or on a bureau's own blank form."""
