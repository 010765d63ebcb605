"""``python -m genepool`` is the ``genepool`` command."""

from genepool.cli import main

if __name__ == "__main__":
    main()
