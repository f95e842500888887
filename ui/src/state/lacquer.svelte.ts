import { getContext, setContext } from "svelte";

import { commands } from "../bindings";
import { Keys } from "../keys/keys.svelte";
import { Dragging } from "./dragging.svelte";
import { Navigation } from "./navigation.svelte";
import { PlayerState } from "./player.svelte";
import { Toasts } from "./toasts.svelte";
import { troubleOf } from "./trouble";
import { Workspace } from "./workspace.svelte";

/** All that the rooms share. One is made by the frame, and every component finds it by `useLacquer()`. */
export class Lacquer {
  readonly workspace = new Workspace();
  readonly navigation = new Navigation();
  readonly player = new PlayerState((listen) => this.act(() => commands.listen(listen)));
  readonly toasts = new Toasts();
  readonly dragging = new Dragging();
  readonly keys = new Keys();

  async start(): Promise<void> {
    await Promise.all([this.workspace.start(), this.player.start(), this.dragging.start()]);
  }

  stop(): void {
    this.workspace.stop();
    this.player.stop();
    this.dragging.stop();
  }

  /** Has the shell do something. What it will not do becomes a toast, and undefined; what it answers is returned. */
  async act<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      this.toasts.trouble(troubleOf(error));
      return undefined;
    }
  }
}

const KEY = Symbol("lacquer");

/** For the frame, and for tests of a room: `render(Room, { context: shared(new Lacquer()) })`. */
export function shared(lacquer: Lacquer): Map<symbol, Lacquer> {
  return new Map([[KEY, lacquer]]);
}

export function shareLacquer(lacquer: Lacquer): Lacquer {
  return setContext(KEY, lacquer);
}

export function useLacquer(): Lacquer {
  return getContext<Lacquer>(KEY);
}
