// What the user pool's client promises of those who were shut out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const template = readFileSync(new URL("../template.yaml", import.meta.url), "utf8");
const [, client] = template.split("\n  AppClient:\n");
const property = (name) => new RegExp(`^      ${name}: (.*)$`, "m").exec(client)?.[1];

test("an account that was disabled or signed out is out within a quarter of an hour", () => {
  assert.match(property("TokenValidityUnits"), /IdToken: minutes, AccessToken: minutes/);
  for (const name of ["IdTokenValidity", "AccessTokenValidity"]) {
    const minutes = Number(property(name));
    // Cognito's least is five; and one that is shorter than ten would be asked for anew all the time.
    assert.ok(minutes >= 10 && minutes <= 15, `${name}: ${minutes}`);
  }
  assert.equal(property("EnableTokenRevocation"), "true");
  assert.match(property("RefreshTokenRotation"), /ENABLED/);
});

test("the app asks for what the client may ask for, and an ID token names its label", () => {
  const listed = (text) => text.split(",").map((scope) => scope.trim().replaceAll('"', "")).sort();
  const allowed = listed(/^\[(.*)\]$/.exec(property("AllowedOAuthScopes"))[1]);
  const app = readFileSync(new URL("../../crates/desktop/src/account/sign_in.rs", import.meta.url), "utf8");
  assert.deepEqual(listed(/const SCOPES: \[&str; \d\] = \[(.*)\];/.exec(app)[1]), allowed);
  // Beside any other scope, Cognito lets a pool's own attributes out by this one alone.
  assert.ok(allowed.includes("profile"));
  assert.match(property("ReadAttributes"), /custom:label_id/);
});
