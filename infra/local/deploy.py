"""Deploys infra/template.yaml on an emulator, and prints what it made as JSON.

Reads one JSON object from standard input:
  endpoint    the emulator's address
  region      where the stack is to be
  stack       its name
  bootstraps  a folder with the functions' programs: intake, transcode, catalogue, notify and api
  parameters  the template's parameters, by name
  variables   more environment variables, for every function
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"


def main() -> None:
    asked = json.load(sys.stdin)
    stack, region = asked["stack"], asked["region"]
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=region)

    def client(service):
        config = Config(retries={"max_attempts": 1}, read_timeout=120, s3={"addressing_style": "path"})
        return session.client(service, endpoint_url=asked["endpoint"], config=config)

    template = yaml_parse(TEMPLATE.read_text())
    template["Globals"]["Function"]["Environment"]["Variables"].update(asked.get("variables") or {})

    s3, bucket = client("s3"), f"{stack}-packages"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    functions = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        program = Path(resource["Properties"]["CodeUri"]).name
        key = f"{program}.zip"
        s3.put_object(Bucket=bucket, Key=key, Body=package(Path(asked["bootstraps"]), program))
        resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
        functions[program] = name

    parameters = {"Emulated": "true", "RetainRecords": "false", **(asked.get("parameters") or {})}
    # By address: CloudFormation takes no more than 51,200 bytes of template in the call itself.
    s3.put_object(Bucket=bucket, Key="template.json", Body=json.dumps(template).encode())
    cloudformation = client("cloudformation")
    try:
        cloudformation.create_stack(
            StackName=stack,
            TemplateURL=f"{asked['endpoint']}/{bucket}/template.json",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        waiter = cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=stack, WaiterConfig={"Delay": 0.2, "MaxAttempts": 600})
    except (ClientError, WaiterError) as error:
        sys.exit(f"{stack} was not deployed: {error}\n{what_failed(cloudformation, stack)}")

    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    json.dump({"outputs": outputs, "functions": {program: names[name] for program, name in functions.items()}}, sys.stdout)


def package(bootstraps: Path, program: str) -> bytes:
    """A function's package. Not compressed: it goes no further than this machine."""
    path = bootstraps / program
    if path.is_dir():
        path = path / "bootstrap"
    if not path.is_file():
        sys.exit(f"{path} is not there: build the functions' programs first")
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, path.read_bytes())
    return into.getvalue()


def what_failed(cloudformation, stack: str) -> str:
    try:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    except ClientError:
        return ""
    failed = (event for event in events if event["ResourceStatus"].endswith("FAILED"))
    return "\n".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed)


if __name__ == "__main__":
    main()
