"""What has come apart since the stack was started: its folder, its secrets, its health."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.stack.engine import Seen
from scripts.stack.finding import Finding

LABEL = "genepool.secrets"


def folder_is_ours(project: str, folder: Path, seen: Sequence[Seen]) -> Finding:
    """Judge whether the containers of the project were made from this folder, and not from another clone."""
    others = sorted({one.folder for one in seen if one.folder and Path(one.folder).resolve() != folder})
    if not others:
        return Finding("good", f"project {project} is this folder's")
    said = f"the containers of project {project} were made in {others[0]}, not in {folder}"
    if any((Path(other) / "docker-compose.yml").exists() for other in others):
        remedy = (
            "work there; or give this clone a COMPOSE_PROJECT_NAME, GENEPOOL_BIND, GENEPOOL_SUBNET and "
            "GENEPOOL_STORES_SUBNET of its own in .env; or `make down` here, which keeps the data of "
            f"{project}, then `make up`"
        )
        return Finding("bad", said, remedy)
    return Finding("warning", said, "that folder is gone, and `make up` takes them over")


def secrets_are_known(services: Mapping[str, Mapping[str, Any]], seen: Sequence[Seen]) -> Finding:
    """Judge whether the containers have the secrets of this folder, by the digests on their labels."""
    wanted = {name: (service.get("labels") or {}).get(LABEL, "") for name, service in services.items()}
    stale = [one.name for one in seen if one.secrets != wanted.get(one.service, one.secrets)]
    if stale:
        said = f"other secrets than those of secrets/ are in {', '.join(stale)}"
        return Finding("warning", said, "`make up` makes them anew and has Postgres follow")
    return Finding("good", "no container has other secrets")


def none_restarts(seen: Sequence[Seen], last_words: Callable[[str], Sequence[str]]) -> Finding:
    """Judge whether a container of the project ends each time that it starts, and repeat its last words.

    It only warns: `make up` may well be what mends it.
    """
    loops = [one.name for one in seen if one.state == "restarting"]
    if loops:
        words = " / ".join(word.strip() for word in last_words(loops[0])[-1:]) or "nothing"
        return Finding("warning", f"{', '.join(loops)} ends whenever it starts, and said last", words)
    return Finding("good", "no container restarts for ever")
