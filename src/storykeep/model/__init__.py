"""What a story is. Standard library only; everything else in the house may import it."""
