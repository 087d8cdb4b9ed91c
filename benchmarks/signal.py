"""python -m benchmarks.signal SECTION: the signal of networks, measured and written to benchmarks/signal.md."""

from benchmarks import signal_country, signal_fine, signal_plan, signal_province
from benchmarks.sections import measure_section

SECTIONS = {"province": signal_province, "fine": signal_fine, "country": signal_country, "plan": signal_plan}

if __name__ == "__main__":
    measure_section("signal", "The signal of a network, measured", SECTIONS, __doc__)
