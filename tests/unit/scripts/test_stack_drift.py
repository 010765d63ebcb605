"""What `make doctor` says when a stack and its folder have come apart."""

from pathlib import Path

from scripts.stack import drift
from scripts.stack.engine import Seen

LABELS = {"redis": {"labels": {drift.LABEL: "new"}}, "alertmanager": {}}


def seen(folder: Path, secrets: str = "new", state: str = "running", service: str = "redis") -> Seen:
    return Seen(f"genepool-{service}-1", state, "net", "", service, str(folder), secrets)


def test_containers_of_this_folder_are_as_they_should_be(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    assert drift.folder_is_ours("genepool", tmp_path, [seen(tmp_path), seen(link)]).level == "good"
    assert drift.folder_is_ours("genepool", tmp_path, []).level == "good"


def test_a_stack_of_another_clone_is_not_taken_over_and_both_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").touch()
    here = tmp_path / "second"
    found = drift.folder_is_ours("genepool", here, [seen(tmp_path)])
    assert found.level == "bad"
    assert str(tmp_path) in found.said
    assert str(here) in found.said
    assert "COMPOSE_PROJECT_NAME" in found.remedy
    assert "make down" in found.remedy


def test_a_checkout_that_was_moved_only_warns(tmp_path: Path) -> None:
    found = drift.folder_is_ours("genepool", tmp_path, [seen(tmp_path / "former")])
    assert found.level == "warning"
    assert str(tmp_path / "former") in found.said


def test_containers_with_other_secrets_are_named_with_what_mends_it(tmp_path: Path) -> None:
    found = drift.secrets_are_known(LABELS, [seen(tmp_path, secrets="old")])
    assert found.level == "warning"
    assert "genepool-redis-1" in found.said
    assert "make up" in found.remedy


def test_containers_with_these_secrets_or_of_services_without_are_well(tmp_path: Path) -> None:
    there = [seen(tmp_path), seen(tmp_path, "", service="alertmanager"), seen(tmp_path, "x", service="gone")]
    assert drift.secrets_are_known(LABELS, there).level == "good"


def test_a_container_that_restarts_for_ever_is_named_with_its_last_words(tmp_path: Path) -> None:
    found = drift.none_restarts([seen(tmp_path, state="restarting")], lambda _: ["first", "no token"])
    assert found.level == "warning", "or `make up` could not mend it"
    assert "genepool-redis-1" in found.said
    assert found.remedy == "no token"
    assert drift.none_restarts([seen(tmp_path)], lambda _: []).level == "good"
