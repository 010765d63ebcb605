"""Find the one object that each module of a package exports."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

Plugin = TypeVar("Plugin")


def discover(package: ModuleType, export: str, kind: type[Plugin]) -> dict[str, Plugin]:
    """Return the exported objects of all modules of a package, keyed and sorted by module name.

    Modules whose names begin with an underscore are the package's own machinery and are passed over.

    Parameters
    ----------
    package
        The package to look through, not its sub-packages.
    export
        Name of the module-level constant, such as ``"STRATEGY"``.
    kind
        What the constant must be an instance of.

    Raises
    ------
    TypeError
        When a module lacks the export, or exports something else: a forgotten line must not
        make a plug-in vanish silently.
    """
    found = {}
    for name in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        if name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{name}")
        plugin = getattr(module, export, None)
        if not isinstance(plugin, kind):
            raise TypeError(f"{module.__name__} must export {export}, a {kind.__name__}")
        found[name] = plugin
    return found
