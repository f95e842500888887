// Every request that the tests of the policies try: actions, on what is somebody's own and on what is not.

import { readFileSync } from "node:fs";

import { ACCOUNT, REGION, policies } from "./policies.mjs";

export const template = policies();
export const { arns } = template;
// The topics of artists are made by the API's function, and so are their policies: a test of its holds that this is what it writes.
const written = new URL("../../crates/cloud/src/aws/topics/tests/policy.json", import.meta.url);
template.topics.ArtistTopic = JSON.parse(readFileSync(written, "utf8"));
arns.ArtistTopic = template.topics.ArtistTopic.Statement[0].Resource;

export const OWN = "nocturne";
const HERE = `${REGION}:${ACCOUNT}`;
const BY_S3 = { "kms:ViaService": `s3.${REGION}.amazonaws.com` };
const ONCE = { "s3:if-none-match": "*", "s3:ObjectCreationOperation": "true" };
const OVER = { "s3:ObjectCreationOperation": "true" };
const PART = { "s3:ObjectCreationOperation": "false" };

/** What there is to be done something with, by a name that ALLOWED uses. A label of a similar name is a label of its own. */
export const OBJECTS = {
  "own asset": `${arns.MastersBucket}/${OWN}/assets/0a1b.wav`,
  "own manifest": `${arns.MastersBucket}/${OWN}/releases/01J/deliveries/01K.delivery.json`,
  "own stray": `${arns.MastersBucket}/${OWN}/notes.txt`,
  "other asset": `${arns.MastersBucket}/aubade/assets/0a1b.wav`,
  "other manifest": `${arns.MastersBucket}/aubade/releases/01J/deliveries/01K.delivery.json`,
  "similar asset": `${arns.MastersBucket}/${OWN}-2/assets/0a1b.wav`,
  "set aside": `${arns.MastersBucket}/set-aside/Qx7/${OWN}-0a1b.wav`,
  "own rendition": `${arns.RenditionsBucket}/${OWN}/renditions/0a1b.mp3`,
  "other rendition": `${arns.RenditionsBucket}/aubade/renditions/0a1b.mp3`,
  "stray rendition": `${arns.RenditionsBucket}/notes.txt`,
  "foreign object": "arn:aws:s3:::elsewhere/nocturne/assets/0a1b.wav",
};
export const ASSETS = ["own asset", "other asset", "similar asset"];
export const DELIVERED = [...ASSETS, "own manifest", "other manifest"];
export const RENDITIONS = ["own rendition", "other rendition"];
const BUCKETS = {
  masters: arns.MastersBucket,
  renditions: arns.RenditionsBucket,
  "foreign bucket": "arn:aws:s3:::elsewhere",
};
const QUEUES = Object.fromEntries(
  [
    "IntakeQueue",
    "TranscodeQueue",
    "CatalogueQueue",
    "IntakeDeadLetters",
    "TranscodeDeadLetters",
    "CatalogueDeadLetters",
    "NotifyDeadLetters",
  ]
    .map((name) => [name, arns[name]])
    .concat([["foreign queue", `arn:aws:sqs:${HERE}:elsewhere`]]),
);
const TABLES = { table: arns.Table, "foreign table": `arn:aws:dynamodb:${HERE}:table/elsewhere` };
const INDEXES = {
  "by change": `${arns.Table}/index/gsi1`,
  waiting: `${arns.Table}/index/gsi2`,
  "foreign index": `arn:aws:dynamodb:${HERE}:table/elsewhere/index/gsi1`,
};
const STREAMS = {
  stream: `${arns.Table}/stream/2026-01-01T00:00:00.000`,
  "foreign stream": `arn:aws:dynamodb:${HERE}:table/elsewhere/stream/2026-01-01T00:00:00.000`,
};
const TOPICS = {
  artist: arns.ArtistTopic,
  "foreign topic": `arn:aws:sns:${HERE}:elsewhere-artist-nocturne-0123456789abcdef`,
  alarms: arns.OperatorTopic,
};
const KEYS = { key: arns.Key, "foreign key": `arn:aws:kms:${HERE}:key/99999999-2222-3333-4444-555555555555` };
const LOGS = Object.fromEntries(
  ["IntakeLog", "TranscodeLog", "CatalogueLog", "NotifyLog", "ApiLog", "AccessLog"]
    .map((name) => [name, arns[name].replace(/:\*$/, "")])
    .concat([["foreign log", `arn:aws:logs:${HERE}:log-group:/elsewhere`]]),
);

