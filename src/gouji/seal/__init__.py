"""Submission packages: the checked workbook with its reports and a signed manifest; made, verified."""
