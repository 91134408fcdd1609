"""How a test of this folder is told which program to test."""

import argparse
import pathlib
import sys
import unittest


def tool(description):
    """The path that --tool gives."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    return parser.parse_args().tool.resolve()


def build(description):
    """The folder of the build that the program of --tool is in."""
    return tool(description).parents[1]


def run():
    """Runs all tests of the program that was started, and ends it; no tests are a failure."""
    result = unittest.main(argv=[sys.argv[0]], exit=False).result
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
