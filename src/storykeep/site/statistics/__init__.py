"""What happened to somebody's works: numbers and plots, never who."""
