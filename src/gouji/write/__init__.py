"""Writing back into users' workbooks: what is named changes, all else stays byte for byte."""
