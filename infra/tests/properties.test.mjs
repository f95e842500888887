// What the template promises beside its policies and its alarms: that nothing is kept too long or lost too soon, how often and
// how long a message is tried, and who becomes what by signing in.

import assert from "node:assert/strict";

import { FUNCTIONS, gone, hold, named, of, ofType, properties, queuesOfFunctions, source, sources } from "./promises.mjs";

/** The most that SQS keeps a message. */
const FORTNIGHT = 14 * 24 * 3600;

const PROMISES = {
  "objects are encrypted by the key, by its bucket key; are kept as versions; and are nobody else's": (found) => {
    const buckets = ofType(found, "S3::Bucket");
    assert.equal(buckets.length, 2);
    for (const [name, { Properties: bucket }] of buckets) {
      assert.deepEqual(
        bucket.BucketEncryption.ServerSideEncryptionConfiguration,
        [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: found.arns.Key },
          },
        ],
        name,
      );
      assert.deepEqual(bucket.VersioningConfiguration, { Status: "Enabled" }, name);
      assert.deepEqual(bucket.OwnershipControls, { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] }, name);
      const blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
      const all = Object.fromEntries(blocks.map((each) => [each, true]));
      assert.deepEqual(bucket.PublicAccessBlockConfiguration, all, name);
    }
    assert.equal(properties(found, "Key").EnableKeyRotation, true);
  },

  "no page of the web reaches a bucket or the API: no CORS, no website": (found) => {
    for (const [name, { Properties }] of [...ofType(found, "S3::Bucket"), ...ofType(found, "ApiGatewayV2::Api")])
      for (const way of ["CorsConfiguration", "WebsiteConfiguration"]) assert.equal(Properties[way], undefined, name);
  },

  "uploads that nobody finishes are ended; no object ends, and what it replaced only after a month": (found) => {
    for (const [name, { Properties }] of ofType(found, "S3::Bucket")) {
      const rules = Properties.LifecycleConfiguration.Rules;
      for (const rule of rules) {
        assert.equal(rule.Status, "Enabled", name);
        // Of the whole bucket.
        for (const part of ["Prefix", "Filter", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan"])
          assert.equal(rule[part], undefined, name);
        for (const end of ["ExpirationInDays", "ExpirationDate", "Transition", "Transitions"])
          assert.equal(rule[end], undefined, `${name}: masters and renditions stay as they are`);
      }
      const one = (what) => rules.filter((rule) => rule[what]).map((rule) => rule[what]);
      const [{ DaysAfterInitiation: days }, ...others] = one("AbortIncompleteMultipartUpload");
      assert.deepEqual(others, []);
      // A person's upload goes on after a holiday; a function is done within minutes.
      assert.ok(name === "MastersBucket" ? days >= 7 && days <= 30 : days <= 7, `${name}: ${days}`);
      assert.deepEqual(one("NoncurrentVersionExpiration"), [{ NoncurrentDays: 30 }], name);
    }
  },

  "only manifests, which are written last, start anything": (found) => {
    const [, suffix] = /MANIFEST_SUFFIX: &str = "(.*)"/.exec(source("release/src/keys.rs"));
    assert.deepEqual(properties(found, "MastersBucket").NotificationConfiguration, {
      QueueConfigurations: [
        {
          Event: "s3:ObjectCreated:*",
          Queue: found.arns.IntakeQueue,
          Filter: { S3Key: { Rules: [{ Name: "suffix", Value: suffix }] } },
        },
      ],
    });
    assert.equal(properties(found, "RenditionsBucket").NotificationConfiguration, undefined);
  },

  "the table can be put back, forgets what expires, tells of what is new, and is not deleted by a slip": (found) => {
    const table = properties(found, "Table");
    assert.deepEqual(table.PointInTimeRecoverySpecification, { PointInTimeRecoveryEnabled: true });
    assert.deepEqual(table.TimeToLiveSpecification, { AttributeName: "expires", Enabled: true });
    assert.match(source("cloud/src/aws/table/leases.rs"), /"expires"/);
    assert.deepEqual(table.StreamSpecification, { StreamViewType: "NEW_IMAGE" });
    assert.equal(table.DeletionProtectionEnabled, true);
    assert.equal(table.BillingMode, "PAY_PER_REQUEST");
    assert.deepEqual(table.SSESpecification, { SSEEnabled: true });
    const stream = `${found.arns.Table}/stream/`;
    const [outbox] = sources(found).filter(({ EventSourceArn }) => EventSourceArn.startsWith(stream));
    assert.equal(outbox.FunctionName, found.names.NotifyFunction);
    // New entries of the outbox alone. One that is noted as done would else tell itself again.
    const [{ Pattern }, ...others] = outbox.FilterCriteria.Filters;
    assert.deepEqual(others, []);
    const entries = { Keys: { pk: { S: [{ prefix: "O#" }] } } };
    assert.deepEqual(JSON.parse(Pattern), { eventName: ["INSERT"], dynamodb: entries });
    assert.match(source("cloud/src/aws/table/keys.rs"), /fn entry\(id: &EntryId\) -> Key \{\s+Key::alone\('O', id\)/);
  },

  "each function logs into a group of its own, and no log is kept for ever": (found) => {
    const groups = new Set();
    for (const name of FUNCTIONS) {
      const { FunctionName, LoggingConfig } = properties(found, name);
      // Where Lambda would make one by itself, which is then kept for ever.
      assert.equal(LoggingConfig.LogGroup, `/aws/lambda/${FunctionName}`);
      groups.add(LoggingConfig.LogGroup);
    }
    const { DestinationArn } = properties(found, "ApiStage").AccessLogSettings;
    groups.add(DestinationArn.split(":log-group:")[1].replace(/:\*$/, ""));
    const kept = ofType(found, "Logs::LogGroup").map(([, { Properties }]) => Properties);
    assert.deepEqual(kept.map(({ LogGroupName }) => LogGroupName).sort(), [...groups].sort());
    for (const { LogGroupName, RetentionInDays } of kept) assert.equal(RetentionInDays, 90, LogGroupName);
  },

  "a message is received as often as the functions are told, and one of a batch fails by itself": (found) => {
    const ofQueues = queuesOfFunctions(found);
    assert.equal(ofQueues.length, 3);
    for (const { queue, of } of ofQueues) {
      // The last receipt is when a function has a release fail with a reason: if it were told another number, it would say so
      // too early, or never.
      const told = Number(properties(found, of).Environment.Variables.LACQUER_MAX_RECEIVES);
      assert.equal(properties(found, queue).RedrivePolicy.maxReceiveCount, told, queue);
    }
    for (const { FunctionName, FunctionResponseTypes } of sources(found))
      assert.deepEqual(FunctionResponseTypes, ["ReportBatchItemFailures"], FunctionName);
  },

  "a message is hidden longer than its function may run, and goes on being so while it is worked on": (found) => {
    for (const { queue, of } of queuesOfFunctions(found)) {
      // Lambda asks for six times: it may be held back, and tries again by itself. That is long, so a function shortens it to
      // two minutes once it has the message, and extends that while it works: what crashed is tried again soon.
      assert.equal(properties(found, queue).VisibilityTimeout, 6 * properties(found, of).Timeout, queue);
    }
    assert.match(source("cloud/src/functions/surroundings.rs"), /"LACQUER_TAKE_OVER_SECONDS"\)\?\.unwrap_or\(120\)/);
    for (const name of FUNCTIONS)
      assert.equal(properties(found, name).Environment.Variables.LACQUER_TAKE_OVER_SECONDS, undefined, "for tests only");
  },

  "queues keep what nobody receives as long as SQS does, and so long the sweep takes it for waiting": (found) => {
    for (const [name, { Properties }] of ofType(found, "SQS::Queue")) {
      assert.equal(Properties.MessageRetentionPeriod, FORTNIGHT, name);
      assert.equal(Properties.SqsManagedSseEnabled, true, name);
    }
    const lost = /LOST_AFTER: SignedDuration = SignedDuration::from_hours\((\d+) \* (\d+)\)/;
    const [, days, hours] = lost.exec(source("cloud/src/functions/sweep.rs"));
    assert.equal(days * hours * 3600, FORTNIGHT);
    // In order within a release, and releases beside each other.
    const { FifoQueue, DeduplicationScope, FifoThroughputLimit } = properties(found, "CatalogueQueue");
    assert.deepEqual([FifoQueue, DeduplicationScope, FifoThroughputLimit], [true, "messageGroup", "perMessageGroupId"]);
  },

  "staff and managers get the role that delivers, with their label as its tag; artists and others get none": (found) => {
    const pool = properties(found, "IdentityPool");
    // In the classic flow sessions come without tags.
    assert.deepEqual([pool.AllowClassicFlow, pool.AllowUnauthenticatedIdentities], [false, false]);
    assert.deepEqual(
      pool.CognitoIdentityProviders.map(({ ServerSideTokenCheck }) => ServerSideTokenCheck),
      [true],
    );
    const tags = properties(found, "IdentityPoolTags");
    assert.deepEqual([tags.PrincipalTags, tags.UseDefaults], [{ label: "custom:label_id" }, false]);

    const { RoleMappings, Roles } = properties(found, "IdentityPoolRoles");
    const [mapping, ...others] = Object.values(RoleMappings);
    assert.deepEqual(others, []);
    assert.equal(mapping.Type, "Rules");
    const role = (groups) => {
      const holds = ({ Claim, MatchType, Value }) => {
        assert.deepEqual([Claim, MatchType], ["cognito:groups", "Contains"]);
        return groups.includes(Value);
      };
      const [rule] = mapping.RulesConfiguration.Rules.filter(holds);
      if (rule) return named(found, rule.RoleARN);
      return mapping.AmbiguousRoleResolution === "Deny" ? undefined : named(found, Roles.authenticated);
    };
    for (const groups of [["staff"], ["manager"], ["staff", "manager"], ["artist", "staff"]])
      assert.equal(role(groups), "DesktopRole", `${groups}`);
    for (const groups of [["artist"], [], ["guests"]]) assert.equal(role(groups), undefined, `${groups}`);
    assert.equal(named(found, Roles.authenticated), "NobodyRole");
    assert.equal(Roles.unauthenticated, undefined);
  },

  "nobody invites themselves, changes their label, or takes an address that they have not shown to be theirs": (found) => {
    const pool = properties(found, "UserPool");
    assert.equal(pool.AdminCreateUserConfig.AllowAdminCreateUserOnly, true);
    assert.deepEqual(pool.UserAttributeUpdateSettings, { AttributesRequireVerificationBeforeUpdate: ["email"] });
    const client = properties(found, "AppClient");
    // None at all would mean every one.
    assert.deepEqual(client.WriteAttributes, ["email"]);
    assert.ok(client.ReadAttributes.includes("custom:label_id"));
    assert.deepEqual(client.AllowedOAuthFlows, ["code"]);
    assert.equal(client.GenerateSecret, false);
    const groups = ofType(found, "Cognito::UserPoolGroup").map(([, { Properties }]) => Properties);
    assert.deepEqual(groups.map(({ GroupName }) => GroupName).sort(), ["artist", "manager", "staff"]);
    // A role of a group's own would be another way to one.
    for (const { GroupName, RoleArn } of groups) assert.equal(RoleArn, undefined, GroupName);
  },
};

hold(PROMISES, broken);

function* broken(found) {
  yield* gone(found, /^AWS::(S3::Bucket$|DynamoDB|Logs|Lambda::EventSource|Cognito::(IdentityPool|UserPoolGroup))/);
  for (const name of ["MastersBucket", "RenditionsBucket"]) {
    const rules = (change) => of(name, (each) => change(each.LifecycleConfiguration.Rules));
    const encryption = (change) => of(name, (each) => change(each.BucketEncryption.ServerSideEncryptionConfiguration[0]));
    yield [`${name} asks KMS each time`, encryption((each) => (each.BucketKeyEnabled = false))];
    yield [`${name} keeps no versions`, of(name, (each) => delete each.VersioningConfiguration)];
    yield [`${name} is open`, of(name, (each) => (each.PublicAccessBlockConfiguration.BlockPublicPolicy = false))];
    yield [`${name} is for pages`, of(name, (each) => (each.CorsConfiguration = { CorsRules: [] }))];
    yield [`${name} keeps parts`, rules((each) => each.shift())];
    yield [`${name} keeps parts of some`, rules((each) => (each[0].Prefix = "nocturne/"))];
    yield [`${name} forgets`, rules((each) => (each[1].ExpirationInDays = 365))];
    yield [`${name} rules nothing`, rules((each) => (each[0].Status = "Disabled"))];
  }
  const arrivals = (change) => of("MastersBucket", (each) => change(each.NotificationConfiguration.QueueConfigurations[0]));
  yield ["every object is told of", arrivals((each) => delete each.Filter)];
  const table = (change) => of("Table", change);
  yield ["no going back", table((each) => (each.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled = false))];
  yield ["leases stay", table((each) => (each.TimeToLiveSpecification.AttributeName = "expiry"))];
  yield ["the stream has keys only", table((each) => (each.StreamSpecification.StreamViewType = "KEYS_ONLY"))];
  yield ["the table goes by a slip", table((each) => (each.DeletionProtectionEnabled = false))];
  yield ["all of the table is news", of("NotifyFunctionOutbox", (each) => delete each.FilterCriteria)];
  for (const name of ["IntakeLog", "AccessLog"]) yield [`${name} for ever`, of(name, (each) => delete each.RetentionInDays)];
  yield ["a log elsewhere", of("ApiFunction", (each) => delete each.LoggingConfig)];
  for (const queue of ["IntakeQueue", "TranscodeQueue", "CatalogueQueue"]) {
    yield [`${queue} gives up sooner`, of(queue, (each) => (each.RedrivePolicy.maxReceiveCount = 3))];
    yield [`${queue} hides less`, of(queue, (each) => (each.VisibilityTimeout = 60))];
    yield [`${queue} forgets sooner`, of(queue, (each) => (each.MessageRetentionPeriod = 345600))];
    yield [`${queue} gives up to nobody`, of(queue, (each) => delete each.RedrivePolicy)];
  }
  yield ["whole batches fail", of("TranscodeFunctionJobs", (each) => delete each.FunctionResponseTypes)];
  const told = (change) => of("TranscodeFunction", (each) => change(each.Environment.Variables));
  yield ["functions give up later", told((each) => (each.LACQUER_MAX_RECEIVES = "6"))];
  yield ["the classic flow", of("IdentityPool", (each) => (each.AllowClassicFlow = true))];
  yield ["anybody’s session", of("IdentityPool", (each) => (each.AllowUnauthenticatedIdentities = true))];
  yield ["no tags", of("IdentityPoolTags", (each) => (each.PrincipalTags = {}))];
  const mapping = (change) => of("IdentityPoolRoles", (each) => change(Object.values(each.RoleMappings)[0]));
  yield ["artists deliver", mapping((each) => (each.RulesConfiguration.Rules[1].Value = "artist"))];
  yield ["others get a role", mapping((each) => (each.AmbiguousRoleResolution = "AuthenticatedRole"))];
  yield ["anybody signs up", of("UserPool", (each) => (each.AdminCreateUserConfig.AllowAdminCreateUserOnly = false))];
  yield ["labels are chosen", of("AppClient", (each) => each.WriteAttributes.push("custom:label_id"))];
  yield ["every attribute is written", of("AppClient", (each) => delete each.WriteAttributes)];
  yield ["a group’s own role", of("ArtistGroup", (each) => (each.RoleArn = found.arns.DesktopRole))];
}
