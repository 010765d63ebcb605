"""Programs that a genome is exported to, one file each."""
