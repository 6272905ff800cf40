"""What a user gets to see of a check: text, JSON, SARIF."""
