// Who may do what: every role, every action that would matter, on what is its own and on what is not. What a role is allowed
// stands in ALLOWED; all else of the universe of requests must be denied. So a policy that is loosened fails this, and one that
// is tightened too far does as well. The last test loosens them all, one after the other, and sees that it would be noticed.
//
// IAM's variables, tags and conditions are evaluated by @cloud-copilot/iam-simulate, since no emulator does.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ACCOUNT, allowed, allowedAs } from "./policies.mjs";
import { ASSETS, DELIVERED, OWN, RENDITIONS, REQUESTS, arns, each, template } from "./requests.mjs";

const reads = each(["dynamodb:GetItem", "dynamodb:BatchGetItem"], "table");
const writes = each(["dynamodb:PutItem", "dynamodb:UpdateItem"], "table");
const logs = (group) => each(["logs:CreateLogStream", "logs:PutLogEvents"], group);
const receives = (queue) =>
  each(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"], queue);
const sends = (queues) => each("sqs:SendMessage", queues);
const usesKey = each(["kms:Decrypt", "kms:GenerateDataKey"], "key", ["by S3"]);
// A copy that moves aside says nothing of what is there: its name is new each time.
const movesAside = [
  ...each("s3:PutObject", "set aside", ["once", "over", "part"]),
  ...each("s3:AbortMultipartUpload", "set aside"),
  ...each("s3:DeleteObject", ASSETS),
];

/** All that each role is allowed. */
const ALLOWED = {
  IntakeRole: [
    ...logs("IntakeLog"),
    ...receives("IntakeQueue"),
    ...each(["dynamodb:GetItem", "dynamodb:PutItem"], "table"),
    ...usesKey,
    ...each(["s3:GetObject", "s3:GetObjectVersion"], DELIVERED),
    ...each("s3:ListBucket", "masters"),
    ...movesAside,
  ],
  TranscodeRole: [
    ...logs("TranscodeLog"),
    ...receives("TranscodeQueue"),
    // What it puts off it sends to its own queue again.
    ...sends(["TranscodeQueue", "CatalogueQueue"]),
    ...reads,
    ...writes,
    ...usesKey,
    ...each(["s3:GetObject", "s3:GetObjectVersion"], DELIVERED),
    ...each("s3:ListBucket", ["masters", "renditions"]),
    ...movesAside,
    ...each(["s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], RENDITIONS),
    ...each("s3:PutObject", RENDITIONS, ["once", "part"]),
  ],
  CatalogueRole: [
    ...logs("CatalogueLog"),
    ...receives("CatalogueQueue"),
    ...sends(["IntakeQueue", "TranscodeQueue"]),
    ...reads,
    ...writes,
    ...each("dynamodb:Query", "waiting"),
    ...each("sns:Publish", "artist"),
  ],
  NotifyRole: [
    ...logs("NotifyLog"),
    ...sends(["NotifyDeadLetters", "IntakeQueue", "TranscodeQueue"]),
    ...each(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], "table"),
    ...each(["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"], "stream"),
    ...each("dynamodb:ListStreams", "everything"),
    ...each("sns:Publish", "artist"),
  ],
  ApiRole: [
    ...logs("ApiLog"),
    ...reads,
    ...each(["dynamodb:PutItem", "dynamodb:DeleteItem"], "table"),
    ...each("dynamodb:Query", ["table", "by change"]),
    ...usesKey,
    ...each("s3:GetObject", [...DELIVERED, ...RENDITIONS]),
    ...each("s3:ListBucket", ["masters", "renditions"]),
    ...each(["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], DELIVERED),
    ...each("s3:PutObject", DELIVERED, ["once", "part"]),
    ...each(
      [
        "sns:CreateTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:ConfirmSubscription",
        "sns:ListSubscriptionsByTopic",
      ],
      "artist",
    ),
    ...each("sns:Unsubscribe", "everything"),
  ],
  // Its own label's deliveries in, and nothing out: no master is read, nothing is listed, nothing is deleted or written over.
  DesktopRole: [
    ...each(["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], ["own asset", "own manifest"]),
    ...each("s3:PutObject", ["own asset", "own manifest"], ["once", "part"]),
    ...usesKey,
  ],
  NobodyRole: [],
};

/** What the session of a person carries; a function's carries no label. */
const PERSONS = ["DesktopRole", "NobodyRole"];
const tags = (role) => (PERSONS.includes(role) ? { "aws:PrincipalTag/label": OWN } : {});

const asking = (request, more) => ({ ...request, context: { ...request.context, ...more } });

/** The names of what a role may do of some requests. */
async function granted(found, role, requests, more = tags(role)) {
  const answers = await Promise.all(
    requests.map(async ([what, request]) => [what, await allowed(found, role, asking(request, more))]),
  );
  return answers.filter(([, is]) => is).map(([what]) => what);
}

test("every role that the template has is judged", () => {
  assert.deepEqual(Object.keys(template.roles).sort(), Object.keys(ALLOWED).sort());
});

test("what is allowed is asked for", () => {
  const asked = new Set(REQUESTS.map(([what]) => what));
  for (const [role, may] of Object.entries(ALLOWED)) {
    for (const what of may) assert.ok(asked.has(what), `${role}: ${what} is no request of the universe`);
  }
});

for (const [role, may] of Object.entries(ALLOWED)) {
  test(`${role} may do what it is to do, and nothing else`, async () => {
    assert.deepEqual((await granted(template, role, REQUESTS)).sort(), [...may].sort());
  });
}

const EVERYTHING = [
  { name: "all", policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] } },
];
/** Somebody whose own policies forbid nothing: what they cannot do, nobody can. */
const withAdministrator = (found) => ({
  ...found,
  roles: { ...found.roles, Administrator: { policies: EVERYTHING } },
});
const ours =
  (kinds) =>
  ([, { resource }]) =>
    kinds.some((kind) =>
      Object.keys(template[kind]).some((name) => resource === arns[name] || resource.startsWith(`${arns[name]}/`)),
    );
// Of a topic, what is said by it: SNS takes other requests by TLS in any case, and knows no policy that asks for it.
const GUARDED = [
  ...REQUESTS.filter(ours(["buckets", "queues"])),
  ...REQUESTS.filter(ours(["topics"])).filter(([what]) => what.startsWith("sns:Publish |")),
];
const OVERWRITING = REQUESTS.filter(ours(["buckets"])).filter(
  ([what]) => what.startsWith("s3:PutObject |") && what.endsWith("| over") && !what.includes("set aside"),
);
const OURS = REQUESTS.filter(ours(["buckets", "queues", "topics", "keys"]));

const withoutTls = (found, requests = GUARDED) =>
  granted(withAdministrator(found), "Administrator", requests, { "aws:SecureTransport": "false" });
const overwritten = (found, requests = OVERWRITING) =>
  granted(withAdministrator(found), "Administrator", requests, {});

/** What somebody else may do of some requests: who may do everything in their own account, or a service of AWS's. */
async function grantedTo(found, principal, identityPolicies, requests, more) {
  const answers = await Promise.all(
    requests.map(async ([what, request]) => [
      what,
      await allowedAs(found, principal, identityPolicies, asking(request, more)),
    ]),
  );
  return answers.filter(([, is]) => is).map(([what]) => what);
}
const ELSEWHERE = "999988887777";
const stranger = (found, requests = OURS) =>
  grantedTo(found, `arn:aws:sts::${ELSEWHERE}:assumed-role/theirs/session`, EVERYTHING, requests, {
    "aws:PrincipalAccount": ELSEWHERE,
  });
/** The services that speak to a queue or a topic by themselves, for what of ours they do so, and what they may. */
const SERVICES = {
  "s3.amazonaws.com": [arns.MastersBucket, "sqs:SendMessage | IntakeQueue"],
  "cloudwatch.amazonaws.com": [`arn:aws:cloudwatch:eu-west-1:${ACCOUNT}:alarm:one`, "sns:Publish | alarms"],
};
const service = (found, name, account, requests = OURS, from = SERVICES[name][0]) =>
  grantedTo(found, name, [], requests, { "aws:SourceArn": from, "aws:SourceAccount": account });
/** What services may that act for somebody else. */
const misled = async (found, requests) => [
  ...(await service(found, "s3.amazonaws.com", ELSEWHERE, requests)),
  ...(await service(found, "s3.amazonaws.com", ACCOUNT, requests, "arn:aws:s3:::elsewhere")),
  ...(await service(found, "cloudwatch.amazonaws.com", ELSEWHERE, requests)),
];

test("nobody reaches a bucket or a queue without TLS, or speaks by a topic, be they an administrator", async () => {
  const guarded = ["buckets", "queues", "topics"].flatMap((kind) => Object.keys(template[kind]));
  assert.deepEqual(
    guarded.sort(),
    Object.keys(arns)
      .filter((name) => /^arn:aws:(s3|sqs|sns):/.test(arns[name]))
      .sort(),
    "each has a policy",
  );
  assert.ok(GUARDED.length > 150);
  assert.deepEqual(await withoutTls(template), []);
  assert.equal(
    (await granted(withAdministrator(template), "Administrator", GUARDED, {})).length,
    GUARDED.length - OVERWRITING.length,
  );
});

test("nobody of another account reaches anything, be they an administrator there", async () => {
  assert.ok(OURS.length > GUARDED.length);
  assert.deepEqual(await stranger(template), []);
});

test("S3 tells of manifests and CloudWatch of alarms, for this account, and they reach nothing else", async () => {
  for (const [name, [, may]] of Object.entries(SERVICES))
    assert.deepEqual(await service(template, name, ACCOUNT), [may], name);
  assert.deepEqual(await misled(template), []);
});

test("nobody writes over an object, be they an administrator", async () => {
  assert.equal(OVERWRITING.length, 9);
  assert.deepEqual(await overwritten(template), []);
});

test("a session without a label reaches nothing of anybody", async () => {
  assert.deepEqual((await granted(template, "DesktopRole", REQUESTS, {})).sort(), [...usesKey].sort());
});

test("a label that is a pattern reaches no other", async () => {
  for (const label of ["*", "noc*", "../nocturne", ""]) {
    const may = await granted(template, "DesktopRole", REQUESTS, { "aws:PrincipalTag/label": label });
    assert.deepEqual(
      may.filter((what) => what.startsWith("s3:")),
      [],
      label,
    );
  }
});

test("Lambda takes the functions’ roles, and people who signed in to this pool the others", () => {
  for (const [role, { trust }] of Object.entries(template.roles)) {
    assert.equal(trust.Statement.length, 1, role);
    const [statement] = trust.Statement;
    if (PERSONS.includes(role)) {
      assert.deepEqual(statement, {
        Effect: "Allow",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        Condition: {
          StringEquals: { "cognito-identity.amazonaws.com:aud": "lacquer-IdentityPool" },
          "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
        },
      });
    } else {
      assert.deepEqual(statement, {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      });
    }
  }
});

test("S3 may put manifests into the intake queue: this bucket, of this account", () => {
  const [arrive, ...others] = template.queues.IntakeQueue.Statement;
  assert.deepEqual(arrive, {
    Sid: "ManifestsArrive",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: arns.IntakeQueue,
    Condition: { ArnEquals: { "aws:SourceArn": arns.MastersBucket }, StringEquals: { "aws:SourceAccount": ACCOUNT } },
  });
  assert.ok(others.every(({ Effect }) => Effect === "Deny"));
});

test("whatever is loosened is noticed", async () => {
  for (const role of Object.keys(ALLOWED))
    assert.ok(!(await noticed({ role, services: ["s3", "sqs"], found: template })), `${role} as it is`);
  const loosened = [...looser(template)];
  assert.ok(loosened.length > 50);
  for (const one of loosened) assert.ok(await noticed(one), `${one.what} was not noticed`);
});

/** Whether one of the tests above would fail: a role's, by what it may do of these services, or a resource's. */
async function noticed({ role, services, resource, found }) {
  if (resource) {
    const its = ([, { resource: arn }]) => arn === arns[resource] || arn.startsWith(`${arns[resource]}/`);
    const reached = await Promise.all([
      withoutTls(found, GUARDED.filter(its)),
      overwritten(found, OVERWRITING.filter(its)),
      stranger(found, OURS.filter(its)),
      misled(found, OURS.filter(its)),
    ]);
    return reached.flat().length > 0;
  }
  const ofThese = ([what]) => services.includes(what.split(":")[0]);
  const expected = ALLOWED[role].filter((what) => ofThese([what]));
  return (await granted(found, role, REQUESTS.filter(ofThese))).sort().join() !== expected.sort().join();
}

/** The template with one policy loosened, every way in turn. */
function* looser(found) {
  const copy = () => structuredClone(found);
  for (const [role, { policies }] of Object.entries(found.roles)) {
    for (const [index, { policy }] of policies.entries()) {
      for (const [at, statement] of policy.Statement.entries()) {
        const services = [...new Set([statement.Action].flat().map((action) => action.split(":")[0]))];
        const changed = (what, change) => {
          const other = copy();
          change(other.roles[role].policies[index].policy.Statement[at]);
          return { what: `${role}: ${statement.Sid ?? statement.Effect} ${what}`, role, services, found: other };
        };
        if (statement.Effect === "Deny") continue;
        if (statement.Resource !== "*")
          yield changed("on everything", (each) => {
            each.Resource = "*";
          });
        // A stream knows no further action: there is nothing to notice.
        for (const service of statement.Sid === "ReadStream" ? [] : services)
          yield changed(`with ${service}:*`, (each) => {
            each.Action = `${service}:*`;
          });
        if (statement.Condition)
          yield changed("without its condition", (each) => {
            delete each.Condition;
          });
      }
    }
  }
  for (const kind of ["buckets", "queues", "topics", "keys"]) {
    for (const [resource, policy] of Object.entries(found[kind])) {
      for (const [at, statement] of policy.Statement.entries()) {
        const changed = (what, change) => {
          const other = copy();
          change(other[kind][resource].Statement, at);
          return { what: `${resource}: ${statement.Sid} ${what}`, resource, found: other };
        };
        if (statement.Effect === "Deny") {
          yield changed("is gone", (all) => all.splice(at, 1));
          continue;
        }
        yield changed("for everybody", (all) => Object.assign(all[at], { Principal: "*", Condition: {} }));
        for (const operator of Object.keys(statement.Condition ?? {}))
          yield changed(`without ${operator}`, (all) => delete all[at].Condition[operator]);
      }
    }
  }
}
