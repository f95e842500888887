import type { WorkspaceRow } from "../bindings";

const HERE = "This computer";

/** What a workspace is called: as its cloud, or as its label. */
export function nameOf({ cloud, labelName, label }: WorkspaceRow): string {
  return cloud ?? (labelName || (label === "local" ? HERE : label));
}

/** The same among others: with who joined it, or that it is here. */
export function inMenu(workspace: WorkspaceRow): string {
  const name = nameOf(workspace);
  const where = workspace.cloud ? (workspace.account ?? "cloud") : HERE.toLowerCase();
  return name === HERE ? name : `${name} · ${where}`;
}
