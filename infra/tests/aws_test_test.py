"""What can be held of infra/aws_test.py without an account: that it reads a record as the functions write it, and that one check
that goes wrong, in whatever way, keeps no other from being tried."""

import base64
import sys
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "infra"))

from aws_test import Trial, state_of  # noqa: E402

# A record as it lies in the table: crates/cloud/src/aws/table/tests/items.rs reads the same one.
PACKED = base64.b64decode((ROOT / "crates/cloud/src/aws/table/tests/record-1.base64").read_text())


class States(unittest.TestCase):
    def item(self, **other):
        return {"pk": {"S": "R#night-office#01M81J18G00000000000000001"}, "format": {"N": "1"}, "record": {"B": PACKED}, **other}

    def test_a_record_says_where_its_release_stands(self):
        self.assertEqual(state_of(self.item()), "live")

    def test_it_reads_the_format_that_is_written(self):
        self.assertIn("const FORMAT: u64 = 1;", (ROOT / "crates/cloud/src/aws/table/item.rs").read_text())

    def test_another_format_is_not_guessed_at(self):
        with self.assertRaisesRegex(AssertionError, "format"):
            state_of(self.item(format={"N": "2"}))

    def test_what_is_no_record_is_said(self):
        with self.assertRaises(zlib.error):
            state_of(self.item(record={"B": b"not packed"}))


class Runs(unittest.TestCase):
    def test_all_checks_are_tried_whatever_becomes_of_one(self):
        class Tried(Trial):
            def __init__(self):
                pass

        tried, said = [], []
        for number, name in enumerate(sorted(name for name in dir(Trial) if name.startswith("check_"))):

            def check(self, name=name, number=number):
                tried.append(name)
                if number == 0:
                    raise TypeError("Object of type Binary is not JSON serializable")
                assert number != 1, "it was done"

            check.__doc__ = f"{name} is said"
            setattr(Tried, name, check)
        failed = Tried().run(say=said.append)
        self.assertGreater(len(tried), 10)
        self.assertEqual(list(failed), tried[:2])
        self.assertEqual(said[0], f"FAILED  {tried[0]}: {tried[0]} is said: TypeError('Object of type Binary is not JSON serializable')")
        self.assertEqual(said[1], f"FAILED  {tried[1]}: {tried[1]} is said: it was done")
        self.assertEqual(said[2:], [f"ok      {name}: {name} is said" for name in tried[2:]])

    def test_every_check_says_what_it_is_and_is_named_by_the_documents(self):
        documents = (ROOT / "docs/testing.md").read_text()
        for name in dir(Trial):
            if name.startswith("check_"):
                self.assertTrue(getattr(Trial, name).__doc__, name)
                self.assertIn(f"`{name}`", documents)


if __name__ == "__main__":
    unittest.main()
