"""An emulated AWS account: for the demo, the end-to-end tests and the benchmarks."""
