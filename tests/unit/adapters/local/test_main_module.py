"""Worker processes import no ``__main__``: a user's script does not begin once more in each of them."""

import sys
from multiprocessing import spawn
from types import ModuleType

import pytest

from genepool.adapters.local.main_module import main_left_out


def test_a_script_is_no_part_of_what_a_spawned_process_prepares(monkeypatch: pytest.MonkeyPatch) -> None:
    script = ModuleType("__main__")
    script.__file__ = "mine.py"
    monkeypatch.setitem(sys.modules, "__main__", script)
    assert "init_main_from_path" in spawn.get_preparation_data("before")
    with main_left_out():
        assert not [name for name in spawn.get_preparation_data("inside") if name.startswith("init_main")]
    assert sys.modules["__main__"] is script
