"""Long and short forms of tests that try random instants: `make chaos FULL=1` asks for the long ones."""

import os

LONG = bool(os.environ.get("GENEPOOL_CHAOS_FULL"))
