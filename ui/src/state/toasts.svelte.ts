import type { Trouble } from "../bindings";

export interface Toast {
  id: number;
  message: string;
  help: string;
  /** A trouble is read out at once, and stays longer. */
  isTrouble: boolean;
  action: Action | null;
}

interface Action {
  /** What the button does, such as "Undo". */
  words: string;
  run: () => void;
  /** It takes back what was done, and leads nowhere. */
  isUndo: boolean;
}

const STAYS_MS = 6_000;
const TROUBLE_STAYS_MS = 12_000;
const AT_MOST = 4;

/** Short words on what was just done, with its undoing. They go by themselves, but never while somebody is at them. */
export class Toasts {
  shown = $state<Toast[]>([]);

  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #isHeld = false;

  /** What was done last and can be taken back; null where there is nothing. */
  get undoable(): Toast | null {
    return this.shown.findLast((toast) => toast.action?.isUndo) ?? null;
  }

  /** Says something; `undo` puts a button beside it. */
  say(message: string, undo?: () => void, words = "Undo"): void {
    this.#add({ message, help: "", isTrouble: false, action: undo ? { words, run: undo, isUndo: true } : null });
  }

  /** Says something, and leads somewhere from there. */
  lead(message: string, words: string, go: () => void): void {
    this.#add({ message, help: "", isTrouble: false, action: { words, run: go, isUndo: false } });
  }

  trouble(trouble: Trouble, action?: { words: string; run: () => void }): void {
    this.#add({ ...trouble, isTrouble: true, action: action ? { ...action, isUndo: false } : null });
  }

  act(id: number): void {
    const action = this.shown.find((toast) => toast.id === id)?.action;
    this.dismiss(id);
    action?.run();
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
    if (this.shown.length === 0) this.#isHeld = false;
  }

  /** The pointer or the focus is on them: they wait. */
  hold(): void {
    this.#isHeld = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** It is gone: each gets its whole time again. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    for (const toast of this.shown) this.#wind(toast);
  }

  #add(toast: Omit<Toast, "id">): void {
    const same = this.shown.find((one) => one.message === toast.message && one.help === toast.help);
    if (same) this.dismiss(same.id);
    const added = { ...toast, id: this.#next++ };
    this.shown = [...this.shown, added];
    while (this.shown.length > AT_MOST && this.shown[0]) this.dismiss(this.shown[0].id);
    if (!this.#isHeld) this.#wind(added);
  }

  #wind(toast: Toast): void {
    const stays = toast.isTrouble ? TROUBLE_STAYS_MS : STAYS_MS;
    this.#timers.set(toast.id, setTimeout(() => this.dismiss(toast.id), stays));
  }
}
