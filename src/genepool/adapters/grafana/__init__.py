"""A Grafana beside the platform: marks of runs, a check of what it shows, dashboards pushed to it.

Everything goes through grafana-api's generic calls to routes that name things by UID; docs/grafana.md
says why.
"""
