"""What strangers' files may do to the readers: mutated by the hundred thousand, and never more than one clear line."""
