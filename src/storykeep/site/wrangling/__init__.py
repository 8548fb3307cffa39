"""Wrangling: tags are given to one another, renamed, merged, nested; and offered to whoever fills in a form."""
