// The template's own policies, resolved, and what they answer.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { runSimulation } from "@cloud-copilot/iam-simulate";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";

const local = fileURLToPath(new URL("../local/", import.meta.url));

/** The policies and resources by logical id, as infra/local/policies.py prints them: with parameters, as "Name=Value". */
export function policies(...parameters) {
  const python = process.env.LACQUER_VENV ? `${process.env.LACQUER_VENV}/bin/python` : "python3";
  const env = { PATH: process.env.PATH };
  return JSON.parse(execFileSync(python, ["-B", `${local}policies.py`, ...parameters], { encoding: "utf8", env }));
}

/** The resource policy that guards an ARN, if one does. */
export function guard(found, arn) {
  const owner = (kind) =>
    Object.keys(found[kind]).find((name) => arn === found.arns[name] || arn.startsWith(`${found.arns[name]}/`));
  if (arn.startsWith("arn:aws:s3:")) return found.buckets[owner("buckets")];
  if (arn.startsWith("arn:aws:sqs:")) return found.queues[owner("queues")];
  if (arn.startsWith("arn:aws:sns:")) return found.topics[owner("topics")];
  // Other keys of the account mostly leave it to the roles too.
  if (arn.startsWith("arn:aws:kms:")) return found.keys.Key;
  return undefined;
}

/** Whether a role may do this: an Allow that reaches it, and no Deny, in its own policies and the resource's. */
export function allowed(found, role, { context = {}, ...request }) {
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/${found.names[role]}/session`;
  const own = { "aws:PrincipalAccount": ACCOUNT, ...context };
  return allowedAs(found, session, found.roles[role].policies, { ...request, context: own });
}

/** Whether somebody may do this: a session, or a service of AWS's, which has no policies of its own. */
export async function allowedAs(found, principal, identityPolicies, { action, resource, context = {} }) {
  const outcome = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { "aws:SecureTransport": "true", ...context },
      },
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: guard(found, resource),
    },
    {},
  );
  if (outcome.resultType === "error") {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(outcome.errors)}`);
  }
  return outcome.overallResult === "Allowed";
}
