import { commands, events, type Changed, type Shown, type Trouble } from "../bindings";
import { troubleOf } from "./trouble";

/** What the window shows of the workspace: asked for once, then kept up by what is pushed. */
export class Workspace {
  shown = $state.raw<Shown | null>(null);
  /** Why there is nothing to show and will not be. */
  trouble = $state.raw<Trouble | null>(null);

  #stop: (() => void) | null = null;
  #isStopped = false;

  /** Hears of every later change before it asks for the first view, so that none is missed. */
  async start(): Promise<void> {
    const early: Changed[] = [];
    const unlisten = await events.changed.listen(({ payload }) => {
      if (this.shown) this.shown = merge(this.shown, payload);
      else early.push(payload);
    });
    if (this.#isStopped) return unlisten();
    this.#stop = unlisten;
    try {
      this.shown = early.reduce(merge, await commands.view());
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }

  /** What could not be opened, once more. */
  async again(): Promise<void> {
    try {
      await commands.openAgain();
      this.shown = await commands.view();
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop?.();
  }
}

/**
 * Parts that did not change keep their identity, so that nothing that shows them is drawn again. What is in the view
 * already changes nothing.
 */
function merge(shown: Shown, changed: Changed): Shown {
  if (changed.number <= shown.number) return shown;
  return { ...shown, ...Object.fromEntries(Object.entries(changed).filter(([, part]) => part !== null)) };
}
