"""Views: fetch or answer 404, check, answer."""
