import type { Delivery, DeliveryState } from "../bindings";

/**
 * What is on its way out, seen as one piece of work: it begins when something is queued, and ends when nothing is left.
 * What was sent meanwhile still counts, so that the bar does not fall back whenever a delivery is done.
 */
export interface Batch {
  readonly members: ReadonlyMap<string, Member>;
  readonly bytes: number;
  readonly bytesDone: number;
  /** 0 to 1. Falls only when somebody adds or takes away work. */
  readonly fraction: number;
  /** Counts how often work was added or taken away: another number begins from its own beginning. */
  readonly work: number;
}

interface Member {
  readonly state: DeliveryState;
  readonly bytes: number;
  readonly bytesDone: number;
}

export const nothing: Batch = { members: new Map(), bytes: 0, bytesDone: 0, fraction: 0, work: 0 };

/** Whether something is still to happen to it. */
export function isOpen(delivery: Pick<Delivery, "state">): boolean {
  return delivery.state !== "sent" && delivery.state !== "cancelled";
}

/** The batch as it is after these deliveries were shown. */
export function follow(batch: Batch, deliveries: readonly Delivery[]): Batch {
  if (!deliveries.some(isOpen)) return nothing;
  const members = new Map<string, Member>();
  let isSameWork = true;
  for (const delivery of deliveries) {
    const before = batch.members.get(delivery.id);
    if (!isOpen(delivery) && !(before && delivery.state === "sent")) continue;
    members.set(delivery.id, member(before, delivery));
    isSameWork &&= before !== undefined;
  }
  for (const id of batch.members.keys()) isSameWork &&= members.has(id);

  let [bytes, bytesDone] = [0, 0];
  for (const one of members.values()) {
    bytes += one.bytes;
    bytesDone += one.bytesDone;
  }
  const fraction = bytes === 0 ? 0 : bytesDone / bytes;
  return isSameWork
    ? { members, bytes, bytesDone, fraction: Math.max(batch.fraction, fraction), work: batch.work }
    : { members, bytes, bytesDone, fraction, work: batch.work + 1 };
}

/** While it goes on, what is done does not become less: a part that is sent again was counted already. */
function member(before: Member | undefined, delivery: Delivery): Member {
  const { state, bytes } = delivery;
  if (state === "sent") return { state, bytes, bytesDone: bytes };
  const goesOn = before !== undefined && before.bytes === bytes && before.state !== "failed";
  const bytesDone = Math.min(bytes, goesOn ? Math.max(before.bytesDone, delivery.bytesDone) : delivery.bytesDone);
  return { state, bytes, bytesDone };
}

/** What of a delivery is done, 0 to 1. */
export function fraction(batch: Batch, delivery: Delivery): number {
  if (delivery.state === "sent") return 1;
  const done = batch.members.get(delivery.id)?.bytesDone ?? delivery.bytesDone;
  return delivery.bytes === 0 ? 0 : Math.min(1, done / delivery.bytes);
}
