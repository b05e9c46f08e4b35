"""The playground: a page beside every workflow of a version 3 workflow API."""

__version__ = "0.5.0"
