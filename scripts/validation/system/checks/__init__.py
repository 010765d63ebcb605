"""One check a file; each exports ``CHECK``."""
