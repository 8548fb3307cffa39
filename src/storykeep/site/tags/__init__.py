"""Tags: the kinds that an archive defines, synonyms, broader and narrower."""
