"""Every service runs and says that it is healthy."""

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import Stack
from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System


def look(system: System) -> Found:
    """Ask Compose for every service; one that has no image on this host is left out and said to be."""
    stack = system.stack
    wanted, containers = stack.services(), stack.containers()
    absent = sorted(wanted.keys() - {container.service for container in containers})
    left_out = [service for service in absent if not _has_image(stack, wanted[service]["image"])]
    unwell = [service for service in absent if service not in left_out]
    unwell += [f"{one.service} is {one.state} {one.health}" for one in containers if not one.well]
    figure = f"{len(wanted) - len(absent)} of {len(wanted)} run"
    if left_out:
        figure += f"; no image for {', '.join(left_out)}"
    if unwell:
        figure += f"; not well: {', '.join(sorted(unwell))}"
    return Found(not unwell, figure)


def _has_image(stack: Stack, image: str) -> bool:
    try:
        return bool(stack.docker("image", "inspect", "--format", "{{.Id}}", image))
    except StackError:
        return False


CHECK = Check("every service is healthy", "all that this host has an image for", look)
