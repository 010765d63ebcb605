"""Calibration: how often each way of judging believes noise, and how often it sees an edge that is there."""
