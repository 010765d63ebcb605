"""What a champion must survive before it is believed."""
