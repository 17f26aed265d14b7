"""The program: settings, the pipeline that collects, what it exports, and the command line."""

from importlib.metadata import version

__version__ = version("poolwatch")
