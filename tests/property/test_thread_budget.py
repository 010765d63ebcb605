import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.errors import ConfigError
from genepool.scheduling.threads import LIBRARY_THREADS, WORKER_MEMORY, ThreadBudget, thread_budget

PLENTY = 2**50
cores_of_machines = st.integers(1, 1_024)


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 1), (4, 3), (8, 7), (16, 14), (64, 56)])
def test_a_machine_keeps_some_of_its_cores_for_the_system(cores: int, workers: int) -> None:
    budget = thread_budget(cores, PLENTY, {})
    assert budget == ThreadBudget(workers, threads_per_worker=1, reserved=cores - workers)


def test_every_core_count_up_to_1024_reserves_at_least_one_core_and_at_most_an_eighth() -> None:
    for cores in range(2, 1_025):
        budget = thread_budget(cores, PLENTY, {})
        assert budget.workers + budget.reserved == cores
        assert budget.reserved == max(1, cores // 8)


def test_another_core_never_costs_a_worker() -> None:
    workers = [thread_budget(cores, PLENTY, {}).workers for cores in range(1, 1_025)]
    assert workers == sorted(workers)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    cores=cores_of_machines,
    memory=st.integers(0, 2**42),
    threads=st.dictionaries(st.sampled_from(LIBRARY_THREADS), st.integers(0, 5_000).map(str)),
    workers=st.none() | st.integers(1, 2_000),
    limit=st.none() | st.floats(0.01, 2_000),
)
def test_workers_times_threads_fit_the_cores_whatever_is_asked_for(
    cores: int, memory: int, threads: dict[str, str], workers: int | None, limit: float | None
) -> None:
    asked = {} if workers is None else {"GENEPOOL_CPU_THREADS": str(workers)}
    budget = thread_budget(cores, memory, threads | asked, limit)
    usable = cores if limit is None else max(1, min(cores, int(limit)))
    assert budget.workers >= 1
    assert budget.threads_per_worker >= 1
    assert budget.workers * budget.threads_per_worker + budget.reserved <= usable
    assert budget.workers <= max(1, memory // WORKER_MEMORY)
    assert workers is None or budget.workers <= workers


@given(cores=cores_of_machines, workers=st.integers(1, 2_000))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_genepool_cpu_threads_bounds_the_workers_but_never_adds_any(cores: int, workers: int) -> None:
    free = thread_budget(cores, PLENTY, {}).workers
    bounded = thread_budget(cores, PLENTY, {"GENEPOOL_CPU_THREADS": str(workers)})
    assert bounded.workers == min(free, workers)


def test_library_threads_are_paid_for_with_workers() -> None:
    assert thread_budget(16, PLENTY, {"OMP_NUM_THREADS": "4"}) == ThreadBudget(3, 4, 2)
    assert thread_budget(16, PLENTY, {"OMP_NUM_THREADS": "2", "NUMBA_NUM_THREADS": "7"}).workers == 2


def test_more_library_threads_than_cores_are_cut_to_the_free_cores() -> None:
    assert thread_budget(8, PLENTY, {"OPENBLAS_NUM_THREADS": "64"}) == ThreadBudget(1, 7, 1)


def test_a_nested_omp_list_counts_by_its_first_level() -> None:
    assert thread_budget(8, PLENTY, {"OMP_NUM_THREADS": "2,8"}).threads_per_worker == 2


@pytest.mark.parametrize("text", ["", "0", "-3", "many"])
def test_an_unusable_omp_value_is_passed_over_as_openmp_itself_does(text: str) -> None:
    assert thread_budget(8, PLENTY, {"OMP_NUM_THREADS": text}) == ThreadBudget(7, 1, 1)


@pytest.mark.parametrize(("limit", "workers"), [(0.5, 1), (1.9, 1), (2.0, 1), (4.7, 3), (100.0, 7)])
def test_a_fractional_quota_is_rounded_down_but_leaves_one_worker(limit: float, workers: int) -> None:
    assert thread_budget(8, PLENTY, {}, cpu_limit=limit).workers == workers


def test_memory_bounds_the_workers_at_half_a_gibibyte_each() -> None:
    assert thread_budget(64, 4 * WORKER_MEMORY, {}).workers == 4
    assert thread_budget(64, 0, {}).workers == 1


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "all"])
def test_an_impossible_worker_count_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigError, match="GENEPOOL_CPU_THREADS"):
        thread_budget(8, PLENTY, {"GENEPOOL_CPU_THREADS": text})
