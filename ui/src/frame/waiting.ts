import type { Shown } from "../bindings";
import type { Room } from "../state/navigation.svelte";

/** How many things in each room wait for the person: drafts that cannot be queued, failed deliveries, decisions. */
export function waiting(shown: Shown): Record<Room, number> {
  return {
    desk: shown.desk.drafts.filter((draft) => draft.errors > 0 && draft.handed !== "queued" && draft.handed !== "sent").length,
    queue: shown.queue.deliveries.filter((delivery) => delivery.state === "failed").length,
    releases: shown.releases.filter((release) => release.needsYou).length,
    artists: 0,
    settings: 0,
  };
}
