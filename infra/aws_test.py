"""Tries in a real account what no emulator can show, on a stack that scripts/test-aws deploys and removes again.

  aws_test.py try --stack NAME [--region REGION]
  aws_test.py remove --stack NAME [--region REGION]

docs/testing.md says which claim each check is for. The account that the AWS tools are set to needs rights to make users in the stack's pool.
"""

import argparse
import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path

import boto3
from awscrt import checksums
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

ROOT = Path(__file__).resolve().parent.parent
LABEL = "nocturne"
MIB = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["try", "remove"])
    parser.add_argument("--stack", required=True)
    parser.add_argument("--region")
    given = parser.parse_args()
    # The older way asks again, for many seconds, what was refused on purpose.
    os.environ.setdefault("AWS_RETRY_MODE", "standard")
    session = boto3.Session(region_name=given.region)
    if given.what == "remove":
        remove(session, given.stack)
        return
    failed = Trial(session, given.stack).run()
    if failed:
        sys.exit(f"{len(failed)} checks failed")


class Trial:
    """The checks, each a method whose name begins with `check_`; its docstring is what it says."""

    def __init__(self, session, stack: str):
        self.session, self.stack = session, stack
        [described] = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        self.out = {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}
        self.pool = session.client("cognito-idp")
        self.client = self.let_in_by_password()
        self.token = self.person("staff")
        self.staff = self.session_of(self.token)

    def run(self, say=print) -> dict[str, Exception]:
        """Tries them all, whatever becomes of one: why each failed, by name."""
        failed = {}
        for name in [name for name in dir(self) if name.startswith("check_")]:
            check = getattr(self, name)
            try:
                check()
                say(f"ok      {name}: {check.__doc__}")
            except Exception as error:  # also a slip of this script's own, which is to spoil one check and not the rest
                failed[name] = error
                what = error if isinstance(error, (AssertionError, ClientError)) else repr(error)
                say(f"FAILED  {name}: {check.__doc__}: {what}")
        return failed

    # ── Who asks ──

    def let_in_by_password(self) -> str:
        """A second client of the pool, which takes passwords from administrators: nobody sits here to use the sign-in pages."""
        made = self.pool.create_user_pool_client(
            UserPoolId=self.out["UserPool"],
            ClientName="test",
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
            ReadAttributes=["email", "custom:label_id"],
            WriteAttributes=["email"],
        )
        client = made["UserPoolClient"]["ClientId"]
        identity, provider = self.session.client("cognito-identity"), self.provider()
        pool = identity.describe_identity_pool(IdentityPoolId=self.out["IdentityPool"])
        providers = pool["CognitoIdentityProviders"] + [{"ProviderName": provider, "ClientId": client, "ServerSideTokenCheck": True}]
        identity.update_identity_pool(
            IdentityPoolId=self.out["IdentityPool"],
            IdentityPoolName=pool["IdentityPoolName"],
            AllowUnauthenticatedIdentities=False,
            AllowClassicFlow=False,
            CognitoIdentityProviders=providers,
        )
        roles = identity.get_identity_pool_roles(IdentityPoolId=self.out["IdentityPool"])
        # More than one where it was tried before.
        mapping, *_ = roles["RoleMappings"].values()
        roles["RoleMappings"][f"{provider}:{client}"] = mapping
        identity.set_identity_pool_roles(IdentityPoolId=self.out["IdentityPool"], Roles=roles["Roles"], RoleMappings=roles["RoleMappings"])
        return client

    def provider(self) -> str:
        return f"cognito-idp.{self.session.region_name}.amazonaws.com/{self.out['UserPool']}"

    def person(self, group: str) -> str:
        """Somebody new of the label and a group: their ID token."""
        name, password = f"{group}-{secrets.token_hex(4)}@example.com", f"Aa1-{secrets.token_urlsafe(18)}"
        pool = {"UserPoolId": self.out["UserPool"]}
        attributes = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}, {"Name": "custom:label_id", "Value": LABEL}]
        self.pool.admin_create_user(**pool, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS")
        self.pool.admin_set_user_password(**pool, Username=name, Password=password, Permanent=True)
        self.pool.admin_add_user_to_group(**pool, Username=name, GroupName=group)
        signed_in = self.pool.admin_initiate_auth(
            **pool, ClientId=self.client, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": password}
        )
        self.access_token = signed_in["AuthenticationResult"]["AccessToken"]
        return signed_in["AuthenticationResult"]["IdToken"]

    def session_of(self, token: str):
        identity = self.session.client("cognito-identity", config=Config(signature_version=UNSIGNED))
        logins = {self.provider(): token}
        person = identity.get_id(IdentityPoolId=self.out["IdentityPool"], Logins=logins)["IdentityId"]
        given = identity.get_credentials_for_identity(IdentityId=person, Logins=logins)["Credentials"]
        return boto3.Session(given["AccessKeyId"], given["SecretKey"], given["SessionToken"], self.session.region_name)

    def answers(self, expected: int, path: str, token: str | None = None) -> None:
        """Whether the API answers so."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        base = self.out["ApiUrl"]
        if "://" not in base:
            # Of an emulator the template gives the id, and the emulator has its own way to it.
            base = f"{self.pool.meta.endpoint_url}/_aws/execute-api/{base}/$default"
        request = urllib.request.Request(base + path, headers=headers)
        try:
            with urllib.request.urlopen(request) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status == expected, f"{path} is answered {status}, and {expected} was expected"

    # ── What is tried ──

    def key(self, label: str = LABEL) -> str:
        return f"{label}/assets/{secrets.token_hex(32)}.wav"

    def put(self, key: str, body: bytes = b"sound", **more):
        return self.staff.client("s3").put_object(Bucket=self.out["Masters"], Key=key, Body=body, IfNoneMatch="*", **more)

    def check_own_label(self):
        """staff write assets of their own label"""
        self.put(self.key())

    def check_other_label(self):
        """and of no other, be it of a similar name"""
        refused(lambda: self.put(self.key("aubade")))
        refused(lambda: self.put(self.key(f"{LABEL}-2")))

    def check_read_list_delete(self):
        """they read, list and delete nothing"""
        key, s3, bucket = self.key(), self.staff.client("s3"), {"Bucket": self.out["Masters"]}
        self.put(key)
        refused(lambda: s3.get_object(**bucket, Key=key))
        refused(lambda: s3.list_objects_v2(**bucket, Prefix=f"{LABEL}/"))
        refused(lambda: s3.list_multipart_uploads(**bucket))
        refused(lambda: s3.delete_object(**bucket, Key=key))

    def check_written_once(self):
        """nothing is written without asking that nothing be there, and nothing is written over"""
        key, s3 = self.key(), self.staff.client("s3")
        refused(lambda: s3.put_object(Bucket=self.out["Masters"], Key=key, Body=b"sound"))
        self.put(key)
        refused(lambda: self.put(key), "PreconditionFailed")

    def check_full_object_checksum(self):
        """S3 checks a whole object's CRC-64/NVME over its parts, and refuses a wrong one"""
        bodies = [secrets.token_bytes(5 * MIB), b"the rest"]
        right = checksums.crc64nvme(b"".join(bodies))
        refused(lambda: self.multipart(bodies, right ^ 1), "BadDigest")
        self.multipart(bodies, right)

    def multipart(self, bodies: list[bytes], whole: int):
        s3, at = self.staff.client("s3"), {"Bucket": self.out["Masters"], "Key": self.key()}
        kind = {"ChecksumAlgorithm": "CRC64NVME"}
        at["UploadId"] = s3.create_multipart_upload(**at, **kind, ChecksumType="FULL_OBJECT")["UploadId"]
        parts = []
        for number, body in enumerate(bodies, 1):
            checksum = encoded(checksums.crc64nvme(body))
            sent = s3.upload_part(**at, PartNumber=number, Body=body, ChecksumCRC64NVME=checksum)
            parts.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumCRC64NVME": checksum})
        s3.complete_multipart_upload(
            **at, MultipartUpload={"Parts": parts}, ChecksumCRC64NVME=encoded(whole), ChecksumType="FULL_OBJECT", IfNoneMatch="*"
        )

    def check_partner_part(self):
        """a partner's link takes a part without a checksum of its own, and no other length"""
        # By the bucket's own host: at the one of all regions, a bucket that is minutes old is elsewhere.
        addressing = Config(signature_version="s3v4", request_checksum_calculation="when_required", s3={"addressing_style": "virtual"})
        s3 = self.session.client("s3", config=addressing)
        body, at = b"sound", {"Bucket": self.out["Masters"], "Key": self.key()}
        at["UploadId"] = s3.create_multipart_upload(**at, ChecksumAlgorithm="CRC64NVME", ChecksumType="FULL_OBJECT")["UploadId"]
        link = s3.generate_presigned_url("upload_part", Params={**at, "PartNumber": 1, "ContentLength": len(body)}, ExpiresIn=900)

        def send(what: bytes):
            with urllib.request.urlopen(urllib.request.Request(link, data=what, method="PUT")) as answer:
                return answer.headers["ETag"]

        try:
            send(body + b"!")
        except urllib.error.HTTPError as error:
            assert error.code == 403, f"another length is answered {error.code}"
        else:
            raise AssertionError("another length was taken")
        parts = [{"PartNumber": 1, "ETag": send(body)}]
        whole = {"ChecksumCRC64NVME": encoded(checksums.crc64nvme(body)), "ChecksumType": "FULL_OBJECT"}
        s3.complete_multipart_upload(**at, **whole, MultipartUpload={"Parts": parts}, IfNoneMatch="*")

    def check_tls(self):
        """nobody gets in without TLS"""
        s3 = self.staff.client("s3", use_ssl=False)
        refused(lambda: s3.put_object(Bucket=self.out["Masters"], Key=self.key(), Body=b"sound", IfNoneMatch="*"))

    def check_key(self):
        """the buckets' key is of use through S3 only"""
        made = self.session.client("cloudformation").describe_stack_resource(StackName=self.stack, LogicalResourceId="Key")
        key = made["StackResourceDetail"]["PhysicalResourceId"]
        refused(lambda: self.staff.client("kms").generate_data_key(KeyId=key, KeySpec="AES_256"), "AccessDeniedException")

    def check_artists(self):
        """artists get no session, and so put nothing into the bucket"""
        token = self.person("artist")
        # No rule of the identity pool is for their group, and it is told to deny then.
        refused(lambda: self.session_of(token), "NotAuthorizedException")

    def check_label_of_ones_own(self):
        """nobody changes their own label"""
        self.person("staff")
        change = {"Name": "custom:label_id", "Value": "aubade"}
        refused(lambda: self.pool.update_user_attributes(UserAttributes=[change], AccessToken=self.access_token), "NotAuthorizedException")

    def check_self_sign_up(self):
        """nobody invites themselves"""
        me = {"Username": "me@example.com", "Password": "Aa1-nobody-asked-me"}
        refused(lambda: self.pool.sign_up(ClientId=self.client, **me), "NotAuthorizedException")

    def check_gateway(self):
        """the API answers about its health, and to nobody whose token is not for the app"""
        self.answers(200, "/v1/health")
        self.answers(401, "/v1/me")
        # The test's own client is another audience than the app's.
        self.answers(401, "/v1/me", self.token)
        head, body, signature = self.token.split(".")
        self.answers(401, "/v1/me", f"{head}.{body}.{signature[::-1]}")

    def check_pipeline(self):
        """the demo album goes from the bucket to a release that waits for a decision or is live"""
        with tempfile.TemporaryDirectory() as folder:
            # A local workspace has the same objects under the same names, below its label's.
            deliver = [*lacquer_cli(), "deliver", "assets/demo-album", "--workspace", folder]
            subprocess.run(deliver, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            objects = Path(folder) / "masters" / "local"
            files = sorted((path for path in objects.rglob("*") if path.is_file()), key=lambda path: path.name.endswith(".delivery.json"))
            for path in files:
                self.put(f"{LABEL}/{path.relative_to(objects).as_posix()}", path.read_bytes(), ChecksumAlgorithm="CRC64NVME")
        release = files[-1].parent.parent.name
        until = time.time() + 600
        while (state := self.state(release)) not in ("in-review", "ready", "live"):
            assert state != "failed", "the release failed: see the functions' logs"
            assert time.time() < until, f"after ten minutes the release is {state}"
            time.sleep(5)

    def check_redrive(self):
        """the operator's redrive has SQS itself send dead letters again"""
        sqs, queue = self.session.client("sqs"), self.out["TranscodeDeadLetters"]
        sqs.send_message(QueueUrl=queue, MessageBody="{}")
        until = time.time() + 120
        # SQS counts what is there only in the end.
        while not (redriven := self.redriven("transcode"))["dead"]:
            assert time.time() < until, "a dead letter was expected after two minutes"
            time.sleep(5)
        # Whether it comes anywhere is not asked: what was put there by hand has no queue to go back to.
        assert redriven["under_way"], f"SQS was expected to be at it: {redriven}"

    def redriven(self, queue: str) -> dict:
        redrive = ["cloud", "redrive", "--queue", queue, "--stack", self.stack, "--region", self.session.region_name, "--json"]
        said = subprocess.run([*lacquer_cli(), *redrive], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        [done] = json.loads(said)["result"]["queues"]
        return done

    def state(self, release: str) -> str | None:
        """As the table has it: the API takes tokens of the app only."""
        key = {"pk": {"S": f"R#{LABEL}#{release}"}, "sk": {"S": "R"}}
        found = self.session.client("dynamodb").get_item(TableName=self.out["Table"], Key=key, ConsistentRead=True)
        return state_of(found["Item"]) if "Item" in found else None


def lacquer_cli() -> list[str]:
    """The program, built already or not."""
    built = os.environ.get("LACQUER_CLI")
    return [built] if built else ["cargo", "run", "--quiet", "-p", "lacquer-cli", "--"]


def state_of(item: dict) -> str:
    """Where a release stands, by its item: docs/table.md. The record is JSON, compressed by zlib."""
    assert item["format"]["N"] == "1", f"the record's format is {item['format']}"
    return json.loads(zlib.decompress(item["record"]["B"]))["state"]


def refused(attempt, code: str = "AccessDenied") -> None:
    try:
        attempt()
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, f"{code} was expected: {error}"
    else:
        raise AssertionError(f"it was done, and {code} was expected")


def encoded(crc: int) -> str:
    return base64.b64encode(crc.to_bytes(8, "big")).decode()


def remove(session, stack: str) -> None:
    """Empties the buckets, deletes the stack, and what it would leave behind: buckets, the table, pools, the key."""
    cloudformation, s3 = session.client("cloudformation"), session.resource("s3")
    account = session.client("sts").get_caller_identity()["Account"]
    left = {}
    try:
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
            for each in page["StackResourceSummaries"]:
                # What could not be made has none.
                if each.get("PhysicalResourceId"):
                    left.setdefault(each["ResourceType"], []).append(each["PhysicalResourceId"])
        cloudformation.delete_stack(StackName=stack)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)
    except (ClientError, WaiterError) as error:
        print(f"{stack}: {error}", file=sys.stderr)

    def try_to(doing) -> None:
        try:
            doing()
        except ClientError as error:
            print(error, file=sys.stderr)

    for name in left.get("AWS::S3::Bucket", []) + [f"{stack}-packages-{account}-{session.region_name}"]:
        bucket = s3.Bucket(name)
        try_to(lambda: (bucket.object_versions.delete(), bucket.delete()))
    for table in left.get("AWS::DynamoDB::Table", []):
        try_to(lambda: session.client("dynamodb").delete_table(TableName=table))
    for pool in left.get("AWS::Cognito::UserPool", []):
        try_to(lambda: session.client("cognito-idp").delete_user_pool(UserPoolId=pool))
    for key in left.get("AWS::KMS::Key", []):
        try_to(lambda: session.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7))


if __name__ == "__main__":
    main()
