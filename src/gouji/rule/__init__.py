"""The rules: one file a check, found and run by :mod:`gouji.rule.registry`."""
