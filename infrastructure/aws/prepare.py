"""Make what cluster.yaml names but does not make: a security group and the head's narrow role.

``python infrastructure/aws/prepare.py --ssh-from 203.0.113.7/32 --image IMAGE > genepool-aws.yaml``
prints the cluster file, filled in. Running it again changes nothing that is there.
"""

import ipaddress
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

_HERE = Path(__file__).resolve().parent
GROUP = "genepool"
PROFILE = "genepool-head"
_PLACEHOLDERS = {
    "group": "sg-00000000000000000",
    "image": "genepool-aws:0.1.0",
    "region": "us-east-1  # filled in",
}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def main(
    ssh_from: Annotated[str, typer.Option(help="The one network that may log in, such as 203.0.113.7/32.")],
    image: Annotated[str, typer.Option(help="The image, where AWS can pull it from.")],
    region: Annotated[str, typer.Option(help="AWS region.")] = "us-east-1",
) -> None:
    """Make the security group and the role, and print the cluster file."""
    try:
        network = ipaddress.ip_network(ssh_from)
    except ValueError as error:
        raise typer.BadParameter(
            f"{ssh_from!r} is not a network: {error}", param_hint="--ssh-from"
        ) from error
    if network.prefixlen == 0:
        raise typer.BadParameter("that is the whole world; name your own address", param_hint="--ssh-from")
    try:
        group = security_group(boto3.client("ec2", region_name=region), str(network))
        head_profile(boto3.client("iam", region_name=region))
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"AWS refused: {error}\n")
        raise typer.Exit(4) from error
    sys.stdout.write(filled((_HERE / "cluster.yaml").read_text(), group=group, image=image, region=region))


def security_group(ec2: Any, ssh_from: str) -> str:  # noqa: ANN401 - boto3 makes its classes at run time
    """Return the identity of the group, made in the default network unless it is there.

    Nodes reach each other on every port; from outside only SSH is open, and only to one network.
    """
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    names = [{"Name": "group-name", "Values": [GROUP]}, {"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    if found := ec2.describe_security_groups(Filters=names)["SecurityGroups"]:
        return str(found[0]["GroupId"])
    made = ec2.create_security_group(GroupName=GROUP, Description="GenePool cluster", VpcId=vpc["VpcId"])
    identity = str(made["GroupId"])
    among_us = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": identity}]}
    kind = "Ipv6Ranges" if ":" in ssh_from else "IpRanges"
    cidr = "CidrIpv6" if ":" in ssh_from else "CidrIp"
    login = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, kind: [{cidr: ssh_from}]}
    ec2.authorize_security_group_ingress(GroupId=identity, IpPermissions=[among_us, login])
    return identity


def head_profile(iam: Any) -> None:  # noqa: ANN401 - as above
    """Make the instance profile that lets the head start and stop workers, unless it is there."""
    try:
        iam.get_instance_profile(InstanceProfileName=PROFILE)
    except iam.exceptions.NoSuchEntityException:
        iam.create_role(RoleName=PROFILE, AssumeRolePolicyDocument=json.dumps(_TRUST))
        policy = (_HERE / "head-policy.json").read_text()
        iam.put_role_policy(RoleName=PROFILE, PolicyName=PROFILE, PolicyDocument=policy)
        iam.create_instance_profile(InstanceProfileName=PROFILE)
        iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=PROFILE)


def filled(text: str, **values: str) -> str:
    """Return the cluster file with its placeholders replaced."""
    for name, value in values.items():
        text = text.replace(_PLACEHOLDERS[name], value)
    return text


if __name__ == "__main__":
    typer.run(main)
