"""How many people open a work on a day: counted, never who."""
