"""Physics on bare arrays: metres and MHz in, dB out. No files, no frames, no coordinate systems."""
