"""gouji (勾稽): checks Chinese departmental budget-performance self-evaluations before submission."""

__version__ = "0.1.0"
