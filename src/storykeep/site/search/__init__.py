"""Search: one contract, and the engines behind it."""
