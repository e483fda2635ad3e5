"""The one error of the benchmarks; its text is a French sentence for whoever typed `make bench`."""


class BenchmarkError(RuntimeError):
    """A measure that could not be taken; nothing is written then."""
