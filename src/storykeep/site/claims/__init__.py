"""Authors are asked: how they are reached, how they prove who they are, and what they decide about their works."""
