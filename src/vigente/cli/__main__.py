"""Lets `python -m vigente.cli` run the command."""

import sys

from vigente.cli import main

sys.exit(main())
