// workspace.json, from what CloudFormation says of a stack.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../workspace-json", import.meta.url));
const python = process.env.LACQUER_VENV ? `${process.env.LACQUER_VENV}/bin/python` : "python3";
const outputs = {
  WorkspaceName: "Nocturne Records “Nord”",
  Region: "eu-west-1",
  ApiUrl: "https://abc123.execute-api.eu-west-1.amazonaws.com",
  Issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc",
  SignIn: "https://lacquer-111122223333.auth.eu-west-1.amazoncognito.com",
  Audience: "jzfx0F64sREvFCDnEhEHVMjlTh",
  IdentityPool: "eu-west-1:784b8f13-7ce4-4831-aa0a-d700f99f21fd",
  Masters: "lacquer-masters-111122223333-eu-west-1",
  Ports: "49317,49318,49319",
  ObjectChecksums: "true",
};
const described = (outputs) =>
  JSON.stringify({
    Stacks: [{ Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) }],
  });
const written = (input, ...options) =>
  JSON.parse(execFileSync(python, [script, ...options], { input, encoding: "utf8" }));

test("a deployed stack becomes a file to join it by", () => {
  assert.deepEqual(written(described(outputs)), {
    format: "lacquer.cloud-workspace",
    version: 1,
    name: "Nocturne Records “Nord”",
    region: "eu-west-1",
    api: "https://abc123.execute-api.eu-west-1.amazonaws.com",
    issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc",
    sign_in: "https://lacquer-111122223333.auth.eu-west-1.amazoncognito.com",
    client: "jzfx0F64sREvFCDnEhEHVMjlTh",
    identity_pool: "eu-west-1:784b8f13-7ce4-4831-aa0a-d700f99f21fd",
    masters: "lacquer-masters-111122223333-eu-west-1",
    ports: [49317, 49318, 49319],
    endpoints: { s3: null, cognito_identity: null, cognito_idp: null },
    object_checksums: true,
  });
});

test("a private cloud says where it is", () => {
  const { api, endpoints } = written(
    described(outputs),
    "--api",
    "https://cloud.example/",
    "--s3",
    "https://s3.example",
  );
  assert.equal(api, "https://cloud.example");
  assert.equal(endpoints.s3, "https://s3.example");
});

test("what is no deployed stack is said to be none", () => {
  const { Audience, ...less } = outputs;
  for (const input of ["", "{}", '{"Stacks":[]}', described(less)]) {
    const { status, stderr } = spawnSync(python, [script], { input, encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^This is not what `aws cloudformation describe-stacks` prints/);
  }
});

test("the template has every output that it takes, and registers the ports that it names", () => {
  const template = readFileSync(new URL("../template.yaml", import.meta.url), "utf8");
  const after = template.slice(template.indexOf("\nOutputs:\n"));
  for (const name of Object.keys(outputs)) assert.match(after, new RegExp(`^  ${name}:`, "m"));
  assert.match(after, new RegExp(`^  Ports: \\{ Value: "${outputs.Ports}"`, "m"));
  for (const port of outputs.Ports.split(",")) {
    assert.equal(
      template.split(`- http://localhost:${port}/\n`).length - 1,
      2,
      `${port} is where to come back to, and where to sign out`,
    );
  }
});
