"""Every service runs and says that it is healthy."""

import json

from scripts.validation.stack import Stack, StackError
from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System


def look(system: System) -> Found:
    """Ask Compose for every service; one that has no image on this host is left out and said to be."""
    stack, running = system.stack, system.stack.services()
    wanted = json.loads(stack.compose("config", "--format", "json"))["services"]
    absent = [service for service in wanted if service not in running]
    left_out = [service for service in absent if not _has_image(stack, wanted[service]["image"])]
    unwell = [service for service in absent if service not in left_out]
    for service, rows in running.items():
        unwell += [f"{service} is {row['State']} {row['Health']}" for row in rows if not _well(service, row)]
    figure = f"{len(wanted) - len(absent)} of {len(wanted)} run"
    if left_out:
        figure += f"; no image for {', '.join(left_out)}"
    if unwell:
        figure += f"; not well: {', '.join(sorted(unwell))}"
    return Found(not unwell, figure)


def _well(service: str, row: dict[str, object]) -> bool:
    if service == "migrate":
        return row["State"] == "exited" and row["ExitCode"] == 0
    return row["State"] == "running" and row["Health"] in {"", "healthy"}


def _has_image(stack: Stack, image: str) -> bool:
    try:
        return bool(stack.docker("image", "inspect", "--format", "{{.Id}}", image))
    except StackError:
        return False


CHECK = Check("every service is healthy", "all that this host has an image for", look)
