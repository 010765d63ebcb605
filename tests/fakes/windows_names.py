"""What Windows refuses as the name of a file, by Microsoft's "Naming Files, Paths, and Namespaces"."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

_SIGNS = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ ]*(\..*)?", re.IGNORECASE)


def refused(name: str) -> bool:
    """Tell whether Windows refuses a name, or takes it for another one."""
    return bool(_SIGNS.search(name) or _DEVICES.fullmatch(name) or name.endswith((".", " ")))


def unfit(paths: Iterable[PurePath]) -> list[str]:
    """Return the paths that Windows refuses, and those that it cannot tell from others."""
    known = {parent for path in paths for parent in (path, *path.parents)}
    names = Counter(str(path).casefold() for path in known)
    return sorted(str(path) for path in known if refused(path.name) or names[str(path).casefold()] > 1)
