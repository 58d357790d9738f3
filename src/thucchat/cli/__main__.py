"""`python -m thucchat.cli` is the command `thucchat`."""

import sys

from thucchat.cli.main import main

sys.exit(main())
