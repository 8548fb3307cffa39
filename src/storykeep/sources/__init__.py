"""Ways in: one complete folder per kind of remains (reader, sniffing, notes). See ``base`` for the contract."""
