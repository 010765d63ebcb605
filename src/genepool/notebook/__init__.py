"""GenePool from Python: what ``import genepool`` offers; it calls what the command line calls."""
