"""The files for AWS, tried with Ray's own validator and provider on a stand-in for EC2 and IAM."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import jsonschema
import pytest
import yaml
from moto import mock_aws
from typer.testing import CliRunner

ray = pytest.importorskip("ray", reason="needs the extra `ray`")

from ray.autoscaler._private.aws.config import bootstrap_aws  # noqa: E402 - only where Ray is there
from ray.autoscaler._private.aws.node_provider import AWSNodeProvider  # noqa: E402 - as above
from ray.autoscaler._private.util import prepare_config, validate_config  # noqa: E402 - as above

from infrastructure.aws import prepare  # noqa: E402 - as above

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "infrastructure/aws"
REGION = "us-east-1"
OFFICE = "203.0.113.7/32"

pytestmark = [
    # moto and boto3 measure time the old way.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def cluster() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / "cluster.yaml").read_text())
    return loaded


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


def test_rays_own_validator_accepts_the_cluster(cluster: dict[str, Any]) -> None:
    validate_config(prepare_config(cluster))


@pytest.mark.parametrize("where", ["max_workrs", "provider.security_group.GroupNam", "docker.imgae"])
def test_rays_own_validator_rejects_a_mistyped_key(cluster: dict[str, Any], where: str) -> None:
    *path, name = where.split(".")
    place = cluster
    for part in path:
        place = place.setdefault(part, {})
    place[name] = "x"
    with pytest.raises(jsonschema.ValidationError):
        validate_config(prepare_config(cluster))


def test_a_head_that_is_no_node_type_is_rejected(cluster: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError), match="head"):
        validate_config(prepare_config(cluster | {"head_node_type": "heads"}))


def test_the_head_is_on_demand_and_evaluates_nothing(cluster: dict[str, Any]) -> None:
    head = cluster["available_node_types"][cluster["head_node_type"]]
    assert head["resources"] == {"CPU": 0}
    assert "InstanceMarketOptions" not in head["node_config"]
    assert "--num-cpus=0" in cluster["head_start_ray_commands"][1]


def test_the_workers_are_spot_machines_of_two_kinds_between_2_and_8(cluster: dict[str, Any]) -> None:
    workers = {name: kind for name, kind in cluster["available_node_types"].items() if name != "head"}
    assert set(workers) == {"cpu", "memory"}
    assert sum(kind["min_workers"] for kind in workers.values()) == 2
    assert cluster["max_workers"] == 8
    for name, kind in workers.items():
        assert kind["node_config"]["InstanceMarketOptions"] == {"MarketType": "spot"}
        assert kind["resources"] == {"CPU": 8, f"{name}_optimized": 8}
        assert kind["labels"] == {"genepool.io/kind": name}


def test_the_head_keeps_a_coordinator_and_the_autoscaler_at_work(cluster: dict[str, Any]) -> None:
    told = cluster["docker"]["head_run_options"]
    assert {"--env=GENEPOOL_RAY_ADDRESS=auto", "--env=GENEPOOL_SERVICE_URL=http://127.0.0.1:8000"} <= set(
        told
    )
    last = cluster["head_start_ray_commands"][-1].split()
    lead = last.index("/app/infrastructure/core/lead.sh")
    assert last[:lead] == ["setsid", "nohup", "bash"]
    least = sum(kind.get("min_workers", 0) for kind in cluster["available_node_types"].values())
    assert last[lead + 1 : lead + 3] == [str(least), str(cluster["max_workers"])]


def test_every_node_shows_the_token_and_has_a_fixed_metrics_port(cluster: dict[str, Any]) -> None:
    options = cluster["docker"]["run_options"]
    assert "--env=RAY_AUTH_MODE=token" in options
    (mounted,) = cluster["file_mounts"]
    assert f"--env=RAY_AUTH_TOKEN_PATH={mounted}" in options
    for role in ("head", "worker"):
        assert "--metrics-export-port=8080" in cluster[f"{role}_start_ray_commands"][1]


def test_the_shared_memory_exceeds_the_object_store(cluster: dict[str, Any]) -> None:
    shm = next(option for option in cluster["docker"]["run_options"] if option.startswith("--shm-size="))
    assert shm == "--shm-size=2200m"
    for role in ("head", "worker"):
        assert "--object-store-memory=2000000000" in cluster[f"{role}_start_ray_commands"][1]


def test_every_ray_setting_is_that_of_the_compose_file(cluster: dict[str, Any]) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["x-ray-environment"]
    here = dict(
        option.removeprefix("--env=").split("=", 1)
        for option in cluster["docker"]["run_options"]
        if option.startswith("--env=RAY_")
    )
    del here["RAY_AUTH_TOKEN_PATH"]
    assert here == {name: compose[name] for name in here}


def test_the_head_may_only_stop_machines_of_its_own_cluster() -> None:
    policy = json.loads((HERE / "head-policy.json").read_text())
    by_action = {
        action: statement
        for statement in policy["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert "*" not in "".join(by_action)
    assert by_action["ec2:TerminateInstances"]["Condition"] == {
        "StringEquals": {"aws:ResourceTag/ray-cluster-name": "genepool"}
    }


@pytest.mark.usefixtures("aws")
def test_preparing_makes_a_group_that_only_the_office_can_log_in_to_and_twice_changes_nothing() -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    group = prepare.security_group(ec2, OFFICE)
    assert prepare.security_group(ec2, OFFICE) == group
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    from_outside = [rule for rule in found["IpPermissions"] if rule["IpRanges"]]
    assert [(rule["FromPort"], rule["ToPort"]) for rule in from_outside] == [(22, 22)]
    assert from_outside[0]["IpRanges"] == [{"CidrIp": OFFICE}]
    among_us = [rule for rule in found["IpPermissions"] if rule["UserIdGroupPairs"]]
    assert [pair["GroupId"] for rule in among_us for pair in rule["UserIdGroupPairs"]] == [group]


@pytest.mark.usefixtures("aws")
def test_preparing_prints_a_cluster_file_without_placeholders_left() -> None:
    done = CliRunner().invoke(
        _app(), ["--ssh-from", OFFICE, "--image", "registry.example/genepool-aws:1", "--region", "eu-west-1"]
    )
    assert done.exit_code == 0, done.output
    printed = yaml.safe_load(done.stdout)
    validate_config(prepare_config(copy.deepcopy(printed)))
    assert printed["docker"]["image"] == "registry.example/genepool-aws:1"
    assert printed["provider"]["region"] == "eu-west-1"
    assert "sg-00000000000000000" not in done.stdout
    profile = boto3.client("iam").get_instance_profile(InstanceProfileName=prepare.PROFILE)
    assert [role["RoleName"] for role in profile["InstanceProfile"]["Roles"]] == [prepare.PROFILE]


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "203.0.113.7/8", "office"])
def test_a_network_that_is_none_or_the_whole_world_is_refused(network: str) -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "prepare.py"), "--ssh-from", network, "--image", "x"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--ssh-from" in done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("aws")
def test_rays_own_provider_starts_tagged_spot_machines_in_our_group(cluster: dict[str, Any]) -> None:
    group = prepare.security_group(boto3.client("ec2", region_name=REGION), OFFICE)
    prepare.head_profile(boto3.client("iam", region_name=REGION))
    text = prepare.filled((HERE / "cluster.yaml").read_text(), group=group)
    # The stand-in knows no published parameters, so it gets an image of its own.
    image = boto3.client("ec2", region_name=REGION).describe_images()["Images"][0]["ImageId"]
    wanted = cluster["available_node_types"]["cpu"]["node_config"]["ImageId"]
    prepared = prepare_config(yaml.safe_load(text.replace(wanted, image)))
    config = bootstrap_aws(prepared)  # type: ignore[no-untyped-call]

    provider = AWSNodeProvider(  # type: ignore[no-untyped-call]
        config["provider"], config["cluster_name"]
    )
    for kind in ("cpu", "memory"):
        node_config = config["available_node_types"][kind]["node_config"]
        provider.create_node(node_config, {"ray-user-node-type": kind, "ray-node-kind": "worker"}, 1)

    started = [
        machine
        for reservation in boto3.client("ec2", region_name=REGION).describe_instances()["Reservations"]
        for machine in reservation["Instances"]
    ]
    assert sorted(machine["InstanceType"] for machine in started) == ["c7i.2xlarge", "r7i.2xlarge"]
    for machine in started:
        tags = {tag["Key"]: tag["Value"] for tag in machine["Tags"]}
        assert tags["ray-cluster-name"] == "genepool"
        assert machine["InstanceLifecycle"] == "spot"
        assert [each["GroupId"] for each in machine["SecurityGroups"]] == [group]
        assert "IamInstanceProfile" not in machine
    groups = boto3.client("ec2", region_name=REGION).describe_security_groups()["SecurityGroups"]
    assert not [each["GroupName"] for each in groups if each["GroupName"].startswith("ray-")]


def _app() -> Any:  # noqa: ANN401 - typer's application
    import typer  # noqa: PLC0415 - only this test needs it

    app = typer.Typer()
    app.command()(prepare.main)
    return app
