"""HTTP: what a running coordinator tells its clients; no request changes anything."""
