"""What the relations of a form become in a living workbook: formulas of calculated cells, live rows of checks."""
