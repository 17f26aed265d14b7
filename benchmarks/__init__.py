"""Side-by-side measurements; docs/benchmarks.md tells what they show and how to repeat them."""
