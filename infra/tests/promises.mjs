// The template as CloudFormation would have it, and how promises of it are held.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { policies } from "./policies.mjs";

const crates = new URL("../../crates/", import.meta.url);
/** A source file of the program. */
export const source = (path) => readFileSync(new URL(path, crates), "utf8");

/** As it is by itself, and as who wants to hear of alarms and of costs has it. */
export const plain = policies();
export const watched = policies("OperatorEmail=ops@example.org", "MonthlyBudget=50");

export const FUNCTIONS = ["IntakeFunction", "TranscodeFunction", "CatalogueFunction", "NotifyFunction", "ApiFunction"];

export const ofType = (found, type) =>
  Object.entries(found.resources).filter(([, { Type, made }]) => made && Type === `AWS::${type}`);
export const properties = (found, name) => {
  assert.ok(found.resources[name]?.made, `there is a ${name}`);
  return found.resources[name].Properties;
};
export const named = (found, arn) => Object.keys(found.arns).find((name) => found.arns[name] === arn);
export const sources = (found) => ofType(found, "Lambda::EventSourceMapping").map(([, { Properties }]) => Properties);
/** The queues that a function is called by, by the function's logical id. */
export const queuesOfFunctions = (found) =>
  sources(found)
    .filter(({ EventSourceArn }) => EventSourceArn.startsWith("arn:aws:sqs:"))
    .map(({ EventSourceArn, FunctionName }) => ({
      queue: named(found, EventSourceArn),
      of: FUNCTIONS.find((name) => found.names[name] === FunctionName),
    }));

/**
 * Holds promises: functions by what they promise, which assert it of the template. Then breaks the template in every way that
 * `broken` has, each a name and a function that changes its resources, and sees that a promise fails.
 */
export function hold(promises, broken) {
  for (const [promise, held] of Object.entries(promises)) {
    test(promise, () => {
      held(plain);
      held(watched);
    });
  }

  test("whatever is broken is noticed", () => {
    const ways = [...broken(watched)];
    assert.ok(ways.length > 20);
    for (const [what, breaks] of ways) {
      const other = structuredClone(watched);
      breaks(other.resources);
      assert.notDeepEqual(other, watched, `${what}: nothing is broken`);
      assert.ok(Object.values(promises).some((held) => fails(held, other)), `${what} was not noticed`);
    }
  });
}

function fails(held, found) {
  try {
    held(found);
    return false;
  } catch {
    return true;
  }
}

/** Ways to break it: one resource of these types gone, each in turn. */
export function* gone(found, types) {
  for (const [name, { Type }] of Object.entries(found.resources)) {
    if (types.test(Type))
      yield [
        `${name} is gone`,
        (resources) => {
          delete resources[name];
        },
      ];
  }
}

/** A way to break the properties of one. */
export const of = (name, change) => (resources) => change(resources[name].Properties);
