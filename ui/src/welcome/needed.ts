import type { Shown } from "../bindings";

/**
 * The welcome is for the first start of an empty workspace on this computer. Once it was seen, or something is there, it
 * never comes; a label's cloud has its name already, and is no place to try things out.
 */
export function needsWelcome({ settings, desk, releases, queue }: Shown): boolean {
  const isEmpty = desk.drafts.length === 0 && desk.imports.length === 0 && releases.length === 0 && queue.deliveries.length === 0;
  return settings.workspace.cloud === null && !settings.desk.welcomed && isEmpty;
}
