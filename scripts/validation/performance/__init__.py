"""The same work on one process and on the cluster: measured, judged, written down."""
