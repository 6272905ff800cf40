"""Thousands of files at once: found and grouped, checked in guarded processes, kept in a ledger, summed up.

``discover`` finds submissions in a tree; ``work`` does one of them in a child process that ``guard`` watches; ``run``
sends them through a ``concurrent.futures.Executor`` and ``ledger`` keeps what came back; ``summary`` shows it.
"""
