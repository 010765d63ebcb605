"""HTTP: what a running coordinator tells whoever asks; nothing here changes anything."""
