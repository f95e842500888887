// That the template has itself watched: the schedule runs, what goes wrong is heard of, and what alarms and the dashboard are of
// is written by somebody.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

import { REGION } from "./policies.mjs";
import {
  FUNCTIONS,
  gone,
  hold,
  named,
  of,
  ofType,
  plain,
  properties,
  queuesOfFunctions,
  source,
  sources,
  watched,
} from "./promises.mjs";

/** What services write, and by which dimensions: the CloudWatch pages of their manuals. */
const METRICS = {
  "AWS/SQS": {
    names: ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"],
    by: { QueueName: (found) => ofType(found, "SQS::Queue").map(([name]) => found.names[name]) },
  },
  "AWS/Lambda": {
    names: ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions", "IteratorAge"],
    by: { FunctionName: (found) => FUNCTIONS.map((name) => found.names[name]) },
  },
  "AWS/ApiGateway": {
    names: ["Count", "4xx", "5xx", "Latency", "IntegrationLatency"],
    by: { ApiId: (found) => ofType(found, "ApiGatewayV2::Api").map(([name]) => `lacquer-${name}`) },
  },
  "AWS/DynamoDB": {
    names: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"],
    by: { TableName: (found) => ofType(found, "DynamoDB::Table").map(([name]) => found.names[name]) },
  },
  ...ours(),
};

