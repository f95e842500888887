"""What can be held of infra/deploy.py without an account, beyond what the emulator shows: how it goes on after a failure."""

import sys
import unittest
from pathlib import Path

from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "infra"))

from deploy import Deployer, NotDeployed, programs, read_template  # noqa: E402


class Cloud:
    """CloudFormation with one stack, which its removal leads through some states, and buckets that hold all."""

    name = "lacquer"
    meta = type("Meta", (), {"endpoint_url": "https://s3.eu-west-1.amazonaws.com"})

    def __init__(self, *states: str):
        self.states, self.asked = list(states), []

    def __call__(self, _service: str) -> "Cloud":
        return self

    def get_caller_identity(self):
        return {"Account": "123456789012"}

    def head_bucket(self, **_):
        pass

    def head_object(self, **_):
        pass

    def describe_stacks(self, StackName):  # noqa: N803
        # One that is gone is found by its id alone.
        if not self.states or (self.states == ["DELETE_COMPLETE"] and StackName == self.name):
            raise ClientError({"Error": {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}}, "DescribeStacks")
        if len(self.states) > 1 and "delete" in self.asked:
            self.states.pop(0)
        return {"Stacks": [{"StackId": "arn:stack", "StackStatus": self.states[0], "Parameters": [{"ParameterKey": "Emulated"}]}]}

    def delete_stack(self, StackName):  # noqa: N803
        assert StackName == "arn:stack"
        self.asked.append("delete")

    def create_change_set(self, ChangeSetType, Parameters, **_):  # noqa: N803
        self.asked.append((ChangeSetType, len(Parameters)))
        return {"Id": "arn:changes"}

    def describe_change_set(self, **_):
        return {"Status": "CREATE_COMPLETE", "Changes": []}


def prepared(cloud: Cloud):
    template = read_template()
    deployer = Deployer(cloud, "eu-west-1", cloud.name, pause=0)
    if deployer.failed_at_first():
        deployer.clear()
    deployer.prepare(template, dict.fromkeys(programs(template).values(), b"program"), {})
    return cloud.asked


class AfterAFailure(unittest.TestCase):
    def test_what_a_first_deployment_left_is_removed_and_it_begins_again(self):
        for left in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
            asked = prepared(Cloud(left, "DELETE_IN_PROGRESS", "DELETE_COMPLETE"))
            self.assertEqual(asked, ["delete", ("CREATE", 0)], "and nothing of it is kept")

    def test_what_cannot_be_removed_is_said(self):
        cloud = Cloud("ROLLBACK_FAILED", "DELETE_IN_PROGRESS", "DELETE_FAILED")
        with self.assertRaisesRegex(NotDeployed, "cannot be removed: DELETE_FAILED. Delete the stack lacquer"):
            prepared(cloud)
        self.assertEqual(cloud.asked, ["delete"])

    def test_a_stack_that_stands_is_changed_and_keeps_its_parameters(self):
        for stands in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
            self.assertEqual(prepared(Cloud(stands)), [("UPDATE", 1)])

    def test_what_was_never_made_is_made(self):
        for empty in ((), ("REVIEW_IN_PROGRESS",)):
            self.assertEqual(prepared(Cloud(*empty)), [("CREATE", 0)])


class Failing(unittest.TestCase):
    def test_nothing_that_refuses_to_be_deleted_is_in_the_way_of_taking_a_first_deployment_back(self):
        for name, resource in read_template()["Resources"].items():
            refuses = resource.get("Properties", {}).get("DeletionProtectionEnabled", resource.get("Properties", {}).get("DeletionProtection"))
            if refuses:
                self.assertEqual(resource["DeletionPolicy"], "Retain", name)


if __name__ == "__main__":
    unittest.main()
