/** What the queue says of deliveries. */

import type { Delivery, Queue } from "../bindings";
import { count, size, speed, timeLeft } from "../words";
import type { Batch } from "./batch";

/** `in 40 seconds`, `in 3 minutes`; `now` when the time has come. */
export function until(instant: string, now: number): string {
  const seconds = Math.ceil((new Date(instant).getTime() - now) / 1000);
  if (Number.isNaN(seconds) || seconds <= 0) return "now";
  const words = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  if (seconds < 90) return words.format(seconds, "second");
  if (seconds < 90 * 60) return words.format(Math.round(seconds / 60), "minute");
  return words.format(Math.round(seconds / 3600), "hour");
}

/** `312 MB of 1.2 GB`. */
export function amount(done: number, all: number): string {
  return `${size(done)} of ${size(all)}`;
}

/** `3 releases · 1.2 GB of 3.4 GB · 4.2 MB/s · about 3 minutes left`: the line beside the room's title. */
export function overall(releases: number, batch: Batch, queue: Queue): string {
  const parts = [count(releases, "release"), amount(batch.bytesDone, batch.bytes)];
  if (!queue.isPaused) parts.push(...pace(queue));
  return parts.join(" · ");
}

/** What it waits for, or how fast it goes: the line under its title. */
export function standing(delivery: Delivery, isQueuePaused: boolean, now: number): string {
  const done = amount(delivery.bytesDone, delivery.bytes);
  switch (delivery.state) {
    case "sending":
      return [done, ...(isQueuePaused ? ["stops, as the queue is paused"] : pace(delivery))].join(" · ");
    case "waiting":
      if (isQueuePaused) return `${size(delivery.bytes)} · waits until the queue goes on`;
      return `${size(delivery.bytes)} · waits for ${delivery.waitsFor ?? "its turn"}`;
    case "offline":
      if (isQueuePaused) return "The queue is paused.";
      return delivery.triesAgain ? `Tries again ${until(delivery.triesAgain, now)}.` : "Tries again by itself.";
    case "signed-out":
      return `${delivery.bytesDone > 0 ? done : size(delivery.bytes)} · waits for you to sign in`;
    case "paused":
      return delivery.bytesDone > 0 ? `${done} · held back; what was sent stays` : `${size(delivery.bytes)} · held back`;
    case "failed":
      return "";
    case "cancelled":
      return "cancelled";
    case "sent":
      return size(delivery.bytes);
  }
}

function pace(of: Pick<Queue, "bytesPerSecond" | "secondsLeft">): string[] {
  const parts: string[] = [];
  if (of.bytesPerSecond) parts.push(speed(of.bytesPerSecond));
  if (of.secondsLeft !== null) parts.push(timeLeft(of.secondsLeft));
  return parts;
}
