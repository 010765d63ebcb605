"""The source text of a function with everything that it uses, so that it runs in another process."""

import ast
import builtins
import inspect
import symtable
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from genepool.errors import ConfigError

_HEAD = "from __future__ import annotations"
# Folders of installed packages, of whichever environment.
_INSTALLED = {"site-packages", "dist-packages"}


def source_of(function: Callable[..., object], decorator: object) -> str:
    """Return Python source that defines a function and all names of its own that it uses.

    Functions and classes of a notebook or of the user's files come as their source, those of libraries as
    imports, and constants as what they are now. Comments, blank lines, the decorator, annotations and
    defaults of the function itself are left out: they change no result, or are said elsewhere.

    Parameters
    ----------
    function
        The function.
    decorator
        What makes a strategy of it: it and what stands above it is left out.

    Raises
    ------
    ConfigError
        When the source cannot be read, or a name stands for something that cannot travel.
    """
    gathered = _Gathered(function.__name__)
    known = _names_of(function)
    definition = _definition(function, function.__name__)
    bared = _bared(definition, known, decorator)
    gathered.add_all(_free_names(bared), known)
    return "\n".join([_HEAD, *gathered.lines, ast.unparse(bared), ""])


class _Gathered:
    """The statements that a function needs before it, each after those that it needs itself."""

    def __init__(self, strategy: str) -> None:
        self.lines: list[str] = []
        self._strategy = strategy
        self._seen: dict[str, Any] = {}

    def add_all(self, names: Iterable[str], known: Mapping[str, Any]) -> None:
        """Add the statement of each name that is no builtin."""
        for name in sorted(names):
            if name in known:
                self._add(name, known[name])
            elif not hasattr(builtins, name):
                raise ConfigError(f"{self._strategy} uses {name}, which is not defined: define it above")

    def _add(self, name: str, value: Any) -> None:  # noqa: ANN401 - whatever a name stands for
        if name in self._seen:
            if self._seen[name] is not value:
                raise ConfigError(f"{self._strategy} uses two things that are called {name}: rename one")
            return
        self._seen[name] = value
        line = _imported(name, value) or _constant(name, value)
        if line is None:
            line = self._defined(name, value)
        self.lines.append(line)

    def _defined(self, name: str, value: Any) -> str:  # noqa: ANN401 - as above
        # What numba compiled has its function inside.
        plain = getattr(value, "py_func", value)
        if not (inspect.isfunction(plain) or inspect.isclass(plain)) or plain.__name__ == "<lambda>":
            raise ConfigError(
                f"{self._strategy} uses {name}, a {type(value).__name__} that cannot travel to other "
                "processes: make it inside the function, or name a function, a number or a text"
            )
        definition = _definition(plain, self._strategy)
        self.add_all(_free_names(definition) - {plain.__name__}, _names_of(plain))
        also = "" if plain.__name__ == name else f"\n{name} = {plain.__name__}"
        return ast.unparse(definition) + also


def _names_of(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a function or a class
    """Return what names stand for where a function or class was defined."""
    if inspect.isclass(value):
        return dict(vars(sys.modules[value.__module__]))
    cells = zip(value.__code__.co_freevars, value.__closure__ or (), strict=True)
    return {**value.__globals__, **{name: cell.cell_contents for name, cell in cells if _is_filled(cell)}}


def _is_filled(cell: Any) -> bool:  # noqa: ANN401 - a cell has no public type
    try:
        return bool(cell.cell_contents is not cell)
    except ValueError:
        return False


def _definition(value: Any, strategy: str) -> ast.FunctionDef | ast.ClassDef:  # noqa: ANN401 - as above
    try:
        (found,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    except (OSError, TypeError, SyntaxError, ValueError) as error:
        raise ConfigError(
            f"{strategy}: the source of {value.__name__} cannot be read: define it by def, in a file or in a "
            "cell of a notebook"
        ) from error
    if not isinstance(found, ast.FunctionDef | ast.ClassDef):
        raise ConfigError(f"{strategy}: {value.__name__} is no plain function: define it by def")
    return found


def _bared(definition: ast.AST, known: Mapping[str, Any], decorator: object) -> ast.FunctionDef:
    """Return the function without its own decorator and what stands above it, annotations and defaults."""
    if not isinstance(definition, ast.FunctionDef):
        raise ConfigError("a strategy is a function: define it by def")
    places = [k for k, one in enumerate(definition.decorator_list) if _stands_for(one, known) is decorator]
    definition.decorator_list = definition.decorator_list[places[-1] + 1 if places else 0 :]
    arguments, definition.returns = definition.args, None
    arguments.defaults, arguments.kw_defaults = [], [None] * len(arguments.kwonlyargs)
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        argument.annotation = None
    return definition


def _stands_for(expression: ast.expr, known: Mapping[str, Any]) -> object:
    """Return what a decorator is, called or not; None when that cannot be told."""
    called = expression.func if isinstance(expression, ast.Call) else expression
    if isinstance(called, ast.Name):
        return known.get(called.id)
    if isinstance(called, ast.Attribute):
        return getattr(_stands_for(called.value, known), called.attr, None)
    return None


def _free_names(definition: ast.AST) -> set[str]:
    """Return the names that a definition takes from its surroundings."""
    table = symtable.symtable(f"{_HEAD}\n{ast.unparse(definition)}", "<strategy>", "exec")
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    defined = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    return (names | set(_globals_of(table))) - (defined - {"annotations"}) - {"annotations"}


def _globals_of(table: symtable.SymbolTable) -> Iterator[str]:
    for child in table.get_children():
        yield from (symbol.get_name() for symbol in child.get_symbols() if symbol.is_global())
        yield from _globals_of(child)


def _constant(name: str, value: Any) -> str | None:  # noqa: ANN401 - as above
    try:
        text = repr(value)
        return f"{name} = {text}" if ast.literal_eval(text) == value else None
    except (ValueError, SyntaxError, TypeError):
        return None


def _imported(name: str, value: Any) -> str | None:  # noqa: ANN401 - as above
    """Return the import that gives a name; None for what no library has."""
    if isinstance(value, ModuleType):
        if not _is_of_a_library(value.__name__):
            raise ConfigError(
                f"{name} is a module of your own, which workers do not have: import the functions that you "
                f"use from it by name, from {value.__name__} import ..."
            )
        return f"import {value.__name__} as {name}"
    module, qualified = (
        getattr(value, "__module__", None),
        getattr(value, "__qualname__", None) or getattr(value, "__name__", None),
    )
    if not (isinstance(module, str) and isinstance(qualified, str) and _is_of_a_library(module)):
        return None
    if getattr(sys.modules.get(module), qualified, None) is not value:
        return None
    return f"from {module} import {qualified} as {name}"


def _is_of_a_library(module: str) -> bool:
    """Say whether a module is installed or Python's own, rather than a file or notebook of the user's."""
    package = module.partition(".")[0]
    if package in sys.stdlib_module_names and package != "__main__":
        return True
    file = getattr(sys.modules.get(package), "__file__", None) or _first_path(package)
    return package == "genepool" or (file is not None and bool(_INSTALLED & set(Path(file).parts)))


def _first_path(package: str) -> str | None:
    """Return the folder of a package that has no file of its own."""
    paths = list(getattr(sys.modules.get(package), "__path__", []))
    return paths[0] if paths else None
