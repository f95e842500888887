// Who may do what: every role, every action that would matter, on what is its own and on what is not. What a role is allowed
// stands in ALLOWED; all else of the universe of requests must be denied. So a policy that is loosened fails this, and one that
// is tightened too far does as well. The last test loosens them all, one after the other, and sees that it would be noticed.
//
// IAM's variables, tags and conditions are evaluated by @cloud-copilot/iam-simulate, since no emulator does.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ACCOUNT, REGION, allowed, policies } from './policies.mjs'

const template = policies()
const { arns } = template

const OWN = 'nocturne'
const HERE = `${REGION}:${ACCOUNT}`
const BY_S3 = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` }
const ONCE = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' }
const OVER = { 's3:ObjectCreationOperation': 'true' }
const PART = { 's3:ObjectCreationOperation': 'false' }

/** What there is to be done something with, by a name that ALLOWED uses. A label of a similar name is a label of its own. */
const OBJECTS = {
  'own asset': `${arns.MastersBucket}/${OWN}/assets/0a1b.wav`,
  'own manifest': `${arns.MastersBucket}/${OWN}/releases/01J/deliveries/01K.delivery.json`,
  'own stray': `${arns.MastersBucket}/${OWN}/notes.txt`,
  'other asset': `${arns.MastersBucket}/aubade/assets/0a1b.wav`,
  'other manifest': `${arns.MastersBucket}/aubade/releases/01J/deliveries/01K.delivery.json`,
  'similar asset': `${arns.MastersBucket}/${OWN}-2/assets/0a1b.wav`,
  'set aside': `${arns.MastersBucket}/set-aside/Qx7/${OWN}-0a1b.wav`,
  'own rendition': `${arns.RenditionsBucket}/${OWN}/renditions/0a1b.mp3`,
  'other rendition': `${arns.RenditionsBucket}/aubade/renditions/0a1b.mp3`,
  'stray rendition': `${arns.RenditionsBucket}/notes.txt`,
  'foreign object': 'arn:aws:s3:::elsewhere/nocturne/assets/0a1b.wav',
}
const ASSETS = ['own asset', 'other asset', 'similar asset']
const DELIVERED = [...ASSETS, 'own manifest', 'other manifest']
const RENDITIONS = ['own rendition', 'other rendition']
const BUCKETS = { masters: arns.MastersBucket, renditions: arns.RenditionsBucket, 'foreign bucket': 'arn:aws:s3:::elsewhere' }
const QUEUES = Object.fromEntries(
  ['IntakeQueue', 'TranscodeQueue', 'CatalogueQueue', 'IntakeDeadLetters', 'TranscodeDeadLetters', 'CatalogueDeadLetters', 'NotifyDeadLetters']
    .map((name) => [name, arns[name]])
    .concat([['foreign queue', `arn:aws:sqs:${HERE}:elsewhere`]]),
)
const TABLES = { table: arns.Table, 'foreign table': `arn:aws:dynamodb:${HERE}:table/elsewhere` }
const INDEXES = { index: `${arns.Table}/index/gsi1`, 'foreign index': `arn:aws:dynamodb:${HERE}:table/elsewhere/index/gsi1` }
const STREAMS = {
  stream: `${arns.Table}/stream/2026-01-01T00:00:00.000`,
  'foreign stream': `arn:aws:dynamodb:${HERE}:table/elsewhere/stream/2026-01-01T00:00:00.000`,
}
const TOPICS = {
  artist: `arn:aws:sns:${HERE}:lacquer-artist-nocturne-0123456789abcdef`,
  'foreign topic': `arn:aws:sns:${HERE}:elsewhere-artist-nocturne-0123456789abcdef`,
  alarms: `arn:aws:sns:${HERE}:lacquer-OperatorTopic`,
}
const KEYS = { key: arns.Key, 'foreign key': `arn:aws:kms:${HERE}:key/99999999-2222-3333-4444-555555555555` }
const LOGS = Object.fromEntries(
  ['IntakeLog', 'TranscodeLog', 'CatalogueLog', 'NotifyLog', 'ApiLog', 'AccessLog']
    .map((name) => [name, arns[name].replace(/:\*$/, '')])
    .concat([['foreign log', `arn:aws:logs:${HERE}:log-group:/elsewhere`]]),
)

/** Every request that is tried: actions, on each of these. The third is what else the request says, by a name. */
const UNIVERSE = [
  [['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObjectAcl', 's3:PutObjectTagging', 's3:GetObjectAcl', 's3:RestoreObject'], OBJECTS],
  [['s3:PutObject'], OBJECTS, { once: ONCE, over: OVER, part: PART }],
  [['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads', 's3:DeleteBucket', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration', 's3:PutBucketNotification', 's3:PutBucketVersioning', 's3:PutBucketPublicAccessBlock'], BUCKETS],
  [['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes', 'sqs:PurgeQueue', 'sqs:SetQueueAttributes', 'sqs:DeleteQueue'], QUEUES],
  [['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem', 'dynamodb:ConditionCheckItem', 'dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:ExportTableToPointInTime', 'dynamodb:UpdateTimeToLive'], TABLES],
  [['dynamodb:Query', 'dynamodb:Scan'], { ...TABLES, ...INDEXES }],
  [['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'], STREAMS],
  [['dynamodb:ListStreams', 'sns:Unsubscribe', 'sns:GetSubscriptionAttributes', 'sns:ListTopics', 'sns:ListSubscriptions', 's3:ListAllMyBuckets', 'sqs:ListQueues', 'kms:ListKeys'], { everything: '*' }],
  [['sns:Publish', 'sns:CreateTopic', 'sns:Subscribe', 'sns:ConfirmSubscription', 'sns:ListSubscriptionsByTopic', 'sns:DeleteTopic', 'sns:SetTopicAttributes', 'sns:AddPermission'], TOPICS],
  [['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt', 'kms:CreateGrant', 'kms:ScheduleKeyDeletion', 'kms:PutKeyPolicy'], KEYS, { 'by S3': BY_S3, directly: {} }],
  [['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:GetLogEvents', 'logs:DeleteLogStream'], Object.fromEntries(Object.entries(LOGS).map(([name, arn]) => [name, `${arn}:log-stream:one`]))],
  [['logs:DeleteLogGroup', 'logs:PutRetentionPolicy'], LOGS],
  [['lambda:InvokeFunction', 'lambda:UpdateFunctionCode'], { function: `arn:aws:lambda:${HERE}:function:lacquer-api` }],
  [['iam:PassRole', 'sts:AssumeRole'], { role: `arn:aws:iam::${ACCOUNT}:role/lacquer-ApiRole` }],
  [['cognito-idp:AdminCreateUser', 'cognito-idp:AdminUpdateUserAttributes'], { pool: `arn:aws:cognito-idp:${HERE}:userpool/${REGION}_abc` }],
]

const each = (actions, resources, how = ['']) =>
  [actions].flat().flatMap((action) => [resources].flat().flatMap((resource) => how.map((way) => name(action, resource, way))))
const name = (action, resource, way) => [action, resource, way].filter(Boolean).join(' | ')

const records = [
  ...each(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem', 'dynamodb:ConditionCheckItem'], 'table'),
  ...each('dynamodb:Query', ['table', 'index']),
]
const logs = (group) => each(['logs:CreateLogStream', 'logs:PutLogEvents'], group)
const receives = (queue) => each(['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'], queue)
const sends = (queues) => each('sqs:SendMessage', queues)
const usesKey = each(['kms:Decrypt', 'kms:GenerateDataKey'], 'key', ['by S3'])
// A copy that moves aside says nothing of what is there: its name is new each time.
const movesAside = [...each('s3:PutObject', 'set aside', ['once', 'over', 'part']), ...each('s3:AbortMultipartUpload', 'set aside'), ...each('s3:DeleteObject', ASSETS)]

/** All that each role is allowed. */
const ALLOWED = {
  IntakeRole: [
    ...logs('IntakeLog'), ...receives('IntakeQueue'), ...sends(['TranscodeQueue', 'CatalogueQueue']), ...records, ...usesKey,
    ...each(['s3:GetObject', 's3:GetObjectVersion'], DELIVERED), ...each('s3:ListBucket', 'masters'), ...movesAside,
  ],
  TranscodeRole: [
    ...logs('TranscodeLog'), ...receives('TranscodeQueue'), ...sends('CatalogueQueue'), ...records, ...usesKey,
    ...each(['s3:GetObject', 's3:GetObjectVersion'], DELIVERED), ...each('s3:ListBucket', ['masters', 'renditions']), ...movesAside,
    ...each(['s3:GetObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], RENDITIONS),
    ...each('s3:PutObject', RENDITIONS, ['once', 'part']),
  ],
  CatalogueRole: [
    ...logs('CatalogueLog'), ...receives('CatalogueQueue'), ...sends('TranscodeQueue'), ...records,
    ...each(['sns:Publish', 'sns:CreateTopic'], 'artist'),
  ],
  NotifyRole: [
    ...logs('NotifyLog'), ...sends('NotifyDeadLetters'), ...records,
    ...each(['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'], 'stream'),
    ...each('dynamodb:ListStreams', 'everything'),
    ...each(['sns:Publish', 'sns:CreateTopic'], 'artist'),
  ],
  ApiRole: [
    ...logs('ApiLog'), ...sends(['IntakeQueue', 'TranscodeQueue', 'CatalogueQueue']), ...records, ...usesKey,
    ...each('s3:GetObject', [...DELIVERED, ...RENDITIONS]), ...each('s3:ListBucket', ['masters', 'renditions']),
    ...each(['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], DELIVERED),
    ...each('s3:PutObject', DELIVERED, ['once', 'part']),
    ...each(['sns:Publish', 'sns:CreateTopic', 'sns:Subscribe', 'sns:ConfirmSubscription', 'sns:ListSubscriptionsByTopic'], 'artist'),
    ...each(['sns:Unsubscribe', 'sns:GetSubscriptionAttributes'], 'everything'),
  ],
  // Its own label's deliveries in, and nothing out: no master is read, nothing is listed, nothing is deleted or written over.
  DesktopRole: [
    ...each(['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], ['own asset', 'own manifest']),
    ...each('s3:PutObject', ['own asset', 'own manifest'], ['once', 'part']),
    ...usesKey,
  ],
  NobodyRole: [],
}

/** What the session of a person carries; a function's carries no label. */
const PERSONS = ['DesktopRole', 'NobodyRole']
const tags = (role) => (PERSONS.includes(role) ? { 'aws:PrincipalTag/label': OWN } : {})

/** All requests, as [name, request]. */
const REQUESTS = UNIVERSE.flatMap(([actions, resources, ways = { '': {} }]) =>
  actions.flatMap((action) =>
    Object.entries(resources).flatMap(([resource, arn]) =>
      Object.entries(ways).map(([way, context]) => [name(action, resource, way), { action, resource: arn, context }]),
    ),
  ),
)

const asking = (request, more) => ({ ...request, context: { ...request.context, ...more } })

/** The names of what a role may do of some requests. */
async function granted(found, role, requests, more = tags(role)) {
  const answers = await Promise.all(requests.map(async ([what, request]) => [what, await allowed(found, role, asking(request, more))]))
  return answers.filter(([, is]) => is).map(([what]) => what)
}

test('every role that the template has is judged', () => {
  assert.deepEqual(Object.keys(template.roles).sort(), Object.keys(ALLOWED).sort())
})

test('what is allowed is asked for', () => {
  const asked = new Set(REQUESTS.map(([what]) => what))
  for (const [role, may] of Object.entries(ALLOWED)) {
    for (const what of may) assert.ok(asked.has(what), `${role}: ${what} is no request of the universe`)
  }
})

for (const [role, may] of Object.entries(ALLOWED)) {
  test(`${role} may do what it is to do, and nothing else`, async () => {
    assert.deepEqual((await granted(template, role, REQUESTS)).sort(), [...may].sort())
  })
}

/** Somebody whose own policies forbid nothing: what they cannot do, nobody can. */
const withAdministrator = (found) => ({
  ...found,
  roles: {
    ...found.roles,
    Administrator: { policies: [{ name: 'all', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }] },
  },
})
const ours = (kinds) => ([, { resource }]) =>
  kinds.some((kind) => Object.keys(template[kind]).some((name) => resource === arns[name] || resource.startsWith(`${arns[name]}/`)))
const GUARDED = REQUESTS.filter(ours(['buckets', 'queues']))
const OVERWRITING = REQUESTS.filter(ours(['buckets'])).filter(([what]) => what.startsWith('s3:PutObject |') && what.endsWith('| over') && !what.includes('set aside'))

const withoutTls = (found) => granted(withAdministrator(found), 'Administrator', GUARDED, { 'aws:SecureTransport': 'false' })
const overwritten = (found) => granted(withAdministrator(found), 'Administrator', OVERWRITING, {})

test('nobody reaches a bucket or a queue without TLS, be they an administrator', async () => {
  const guarded = [...Object.keys(template.buckets), ...Object.keys(template.queues)]
  assert.deepEqual(guarded.sort(), Object.keys(arns).filter((name) => /^arn:aws:(s3|sqs):/.test(arns[name])).sort(), 'each has a policy')
  assert.ok(GUARDED.length > 150)
  assert.deepEqual(await withoutTls(template), [])
  assert.equal((await granted(withAdministrator(template), 'Administrator', GUARDED, {})).length, GUARDED.length - OVERWRITING.length)
})

test('nobody writes over an object, be they an administrator', async () => {
  assert.equal(OVERWRITING.length, 9)
  assert.deepEqual(await overwritten(template), [])
})

test('a session without a label reaches nothing of anybody', async () => {
  assert.deepEqual((await granted(template, 'DesktopRole', REQUESTS, {})).sort(), [...usesKey].sort())
})

test('a label that is a pattern reaches no other', async () => {
  for (const label of ['*', 'noc*', '../nocturne', '']) {
    const may = await granted(template, 'DesktopRole', REQUESTS, { 'aws:PrincipalTag/label': label })
    assert.deepEqual(may.filter((what) => what.startsWith('s3:')), [], label)
  }
})

test('Lambda takes the functions’ roles, and people who signed in to this pool the others', () => {
  for (const [role, { trust }] of Object.entries(template.roles)) {
    assert.equal(trust.Statement.length, 1, role)
    const [statement] = trust.Statement
    if (PERSONS.includes(role)) {
      assert.deepEqual(statement, {
        Effect: 'Allow',
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
        Condition: {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': 'lacquer-IdentityPool' },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
        },
      })
    } else {
      assert.deepEqual(statement, { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' })
    }
  }
})

test('S3 may put manifests into the intake queue: this bucket, of this account', () => {
  const [arrive, ...others] = template.queues.IntakeQueue.Statement
  assert.deepEqual(arrive, {
    Sid: 'ManifestsArrive',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arns.IntakeQueue,
    Condition: { ArnEquals: { 'aws:SourceArn': arns.MastersBucket }, StringEquals: { 'aws:SourceAccount': ACCOUNT } },
  })
  assert.ok(others.every(({ Effect }) => Effect === 'Deny'))
})

test('whatever is loosened is noticed', async () => {
  for (const role of Object.keys(ALLOWED)) assert.ok(!(await noticed({ role, services: ['s3', 'sqs'], found: template })), `${role} as it is`)
  const loosened = [...looser(template)]
  assert.ok(loosened.length > 50)
  for (const one of loosened) assert.ok(await noticed(one), `${one.what} was not noticed`)
})

/** Whether one of the tests above would fail: a role's, by what it may do of these services, or a resource's. */
async function noticed({ role, services, found }) {
  if (!role) return (await withoutTls(found)).length > 0 || (await overwritten(found)).length > 0
  const ofThese = ([what]) => services.includes(what.split(':')[0])
  const expected = ALLOWED[role].filter((what) => ofThese([what]))
  return (await granted(found, role, REQUESTS.filter(ofThese))).sort().join() !== expected.sort().join()
}

/** The template with one policy loosened, every way in turn. */
function* looser(found) {
  const copy = () => structuredClone(found)
  for (const [role, { policies }] of Object.entries(found.roles)) {
    for (const [index, { policy }] of policies.entries()) {
      for (const [at, statement] of policy.Statement.entries()) {
        const services = [...new Set([statement.Action].flat().map((action) => action.split(':')[0]))]
        const changed = (what, change) => {
          const other = copy()
          change(other.roles[role].policies[index].policy.Statement[at])
          return { what: `${role}: ${statement.Sid ?? statement.Effect} ${what}`, role, services, found: other }
        }
        if (statement.Effect === 'Deny') continue
        if (statement.Resource !== '*') yield changed('on everything', (each) => { each.Resource = '*' })
        // A stream knows no further action: there is nothing to notice.
        for (const service of statement.Sid === 'ReadStream' ? [] : services) yield changed(`with ${service}:*`, (each) => { each.Action = `${service}:*` })
        if (statement.Condition) yield changed('without its condition', (each) => { delete each.Condition })
      }
    }
  }
  for (const kind of ['buckets', 'queues']) {
    for (const [resource, policy] of Object.entries(found[kind])) {
      for (const [at, statement] of policy.Statement.entries()) {
        if (statement.Effect !== 'Deny') continue
        const other = copy()
        other[kind][resource].Statement.splice(at, 1)
        yield { what: `${resource} without ${statement.Sid}`, found: other }
      }
    }
  }
}
