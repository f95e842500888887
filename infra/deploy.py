"""Deploys infra/template.yaml into an AWS account: `make deploy`. docs/deploy.md explains each step.

The functions' packages come from `make package`. Credentials are found as every AWS tool finds them (AWS_PROFILE, SSO, …).
"""

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from samtranslator.yaml_helper import yaml_parse

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "template.yaml"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


class NotDeployed(Exception):
    """Why, in words for a person."""


def main() -> None:
    given = options().parse_args()
    parameters = dict(each.split("=", 1) for each in given.parameter)
    try:
        session = boto3.Session(region_name=given.region)
        deployer = Deployer(session.client, session.region_name, given.stack)
        print(f"Account {deployer.account}, region {deployer.region}, stack {given.stack}")
        if deployer.failed_at_first():
            confirm(given, "Its first deployment failed. Remove what is left of it, and begin again?")
            deployer.clear()
        changes = deployer.prepare(read_template(), packages(Path(given.packages)), parameters)
        if changes is None:
            print("It is deployed as it is: nothing changes.")
        else:
            print("\n".join(changes))
            confirm(given, "Make these changes?", otherwise=deployer.discard)
            deployer.execute(say=print)
        described = deployer.described()
    except (NotDeployed, BotoCoreError, ClientError) as error:
        sys.exit(f"Not deployed: {error}")
    Path(given.outputs).write_text(json.dumps({"Stacks": [described]}, default=str, indent=2) + "\n")


def confirm(given, question: str, otherwise=lambda: None) -> None:
    if not given.yes and input(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
        otherwise()
        sys.exit("Nothing was changed.")


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stack", default="lacquer", help="the deployment's name, in lower case: buckets are named by it")
    parser.add_argument("--region", help="where, else where the AWS tools are set to")
    parser.add_argument("--packages", default=str(HERE.parent / "target/lambda"), help="what `make package` made")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="one of the template's; others stay as they are")
    parser.add_argument("--outputs", required=True, metavar="FILE", help="where to write what CloudFormation says of the stack")
    parser.add_argument("--yes", action="store_true", help="make the changes without asking")
    return parser


def read_template() -> dict:
    return yaml_parse(TEMPLATE.read_text())


def programs(template: dict) -> dict[str, str]:
    """The functions' programs, by the function's logical id."""
    functions = {name: each for name, each in template["Resources"].items() if each["Type"] == "AWS::Serverless::Function"}
    return {name: Path(each["Properties"]["CodeUri"]).parent.name for name, each in functions.items()}


def packages(folder: Path) -> dict[str, bytes]:
    """The functions' packages, by program."""
    found = {}
    for program in programs(read_template()).values():
        path = folder / program / "bootstrap.zip"
        if not path.is_file():
            raise NotDeployed(f"{path} is not there: run `make package` first")
        found[program] = path.read_bytes()
    return found


