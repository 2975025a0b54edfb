"""CPU per forwarded packet of Comity's media server beside Janus: `python -m tests.benchmarks.media`."""
