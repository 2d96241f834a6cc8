"""CDA: Claims, Denials and Attributions in news. The corpus's own package; see `corpus --help`."""

__version__ = "0.1.0"
