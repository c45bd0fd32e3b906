"""Files of evidence: told apart, taken in parts, kept under their hash, opened in a fenced process."""
