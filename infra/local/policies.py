"""Prints infra/template.yaml as JSON, as CloudFormation would have it: translated from SAM, and every reference resolved to a name
in account 111122223333 in eu-west-1. Policies stand by themselves:

  policies.py [PARAMETER=VALUE …]

  {"roles": {"IntakeRole": {"trust": …, "policies": [{"name": …, "policy": …}]}, …},
   "buckets": {"MastersBucket": policy, …}, "queues": {"IntakeQueue": policy, …}, "keys": {"Key": policy},
   "topics": {"OperatorTopic": policy}, "names": {"MastersBucket": "lacquer-masters-…", …},
   "arns": {"MastersBucket": "arn:aws:s3:::…", …}, "resources": {"MastersBucket": {"Type": …, "Properties": …, "made": true}, …}}

A resource is "made" where its condition holds. A parameter that is not given has its default.

A function of CloudFormation's that it does not know ends it: nothing is left out silently.
"""

import json
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"
ACCOUNT, REGION, STACK = "111122223333", "eu-west-1", "lacquer"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}


# What policies name.
NAMED = (
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Events::Rule",
)


class Resolver:
    def __init__(self, template: dict, given: dict[str, str]):
        self.resources = template["Resources"]
        if unknown := given.keys() - template["Parameters"].keys():
            sys.exit(f"the template has no parameter {', '.join(sorted(unknown))}")
        self.parameters = {name: given.get(name, each.get("Default", "")) for name, each in template["Parameters"].items()}
        self.conditions = template.get("Conditions", {})

    def name(self, logical: str) -> str:
        """What Ref gives of a resource that names itself, or a stand-in."""
        properties = self.resources[logical].get("Properties", {})
        for own in ("BucketName", "FunctionName", "LogGroupName", "QueueName", "TopicName"):
            if own in properties:
                return self.resolve(properties[own])
        return f"{STACK}-{logical}"

    def arn(self, logical: str) -> str:
        kind = self.resources[logical]["Type"]
        here, name = f"{REGION}:{ACCOUNT}", self.name(logical)
        arns = {
            "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{here}:{name}",
            "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{here}:table/{name}",
            "AWS::KMS::Key": f"arn:aws:kms:{here}:key/11111111-2222-3333-4444-555555555555",
            "AWS::Logs::LogGroup": f"arn:aws:logs:{here}:log-group:{name}:*",
            "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "AWS::Lambda::Function": f"arn:aws:lambda:{here}:function:{name}",
            "AWS::SNS::Topic": f"arn:aws:sns:{here}:{name}",
            "AWS::Events::Rule": f"arn:aws:events:{here}:rule/{name}",
        }
        if kind not in arns:
            sys.exit(f"{logical} is a {kind}: infra/local/policies.py does not know what its ARN looks like")
        return arns[kind]

    def reference(self, to: str):
        if to in PSEUDO:
            return PSEUDO[to]
        if to in self.parameters:
            return self.parameters[to]
        if self.resources[to]["Type"] == "AWS::SNS::Topic":
            return self.arn(to)
        return self.name(to)

    def attribute(self, of: str, name: str) -> str:
        if name in ("Arn", "TopicArn"):
            return self.arn(of)
        if name == "QueueName":
            return self.name(of)
        if name == "StreamArn":
            return f"{self.arn(of)}/stream/2026-01-01T00:00:00.000"
        return f"{of}.{name}"

    def substitute(self, text: str, own: dict) -> str:
        def one(found: re.Match) -> str:
            name = found.group(1)
            if name.startswith("!"):
                # A policy variable, which IAM resolves and not CloudFormation.
                return "${" + name[1:] + "}"
            if name in own:
                return str(self.resolve(own[name]))
            if "." in name:
                return self.attribute(*name.split(".", 1))
            return str(self.reference(name))

        return re.sub(r"\$\{([^}]+)\}", one, text)

    def holds(self, condition) -> bool:
        if isinstance(condition, str):
            return self.holds(self.conditions[condition])
        [(function, value)] = condition.items()
        match function:
            case "Fn::Equals":
                left, right = (self.resolve(each) for each in value)
                return str(left) == str(right)
            case "Fn::Not":
                return not self.holds(value[0])
            case "Fn::And":
                return all(self.holds(each) for each in value)
            case "Fn::Or":
                return any(self.holds(each) for each in value)
            case "Condition":
                return self.holds(value)
        sys.exit(f"{function} is a condition that infra/local/policies.py does not know")

    def resolve(self, value):
        if isinstance(value, list):
            return [each for each in map(self.resolve, value) if each is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(function, argument)] = value.items()
            match function:
                case "Ref":
                    return self.reference(argument)
                case "Fn::GetAtt":
                    of, name = argument.split(".", 1) if isinstance(argument, str) else argument
                    return self.attribute(of, name)
                case "Fn::Sub":
                    text, own = (argument, {}) if isinstance(argument, str) else argument
                    return self.substitute(text, own)
                case "Fn::Join":
                    return argument[0].join(str(each) for each in self.resolve(argument[1]))
                case "Fn::If":
                    return self.resolve(argument[1] if self.holds(argument[0]) else argument[2])
            if function.startswith("Fn::"):
                sys.exit(f"{function} is a function that infra/local/policies.py does not know")
        resolved = {key: self.resolve(each) for key, each in value.items()}
        return {key: each for key, each in resolved.items() if each is not None}


def main() -> None:
    # SAM's translator asks for one, and would look for a person's own.
    os.environ["AWS_DEFAULT_REGION"] = REGION
    source = yaml_parse(TEMPLATE.read_text())
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://packages/program.zip"
    template = transform(source, {}, SimpleNamespace(load=lambda: {}))
    resolver = Resolver(template, dict(each.split("=", 1) for each in sys.argv[1:]))
    found = {"roles": {}, "buckets": {}, "queues": {}, "topics": {}, "keys": {}, "names": {}, "arns": {}, "resources": {}}
    for logical, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        found["resources"][logical] = {
            "Type": resource["Type"],
            "Properties": resolver.resolve(properties),
            "made": "Condition" not in resource or resolver.holds(resource["Condition"]),
        }
        match resource["Type"]:
            case "AWS::IAM::Role":
                # AWS's own policies are not in the template: a role that takes one would be wider than what is tested.
                if properties.get("ManagedPolicyArns"):
                    sys.exit(f"{logical} takes a managed policy, which these tests cannot see")
                found["roles"][logical] = {
                    "trust": resolver.resolve(properties["AssumeRolePolicyDocument"]),
                    "policies": [
                        {"name": each["PolicyName"], "policy": resolver.resolve(each["PolicyDocument"])}
                        for each in properties.get("Policies", [])
                    ],
                }
            case "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::RolePolicy":
                sys.exit(f"{logical} is a policy beside the roles: infra/local/policies.py would not show it")
            case "AWS::S3::BucketPolicy":
                found["buckets"][properties["Bucket"]["Ref"]] = resolver.resolve(properties["PolicyDocument"])
            case "AWS::SQS::QueuePolicy":
                for queue in properties["Queues"]:
                    found["queues"][queue["Ref"]] = resolver.resolve(properties["PolicyDocument"])
            case "AWS::SNS::TopicPolicy":
                for topic in properties["Topics"]:
                    found["topics"][topic["Ref"]] = resolver.resolve(properties["PolicyDocument"])
            case "AWS::KMS::Key":
                found["keys"][logical] = resolver.resolve(properties["KeyPolicy"])
        if resource["Type"] in NAMED:
            found["names"][logical] = resolver.name(logical)
            found["arns"][logical] = resolver.arn(logical)
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