class Deployer:
    """A stack, and the bucket that CloudFormation takes its packages from. `pause` is between two looks at what goes on."""

    def __init__(self, client, region: str, stack: str, pause: float = 3.0):
        self.s3, self.cloudformation = client("s3"), client("cloudformation")
        self.account = client("sts").get_caller_identity()["Account"]
        self.region, self.stack, self.pause = region, stack, pause
        self.bucket = f"{stack}-packages-{self.account}-{region}"
        self.change_set = None

    def prepare(self, template: dict, packages: dict[str, bytes], parameters: dict[str, str]) -> list[str] | None:
        """Uploads the packages, and asks CloudFormation what would change: a line a resource, or None if nothing would."""
        self.make_bucket()
        for function, program in programs(template).items():
            key = f"{program}/{hashlib.sha256(packages[program]).hexdigest()}.zip"
            self.upload(key, packages[program])
            template["Resources"][function]["Properties"]["CodeUri"] = {"Bucket": self.bucket, "Key": key}
        body = json.dumps(template).encode()
        key = f"template/{hashlib.sha256(body).hexdigest()}.json"
        self.upload(key, body)

        existing = self.existing()
        known = {each["ParameterKey"] for each in (existing or {}).get("Parameters", [])}
        wrong = set(parameters) - set(template["Parameters"])
        if wrong:
            raise NotDeployed(f"the template has no parameter {', '.join(sorted(wrong))}")
        kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in known & set(template["Parameters"]) - set(parameters)]
        asked = self.cloudformation.create_change_set(
            StackName=self.stack,
            ChangeSetName=f"deploy-{int(time.time())}",
            ChangeSetType="UPDATE" if existing else "CREATE",
            # By address: CloudFormation takes no more than 51,200 bytes of template in the call itself.
            TemplateURL=self.address(key),
            Capabilities=CAPABILITIES,
            Parameters=kept + [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        )
        self.change_set = asked["Id"]
        while True:
            described = self.cloudformation.describe_change_set(ChangeSetName=self.change_set, StackName=self.stack)
            if described["Status"] == "FAILED":
                reason = described.get("StatusReason", "")
                self.discard()
                if "didn't contain changes" in reason or "No updates are to be performed" in reason:
                    return None
                raise NotDeployed(reason)
            if described["Status"] == "CREATE_COMPLETE":
                return [line(each["ResourceChange"]) for each in described.get("Changes", [])]
            time.sleep(self.pause)

    def discard(self) -> None:
        self.cloudformation.delete_change_set(ChangeSetName=self.change_set, StackName=self.stack)

    def execute(self, say=lambda line: None) -> None:
        """Makes the changes, and says each event as it comes."""
        seen = {event["EventId"] for event in self.events()}
        self.cloudformation.execute_change_set(ChangeSetName=self.change_set, StackName=self.stack)
        failures = []
        while True:
            status = self.described()["StackStatus"]
            for event in reversed(self.events()):
                if event["EventId"] in seen:
                    continue
                seen.add(event["EventId"])
                reason = event.get("ResourceStatusReason", "")
                say(f"{event['ResourceStatus']:<28} {event['LogicalResourceId']}  {reason}".rstrip())
                # What was given up because of another failure says nothing of its own.
                if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
                    failures.append(f"{event['LogicalResourceId']}: {reason}")
            if not status.endswith("IN_PROGRESS"):
                break
            time.sleep(self.pause)
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise NotDeployed("\n".join([f"the stack is {status}", *failures]))

    def described(self) -> dict:
        [stack] = self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"]
        return stack

    def resources(self) -> dict[str, str]:
        """Names by logical id."""
        pages = self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.stack)
        found = (each for page in pages for each in page["StackResourceSummaries"])
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}

    def existing(self) -> dict | None:
        try:
            found = self.described()
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        # A stack whose first change set was never made exists, and holds nothing.
        return None if found["StackStatus"] == "REVIEW_IN_PROGRESS" else found

    def failed_at_first(self) -> bool:
        """Whether all there is of the stack is what a first deployment left that failed: CloudFormation changes no such stack."""
        existing = self.existing()
        return existing is not None and existing["StackStatus"] in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")

    def clear(self) -> None:
        """Removes such a stack."""
        stack = self.described()["StackId"]
        self.cloudformation.delete_stack(StackName=stack)
        while True:
            # By its id, by which a stack is found that is gone.
            [found] = self.cloudformation.describe_stacks(StackName=stack)["Stacks"]
            if found["StackStatus"] == "DELETE_COMPLETE":
                return
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                reason = found.get("StackStatusReason", found["StackStatus"])
                raise NotDeployed(
                    f"what is left of the first deployment cannot be removed: {reason}. Delete the stack {self.stack} in CloudFormation's "
                    "console, which says what is in the way, and run this again"
                )
            time.sleep(self.pause)

    def events(self) -> list[dict]:
        try:
            return self.cloudformation.describe_stack_events(StackName=self.stack)["StackEvents"]
        except ClientError:
            return []

    def make_bucket(self) -> None:
        try:
            self.s3.head_bucket(Bucket=self.bucket)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise
        # The one region that must not be named.
        where = {} if self.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        self.s3.create_bucket(Bucket=self.bucket, **where)
        blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        self.s3.put_public_access_block(Bucket=self.bucket, PublicAccessBlockConfiguration=dict.fromkeys(blocked, True))
        # Without an expiry: where an update fails, CloudFormation puts the older version's packages back, however old they are.

    def upload(self, key: str, body: bytes) -> None:
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def address(self, key: str) -> str:
        base = self.s3.meta.endpoint_url
        if base.endswith("amazonaws.com"):
            return f"https://{self.bucket}.s3.{self.region}.amazonaws.com/{key}"
        return f"{base}/{self.bucket}/{key}"


def line(change: dict) -> str:
    replaced = " (is made anew: what it holds stays behind)" if change.get("Replacement") == "True" else ""
    return f"{change['Action']:<8} {change['LogicalResourceId']:<28} {change['ResourceType']}{replaced}"


if __name__ == "__main__":
    main()
