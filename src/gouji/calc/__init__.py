"""Formulas: their text taken apart, and engines that compute them behind one interface."""
