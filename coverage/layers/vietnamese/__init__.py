"""Vietnamese text: older encodings, syllables, and keys of names."""
