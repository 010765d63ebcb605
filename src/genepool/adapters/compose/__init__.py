"""Docker Compose, as a program that is told what to do."""
