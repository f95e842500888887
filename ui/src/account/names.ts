import type { WorkspaceRow } from "../bindings";

/** What a workspace is called: as its cloud, or as its label. */
export function nameOf({ cloud, labelName, label }: WorkspaceRow): string {
  return cloud ?? (labelName || (label === "local" ? "This computer" : label));
}
