import { commands, type Delivery, type DraftRow, type Queue } from "../bindings";
import { kept } from "../state/kept.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { follow, fraction, isOpen, nothing, type Batch } from "./batch";
import { before, moved } from "./order";

/** The queue as the room shows it: what is on its way in its order, how far that is, and what is opened. */
export class WayOut {
  /** What is open for its files, by id. */
  opened = $state.raw<ReadonlySet<string>>(new Set());
  /** Whether what was sent is shown. */
  showsSent = $state(false);
  batch = $state.raw<Batch>(nothing);
  /** A move that the queue has not shown yet. */
  #wish = $state.raw<{ readonly id: string; readonly before: string | null } | null>(null);
  /** What is held by the pointer, and the order as it would be. */
  #held = $state.raw<{ readonly id: string; readonly order: readonly string[] } | null>(null);

  readonly #lacquer: Lacquer;

  constructor(lacquer: Lacquer) {
    this.#lacquer = lacquer;
  }

  readonly queue: Queue | null = $derived.by(() => this.#lacquer.workspace.shown?.queue ?? null);

  /** In the order in which they are sent, as somebody wants it by now. */
  readonly open: readonly Delivery[] = $derived.by(() => {
    const open = (this.queue?.deliveries ?? []).filter(isOpen);
    const byId = new Map(open.map((one) => [one.id, one]));
    return this.#ordered(open.map((one) => one.id)).flatMap((id) => byId.get(id) ?? []);
  });

  /** Handed over or cancelled, the latest first. */
  readonly over: readonly Delivery[] = $derived.by(() => (this.queue?.deliveries ?? []).filter((one) => !isOpen(one)));

  get held(): string | null {
    return this.#held?.id ?? null;
  }

  /** What the room does in an effect, with every queue that is shown. */
  follow(queue: Queue): void {
    this.batch = follow(this.batch, queue.deliveries);
    const wish = this.#wish;
    if (wish) {
      const order = queue.deliveries.filter(isOpen).map((one) => one.id);
      if (!order.includes(wish.id) || before(order, wish.id) === wish.before) this.#wish = null;
    }
  }

  /** As it is shown: what was sent stays sent, also while nothing of it is being sent and nobody counts. */
  counted(delivery: Delivery): Delivery {
    return { ...delivery, bytesDone: this.batch.members.get(delivery.id)?.bytesDone ?? delivery.bytesDone };
  }

  fraction(delivery: Delivery): number {
    return fraction(this.batch, delivery);
  }

  toggle(id: string): void {
    const opened = new Set(this.opened);
    if (!opened.delete(id)) opened.add(id);
    this.opened = opened;
  }

  /** Takes one up with the pointer. */
  hold(id: string): void {
    this.#held = { id, order: this.open.map((one) => one.id) };
  }

  /** Where what is held is now. */
  drag(to: number): void {
    if (this.#held) this.#held = { ...this.#held, order: moved(this.#held.order, this.#held.id, to) };
  }

  /** Lets go of it, here or where it was. */
  letGo(isMoved: boolean): void {
    const held = this.#held;
    this.#held = null;
    if (held && isMoved) this.#ask(held.order, held.id);
  }

  /** Sends one earlier or later; says to which place it goes, from 1, or null where it stays. */
  move(id: string, by: number): number | null {
    const order = this.open.map((one) => one.id);
    const to = order.indexOf(id) + by;
    const next = moved(order, id, to);
    if (next === order) return null;
    this.#ask(next, id);
    return next.indexOf(id) + 1;
  }

  pause(delivery: Delivery): Promise<unknown> {
    return this.#lacquer.act(() => commands.pause(delivery.id));
  }

  resume(delivery: Delivery): Promise<unknown> {
    return this.#lacquer.act(() => commands.resume(delivery.id));
  }

  retry(delivery: Delivery): Promise<unknown> {
    return this.#lacquer.act(() => commands.retry(delivery.id));
  }

  pauseQueue(isPaused: boolean): Promise<unknown> {
    return this.#lacquer.act(() => commands.pauseQueue(isPaused));
  }

  /** Whether cancelling it can be undone: its draft is there and says what was queued. */
  canQueueAgain(delivery: Delivery): boolean {
    const drafts: readonly DraftRow[] = this.#lacquer.workspace.shown?.desk.drafts ?? [];
    return drafts.some((draft) => draft.id === delivery.release && draft.handed === "queued");
  }

  async cancel(delivery: Delivery): Promise<void> {
    const canUndo = this.canQueueAgain(delivery);
    const done = await this.#lacquer.act(async () => {
      await commands.cancel(delivery.id);
      return true;
    });
    if (!done) return;
    const undo = () => void this.#lacquer.act(() => commands.queueDraft(delivery.release));
    const words = `“${delivery.title || "Untitled"}” was cancelled.`;
    if (canUndo) this.#lacquer.toasts.say(words, undo, "Queue it again");
    else this.#lacquer.toasts.say(words);
  }

  #ordered(order: readonly string[]): readonly string[] {
    const held = this.#held;
    if (held) {
      // What came or went meanwhile stands where the queue has it: at the end, or nowhere.
      const known = held.order.filter((id) => order.includes(id));
      return [...known, ...order.filter((id) => !known.includes(id))];
    }
    const wish = this.#wish;
    if (!wish || !order.includes(wish.id)) return order;
    const rest = order.filter((id) => id !== wish.id);
    const at = wish.before === null ? rest.length : rest.indexOf(wish.before);
    return at < 0 ? order : [...rest.slice(0, at), wish.id, ...rest.slice(at)];
  }

  #ask(order: readonly string[], id: string): void {
    const wish = { id, before: before(order, id) };
    const now = (this.queue?.deliveries ?? []).filter(isOpen).map((one) => one.id);
    if (before(now, id) === wish.before) return;
    this.#wish = wish;
    void this.#lacquer
      .act(async () => {
        await commands.moveDelivery(id, wish.before);
        return true;
      })
      .then((done) => {
        if (!done && this.#wish === wish) this.#wish = null;
      });
  }
}

/** The one of a window: what was opened and how far it was is there again when somebody returns. */
export const wayOut = kept((lacquer) => new WayOut(lacquer));
