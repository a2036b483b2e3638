"""The versions of Python with which the package is installed and run."""

VERSIONS = ("3.11", "3.12", "3.13")