/** Every request that is tried: actions, on each of these. The third is what else the request says, by a name. */
const UNIVERSE = [
  [
    [
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:AbortMultipartUpload",
      "s3:ListMultipartUploadParts",
      "s3:PutObjectAcl",
      "s3:PutObjectTagging",
      "s3:GetObjectAcl",
      "s3:RestoreObject",
    ],
    OBJECTS,
  ],
  [["s3:PutObject"], OBJECTS, { once: ONCE, over: OVER, part: PART }],
  [
    [
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:ListBucketMultipartUploads",
      "s3:DeleteBucket",
      "s3:PutBucketPolicy",
      "s3:PutLifecycleConfiguration",
      "s3:PutBucketNotification",
      "s3:PutBucketVersioning",
      "s3:PutBucketPublicAccessBlock",
    ],
    BUCKETS,
  ],
  [
    [
      "sqs:SendMessage",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
      "sqs:PurgeQueue",
      "sqs:SetQueueAttributes",
      "sqs:DeleteQueue",
    ],
    QUEUES,
  ],
  [
    [
      "dynamodb:GetItem",
      "dynamodb:BatchGetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:BatchWriteItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteTable",
      "dynamodb:UpdateTable",
      "dynamodb:ExportTableToPointInTime",
      "dynamodb:UpdateTimeToLive",
    ],
    TABLES,
  ],
  [["dynamodb:Query", "dynamodb:Scan"], { ...TABLES, ...INDEXES }],
  [["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"], STREAMS],
  [
    [
      "dynamodb:ListStreams",
      "sns:Unsubscribe",
      "sns:GetSubscriptionAttributes",
      "sns:ListTopics",
      "sns:ListSubscriptions",
      "s3:ListAllMyBuckets",
      "sqs:ListQueues",
      "kms:ListKeys",
    ],
    { everything: "*" },
  ],
  [
    [
      "sns:Publish",
      "sns:CreateTopic",
      "sns:Subscribe",
      "sns:ConfirmSubscription",
      "sns:ListSubscriptionsByTopic",
      "sns:DeleteTopic",
      "sns:SetTopicAttributes",
      "sns:AddPermission",
    ],
    TOPICS,
  ],
  [
    [
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "kms:Encrypt",
      "kms:CreateGrant",
      "kms:ScheduleKeyDeletion",
      "kms:PutKeyPolicy",
    ],
    KEYS,
    { "by S3": BY_S3, directly: {} },
  ],
  [
    ["logs:CreateLogStream", "logs:PutLogEvents", "logs:GetLogEvents", "logs:DeleteLogStream"],
    Object.fromEntries(Object.entries(LOGS).map(([name, arn]) => [name, `${arn}:log-stream:one`])),
  ],
  [["logs:DeleteLogGroup", "logs:PutRetentionPolicy"], LOGS],
  [["lambda:InvokeFunction", "lambda:UpdateFunctionCode"], { function: `arn:aws:lambda:${HERE}:function:lacquer-api` }],
  [["iam:PassRole", "sts:AssumeRole"], { role: `arn:aws:iam::${ACCOUNT}:role/lacquer-ApiRole` }],
  [
    ["cognito-idp:AdminCreateUser", "cognito-idp:AdminUpdateUserAttributes"],
    { pool: `arn:aws:cognito-idp:${HERE}:userpool/${REGION}_abc` },
  ],
];

export const each = (actions, resources, how = [""]) =>
  [actions]
    .flat()
    .flatMap((action) => [resources].flat().flatMap((resource) => how.map((way) => name(action, resource, way))));
const name = (action, resource, way) => [action, resource, way].filter(Boolean).join(" | ");

/** All requests, as [name, request]. */
export const REQUESTS = UNIVERSE.flatMap(([actions, resources, ways = { "": {} }]) =>
  actions.flatMap((action) =>
    Object.entries(resources).flatMap(([resource, arn]) =>
      Object.entries(ways).map(([way, context]) => [name(action, resource, way), { action, resource: arn, context }]),
    ),
  ),
);
