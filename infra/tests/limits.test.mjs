// How much the gateway lets through.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const template = readFileSync(new URL("../template.yaml", import.meta.url), "utf8");
const resource = (name) => template.split(`\n  ${name}:\n`)[1].split(/\n {2}\S/)[0];
const rates = (text) => [...text.matchAll(/ThrottlingRateLimit: (\d+)/g)].map(([, rate]) => Number(rate));

test("what anybody may ask without signing in takes nothing of what accounts share", () => {
  const [usual, own] = resource("ApiStage").split("      RouteSettings:\n");
  const [shared] = rates(usual);
  assert.ok(shared >= 100, `${shared}`);
  const routes = [...template.matchAll(/RouteKey: (.*)\n\s+AuthorizationType: NONE/g)].map(([, route]) => route);
  assert.deepEqual(routes, ["GET /v1/health"]);
  for (const route of routes) {
    const [rate] = rates(own.split(`        ${route}:\n`)[1]);
    assert.ok(rate <= shared / 10, `${route}: ${rate}`);
  }
  // A stage cannot name a route that is not there yet.
  assert.match(usual, /DependsOn: HealthRoute/);
});
