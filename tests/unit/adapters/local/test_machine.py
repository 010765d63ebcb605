import subprocess
import sys
from concurrent.futures.process import _MAX_WINDOWS_WORKERS
from pathlib import Path

import pytest

from genepool.adapters.local.machine import most_workers, read_machine
from genepool.adapters.local.threads import cap_library_threads
from genepool.scheduling.threads import LIBRARY_THREADS


def machine_with(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    return tmp_path


def test_without_control_groups_the_machine_itself_is_the_limit(tmp_path: Path) -> None:
    machine = read_machine(tmp_path)
    assert machine.cores >= 1
    assert machine.memory > 2**20
    assert machine.cpu_limit is None


def test_a_process_on_windows_leads_no_more_workers_than_it_can_wait_for() -> None:
    assert most_workers("win32") == _MAX_WINDOWS_WORKERS
    assert [most_workers(system) for system in ("linux", "darwin")] == [None, None]


def test_version_2_limits_are_read(tmp_path: Path) -> None:
    root = machine_with(
        tmp_path,
        {
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/memory.max": "1048576\n",
        },
    )
    machine = read_machine(root)
    assert (machine.cpu_limit, machine.memory) == (1.5, 1_048_576)


def test_version_2_says_max_where_there_is_no_limit(tmp_path: Path) -> None:
    root = machine_with(
        tmp_path,
        {
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/cpu.max": "max 100000\n",
            "sys/fs/cgroup/memory.max": "max\n",
        },
    )
    assert read_machine(root) == read_machine(tmp_path / "nothing here")


def test_the_tightest_of_all_enclosing_groups_binds(tmp_path: Path) -> None:
    root = machine_with(
        tmp_path,
        {
            "proc/self/cgroup": "0::/slice/ours\n",
            "sys/fs/cgroup/slice/ours/cpu.max": "400000 100000\n",
            "sys/fs/cgroup/slice/cpu.max": "200000 100000\n",
        },
    )
    assert read_machine(root).cpu_limit == 2.0


@pytest.mark.parametrize(("quota", "limit"), [("300000", 3.0), ("-1", None)])
def test_version_1_limits_are_read(tmp_path: Path, quota: str, limit: float | None) -> None:
    root = machine_with(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/box\n3:cpu,cpuacct:/box\n",
            "sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": quota,
            "sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/memory/box/memory.limit_in_bytes": "2097152",
        },
    )
    machine = read_machine(root)
    assert (machine.cpu_limit, machine.memory) == (limit, 2_097_152)


def test_every_library_gets_one_thread_unless_the_user_set_its_variable() -> None:
    environment = {"OMP_NUM_THREADS": "3"}
    cap_library_threads(environment=environment)
    assert environment == dict.fromkeys(LIBRARY_THREADS, "1") | {"OMP_NUM_THREADS": "3"}


def test_what_the_user_set_is_cut_to_the_budget_where_there_is_one() -> None:
    environment = {"OMP_NUM_THREADS": "64", "MKL_NUM_THREADS": "2"}
    cap_library_threads(most=4, environment=environment)
    assert (environment["OMP_NUM_THREADS"], environment["MKL_NUM_THREADS"]) == ("4", "2")


def test_the_command_line_caps_threads_before_numpy_is_there() -> None:
    # The entry point of the installed command is imported before its main() sets the caps.
    program = "import sys, genepool.cli; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