/** What the functions write of themselves, as their source has it. */
function ours() {
  const [, namespace] = /"Namespace": "(\w+)"/.exec(source("cloud/src/functions/telemetry/metrics.rs"));
  const [, dimensions] = /"Dimensions": \[\[(.*)\]\]/.exec(source("cloud/src/functions/telemetry/metrics.rs"));
  const values = {
    Stack: () => ["lacquer"],
    // Whichever writes it: only the catalogue's function sweeps.
    Function: (found) => [found.names.CatalogueFunction],
  };
  const by = Object.fromEntries(JSON.parse(`[${dimensions}]`).map((name) => [name, values[name]]));
  const swept = source("cloud/src/functions/sweep.rs");
  const names = [...swept.matchAll(/figures::(?:note|count)\("(\w+)"/g)].map(([, name]) => name);
  return { [namespace]: { names, by } };
}

/** Sees that a metric is one that somebody writes, of something that is there. */
function isWritten(found, where, namespace, name, dimensions) {
  const known = METRICS[namespace];
  assert.ok(known?.names.includes(name), `${where}: nobody writes ${namespace} ${name}`);
  const by = Object.keys(known.by).sort();
  assert.deepEqual(Object.keys(dimensions).sort(), by, `${where}: ${name} is by other dimensions`);
  for (const [dimension, value] of Object.entries(dimensions))
    assert.ok(known.by[dimension](found).includes(value), `${where}: there is no ${dimension} ${value}`);
}

const alarms = (found) =>
  ofType(found, "CloudWatch::Alarm").map(([name, { Properties }]) => ({
    name,
    ...Properties,
    by: Object.fromEntries(Properties.Dimensions.map(({ Name, Value }) => [Name, Value])),
  }));
/** The one alarm of a metric. */
function alarm(found, metric, by) {
  const rings = alarms(found).filter((each) => each.MetricName === metric && Object.values(each.by).includes(by));
  assert.equal(rings.length, 1, `one alarm of ${metric} of ${by}`);
  return rings[0];
}
/** Whether it rings as soon as a value is above this. */
function ringsAbove(alarm, most, statistic) {
  assert.equal(alarm.ComparisonOperator, "GreaterThanThreshold", alarm.name);
  assert.equal(alarm.TreatMissingData, "notBreaching", `${alarm.name}: where nothing happens, nothing is wrong`);
  assert.equal(alarm.Statistic, statistic, alarm.name);
  assert.ok(alarm.Threshold <= most, `${alarm.name}: ${alarm.Threshold}`);
  assert.ok(alarm.Period * alarm.EvaluationPeriods <= 900, `${alarm.name} is heard within a quarter of an hour`);
}

/** A dashboard's line in full: "." is what stands there in the line before, and "..." all up to what is given. */
function inFull(line, before) {
  const short = line.filter((each) => typeof each === "string");
  if (short[0] === "...") return [...before.slice(0, before.length - (short.length - 1)), ...short.slice(1)];
  return short.map((each, at) => (each === "." ? before[at] : each));
}

const PROMISES = {
  "every minute, a rule wakes the catalogue's function, and may": (found) => {
    const rules = ofType(found, "Events::Rule");
    assert.deepEqual(
      rules.map(([, { Properties }]) => Properties.ScheduleExpression),
      ["rate(1 minute)"],
    );
    const [[name, { Properties: rule }]] = rules;
    assert.notEqual(rule.State, "DISABLED");
    const [target, ...others] = rule.Targets;
    assert.deepEqual(others, []);
    assert.equal(target.Arn, found.arns.CatalogueFunction);
    // The function knows a schedule's event by what EventBridge says in it: nothing else may stand in its place.
    for (const other of ["Input", "InputPath", "InputTransformer"]) assert.equal(target[other], undefined, other);
    // A call that was late would be made beside the next one.
    assert.equal(target.RetryPolicy.MaximumRetryAttempts, 0);
    const may = ofType(found, "Lambda::Permission").map(([, { Properties }]) => Properties);
    const events = may.filter(({ Principal }) => Principal === "events.amazonaws.com");
    assert.deepEqual(events, [
      {
        Action: "lambda:InvokeFunction",
        FunctionName: found.names.CatalogueFunction,
        Principal: "events.amazonaws.com",
        SourceArn: found.arns[name],
      },
    ]);
  },

  "what a queue or the stream gives up on ends in dead letters, and an alarm says so": (found) => {
    const ends = [
      ...queuesOfFunctions(found).map(({ queue }) => properties(found, queue).RedrivePolicy.deadLetterTargetArn),
      ...sources(found)
        .filter(({ EventSourceArn }) => EventSourceArn.includes("/stream/"))
        .map(({ DestinationConfig }) => DestinationConfig.OnFailure.Destination),
    ];
    assert.equal(new Set(ends).size, 4);
    for (const arn of ends) {
      const queue = named(found, arn);
      // A FIFO queue's are FIFO.
      const givesUpTo = ({ queue }) => properties(found, queue).RedrivePolicy.deadLetterTargetArn === arn;
      for (const from of queuesOfFunctions(found).filter(givesUpTo))
        assert.equal(properties(found, queue).FifoQueue, properties(found, from.queue).FifoQueue, queue);
      ringsAbove(alarm(found, "ApproximateNumberOfMessagesVisible", found.names[queue]), 0, "Maximum");
    }
  },

  "what waits too long is heard of: in queues and in the stream": (found) => {
    const queues = queuesOfFunctions(found);
    assert.deepEqual(queues.map(({ of }) => of).sort(), ["CatalogueFunction", "IntakeFunction", "TranscodeFunction"]);
    for (const { queue } of queues)
      ringsAbove(alarm(found, "ApproximateAgeOfOldestMessage", found.names[queue]), 7200, "Maximum");
    // In milliseconds. A stream keeps what it has for a day.
    ringsAbove(alarm(found, "IteratorAge", found.names.NotifyFunction), 3600_000, "Maximum");
  },

  "functions that fail or are held back are heard of, and an API that answers with errors": (found) => {
    for (const name of FUNCTIONS) {
      ringsAbove(alarm(found, "Errors", found.names[name]), 5, "Sum");
      ringsAbove(alarm(found, "Throttles", found.names[name]), 10, "Sum");
    }
    ringsAbove(alarm(found, "5xx", "lacquer-Api"), 5, "Sum");
  },

  "a stuck release is heard of, and a schedule that is silent": (found) => {
    const [stuck, silent, ...others] = alarms(found).filter(({ Namespace }) => Namespace === "Lacquer");
    assert.deepEqual(others, []);
    assert.equal(stuck.MetricName, "StuckReleases");
    ringsAbove(stuck, 0, "Maximum");
    // Every sweep writes it, be it 0, and nothing else does: so it is counted how often it was written. Calls of the function
    // would not do, which its queue makes as well.
    assert.equal(silent.MetricName, "StuckReleases");
    assert.equal(silent.Statistic, "SampleCount");
    assert.deepEqual([silent.ComparisonOperator, silent.Threshold], ["LessThanThreshold", 1]);
    assert.equal(silent.TreatMissingData, "breaching", "nothing at all is what it is about");
    assert.ok(silent.Period * silent.EvaluationPeriods <= 900);
  },

  "every alarm is of a metric that somebody writes, of something that is there, and tells the operator": (found) => {
    for (const { name, Namespace, MetricName, by, AlarmActions, AlarmDescription } of alarms(found)) {
      isWritten(found, name, Namespace, MetricName, by);
      assert.ok(AlarmDescription.length > 20, name);
      const heard = found.resources.OperatorTopic.made ? [found.arns.OperatorTopic] : undefined;
      assert.deepEqual(AlarmActions, heard, name);
    }
  },

  "every line of the dashboard is a metric that somebody writes, of something that is there": (found) => {
    const [[, { Properties }], ...others] = ofType(found, "CloudWatch::Dashboard");
    assert.deepEqual(others, []);
    const { widgets } = JSON.parse(Properties.DashboardBody);
    const shown = [];
    for (const { properties: widget } of widgets) {
      assert.equal(widget.region, REGION, widget.title);
      widget.metrics.reduce((before, line) => {
        const full = inFull(line, before);
        const [namespace, name, ...by] = full;
        assert.equal(by.length % 2, 0, `${widget.title}: ${line}`);
        const pairs = by.flatMap((each, at) => (at % 2 ? [] : [[each, by[at + 1]]]));
        isWritten(found, widget.title, namespace, name, Object.fromEntries(pairs));
        shown.push(`${name} ${pairs.map(([, value]) => value)}`);
        return full;
      }, []);
    }
    for (const [queue] of ofType(found, "SQS::Queue"))
      assert.ok(shown.includes(`ApproximateNumberOfMessagesVisible ${found.names[queue]}`), `${queue} is shown`);
    for (const name of FUNCTIONS) assert.ok(shown.includes(`Errors ${found.names[name]}`), `${name} is shown`);
    assert.ok(shown.includes(`StuckReleases lacquer,${found.names.CatalogueFunction}`));
  },
};

hold(PROMISES, broken);

test("alarms and a budget are for who asks for them", () => {
  assert.equal(plain.resources.Budget.made, false);
  assert.equal(plain.resources.OperatorTopic.made, false);
  const { Budget, NotificationsWithSubscribers } = properties(watched, "Budget");
  const { BudgetLimit, TimeUnit } = Budget;
  assert.deepEqual([Number(BudgetLimit.Amount), BudgetLimit.Unit, TimeUnit], [50, "USD", "MONTHLY"]);
  const told = NotificationsWithSubscribers.map(({ Notification, Subscribers }) => {
    assert.deepEqual(Subscribers, [{ SubscriptionType: "EMAIL", Address: "ops@example.org" }]);
    return `${Notification.NotificationType} ${Notification.Threshold}`;
  });
  assert.deepEqual(told, ["FORECASTED 80", "ACTUAL 100"]);
  const { Subscription } = properties(watched, "OperatorTopic");
  assert.deepEqual(Subscription, [{ Protocol: "email", Endpoint: "ops@example.org" }]);
});

test("only a sweep writes how many releases are stuck: the alarm of a silent schedule counts on it", () => {
  const files = readdirSync(new URL("../../crates/cloud/src/", import.meta.url), { recursive: true });
  const programs = files.filter((name) => name.endsWith(".rs"));
  const writing = programs.filter((name) => /figures::\w+\("StuckReleases"/.test(source(`cloud/src/${name}`)));
  assert.deepEqual(writing, ["functions/sweep.rs"]);
});

function* broken(found) {
  // The gateway's permission is tried by whoever asks the API anything.
  yield* [...gone(found, /^AWS::(CloudWatch|Events|Lambda::(Permission|EventSource)|SQS::Queue$)/)].filter(
    ([what]) => !what.startsWith("ApiPermission"),
  );
  for (const { name } of alarms(found)) {
    const alarm = (change) => (resources) => change(resources[name].Properties);
    yield [`${name} of another metric`, alarm((each) => (each.MetricName = "Other"))];
    yield [`${name} of something else`, alarm((each) => (each.Dimensions[0].Value = "elsewhere"))];
    yield [`${name} by another statistic`, alarm((each) => (each.Statistic = "Average"))];
    yield [`${name} the other way round`, alarm((each) => (each.TreatMissingData = "ignore"))];
    yield [`${name} tells nobody`, alarm((each) => delete each.AlarmActions)];
    yield [`${name} too late`, alarm((each) => (each.EvaluationPeriods = 60))];
  }
  const rule = (change) => of("CatalogueFunctionEveryMinute", change);
  yield ["every hour", rule((each) => (each.ScheduleExpression = "rate(1 hour)"))];
  yield ["the rule is off", rule((each) => (each.State = "DISABLED"))];
  yield ["the rule wakes another", rule((each) => (each.Targets[0].Arn = found.arns.ApiFunction))];
  yield ["the rule says something else", rule((each) => (each.Targets[0].Input = "{}"))];
  yield ["another rule may", of("CatalogueFunctionEveryMinutePermission", (each) => (each.SourceArn += "x"))];
  yield ["the sweep's alarm counts calls", of("SweepAlarm", (each) => (each.Statistic = "Sum"))];
  const dashboard = (change) => of("Dashboard", (each) => (each.DashboardBody = change(each.DashboardBody)));
  yield ["a dashboard that is no JSON", dashboard((body) => `${body},`)];
  yield ["a dashboard of what is not there", dashboard((body) => body.replaceAll("lacquer-notify", "other"))];
}
