"""The routes under ``/v1``, one file a resource: they ask use cases, and decide nothing."""
