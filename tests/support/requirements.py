"""Skips tests whose programs are not installed, except in CI."""

import os
import shutil

import pytest


def requires_program(program: str) -> pytest.MarkDecorator:
    """Mark a test that needs a program."""
    missing = not shutil.which(program) and not os.environ.get("CI")
    return pytest.mark.skipif(missing, reason=f"{program} is not installed")
