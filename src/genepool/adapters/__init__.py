"""The outside world, one vendor a package; none of them knows another."""
