"""Deploys infra/template.yaml on an emulator by the steps of infra/deploy.py, and prints what it made as JSON.

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
from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from deploy import Deployer, NotDeployed, programs, read_template  # noqa: E402


def main() -> None:
    asked = json.load(sys.stdin)
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=asked["region"])

    def client(service):
        config = Config(retries={"max_attempts": 1}, read_timeout=120, s3={"addressing_style": "path"})
        return session.client(service, endpoint_url=asked["endpoint"], config=config)

    template = read_template()
    template["Globals"]["Function"]["Environment"]["Variables"].update(asked.get("variables") or {})
    functions = programs(template)
    packages = {program: package(Path(asked["bootstraps"]), program) for program in functions.values()}
    # Two cores run what a region runs: a few processes of a function, not a hundred.
    parameters = {"Emulated": "true", "RetainRecords": "false", "TranscodeConcurrency": "4", **(asked.get("parameters") or {})}

    deployer = Deployer(client, asked["region"], asked["stack"], pause=0.1)
    try:
        deployer.prepare(template, packages, parameters)
        deployer.execute(say=lambda line: print(line, file=sys.stderr))
    except (NotDeployed, BotoCoreError, ClientError) as error:
        sys.exit(f"{asked['stack']} was not deployed: {error}")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in deployer.described()["Outputs"]}
    names = deployer.resources()
    json.dump({"outputs": outputs, "functions": {program: names[name] for name, program in functions.items()}}, sys.stdout)


def package(bootstraps: Path, program: str) -> bytes:
    """A function's package. Not compressed: it goes no further than this machine."""
    path = bootstraps / program
    if not path.is_file():
        sys.exit(f"{path} is not there: build the functions' programs first")
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        # The same bytes make the same package, whenever it is made.
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, path.read_bytes())
    return into.getvalue()


if __name__ == "__main__":
    main()
