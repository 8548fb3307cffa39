"""Several of my works changed together: what is asked, what it would change in each, the doing, the taking back."""
