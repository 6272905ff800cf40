"""Buttons and worksheet functions: a live workbook in Excel or LibreOffice, reached through xlwings."""
