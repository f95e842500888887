import type { Delivery, DeliveryState, Queue } from "../src/bindings";
import { artist, id, sleeve, title } from "./names";
import { chance } from "./sound";

export interface DeliveryWish {
  number: number;
  state: DeliveryState;
  /** How far it is, 0 to 1. */
  done?: number;
  title?: string;
}

export function delivery(wish: DeliveryWish): Delivery {
  const next = chance(`delivery ${wish.number}`);
  const files = 3 + Math.floor(next() * 6);
  const done = wish.done ?? (wish.state === "sent" ? 1 : 0);
  const name = wish.title ?? title(`draft ${wish.number}`);
  const sizes = Array.from({ length: files }, (_, at) => (at === 0 ? 2_400_000 : Math.round(28_000_000 + next() * 70_000_000)));
  const bytes = sizes.reduce((sum, one) => sum + one, 0);
  let left = Math.round(bytes * done);
  const assets = sizes.map((one, at) => {
    const bytesDone = Math.min(one, left);
    left -= bytesDone;
    return {
      name: at === 0 ? "cover.jpg" : `${String(at).padStart(2, "0")} ${title(`track ${wish.number} ${at - 1}`)}.wav`,
      bytes: one,
      bytesDone,
      isDone: bytesDone === one,
      wasThere: at === 0 && wish.number % 2 === 0 && done > 0,
    };
  });
  const isSending = wish.state === "sending";
  return {
    id: id("dlv", wish.number),
    release: id("rel", wish.number),
    title: name,
    artist: artist(`draft ${wish.number}`),
    artwork: sleeve(wish.number),
    state: wish.state,
    waitsFor: { waiting: "its turn", paused: "you: it is paused", offline: "the store to be reachable" }[wish.state as string] ?? null,
    trouble:
      wish.state === "offline"
        ? { message: "The store cannot be reached.", help: "Check the network." }
        : wish.state === "failed"
          ? { message: "“02 Undertow.wav” changed while it was being sent.", help: "Wait until it is saved, then try again." }
          : null,
    triesAgain: wish.state === "offline" ? new Date(Date.now() + 40_000).toISOString() : null,
    bytes,
    bytesDone: Math.round(bytes * done),
    bytesPerSecond: isSending ? 4_200_000 : null,
    secondsLeft: isSending ? (bytes * (1 - done)) / 4_200_000 : null,
    assets: isSending || wish.state === "offline" || (wish.state === "paused" && done > 0) ? assets : [],
  };
}

/** The sums of what is not over. */
export function queue(deliveries: Delivery[], isPaused = false): Queue {
  const open = deliveries.filter(({ state }) => !["sent", "cancelled", "failed"].includes(state));
  const sum = (part: (delivery: Delivery) => number) => open.reduce((all, one) => all + part(one), 0);
  const speed = isPaused ? 0 : sum((one) => (one.state === "sending" ? (one.bytesPerSecond ?? 0) : 0));
  const [bytes, bytesDone] = [sum((one) => one.bytes), sum((one) => one.bytesDone)];
  return {
    isPaused,
    deliveries,
    bytes,
    bytesDone,
    bytesPerSecond: speed > 0 ? speed : null,
    secondsLeft: speed > 0 ? (bytes - bytesDone) / speed : null,
  };
}
