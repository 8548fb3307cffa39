"""Ways out: one module per format; a Story in, bytes out, streamed."""
