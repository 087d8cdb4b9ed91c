"""The parts of the sample's generator; tools/make_sample.py runs them in order."""
