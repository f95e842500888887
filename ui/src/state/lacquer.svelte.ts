import { getContext, setContext } from "svelte";

import { commands } from "../bindings";
import { Keys, typesText } from "../keys/keys.svelte";
import { Dragging } from "./dragging.svelte";
import { Navigation } from "./navigation.svelte";
import { PlayerState } from "./player.svelte";
import { Toasts } from "./toasts.svelte";
import { troubleOf } from "./trouble";
import { Waves } from "./waves.svelte";
import { Workspace } from "./workspace.svelte";

/** All that the rooms share. One is made by the frame, and every component finds it by `useLacquer()`. */
export class Lacquer {
  readonly workspace = new Workspace();
  readonly navigation = new Navigation();
  readonly player = new PlayerState((listen) => this.act(() => commands.listen(listen)));
  readonly toasts = new Toasts();
  readonly dragging = new Dragging();
  readonly keys = new Keys();
  readonly waves = new Waves();

  /** Asked first what to do with files that are pasted; true where it took them. A room sets it while it is shown. */
  takesPaste: ((paths: string[]) => boolean) | null = null;
  /** Asked before files become a draft; true where they are something else. */
  takesFiles: ((paths: string[]) => boolean) | null = null;

  async start(): Promise<void> {
    this.dragging.fallback = (paths) => void this.makeDraft(paths);
    try {
      await Promise.all([this.workspace.start(), this.player.start(), this.dragging.start()]);
    } catch (error) {
      this.toasts.trouble(troubleOf(error));
    }
  }

  stop(): void {
    this.workspace.stop();
    this.player.stop();
    this.dragging.stop();
  }

  /** Makes a draft of files and folders, at the desk, and opens it unless somebody is at work on another by then. */
  async makeDraft(paths: string[]): Promise<void> {
    if (paths.length > 0 && !this.takesFiles?.(paths)) await this.#openWhenMade(() => commands.import(paths));
  }

  /** Makes a draft of the demo album. */
  async makeDemoDraft(): Promise<void> {
    await this.#openWhenMade(() => commands.importDemo());
  }

  /** Makes a draft of what is on the clipboard, or has the room take it. */
  async paste(): Promise<void> {
    const paths = await this.act(() => commands.pastedPaths());
    if (!paths || paths.length === 0 || this.takesPaste?.(paths)) return;
    await this.makeDraft(paths);
  }

  async #openWhenMade(make: () => Promise<string>): Promise<void> {
    const { navigation } = this;
    navigation.go("desk");
    const before = { draft: navigation.selected.draft, touched: navigation.touched };
    const made = await this.act(make);
    if (made === undefined) return;
    // Who stands in a field is about to type, though no key was pressed yet.
    const isAtWork = navigation.touched !== before.touched || typesText(document.activeElement);
    const isFree = navigation.selected.draft === before.draft && !isAtWork;
    if (navigation.room === "desk" && isFree) navigation.selected.draft = made;
    else this.toasts.lead("A draft was made at the desk.", "Open", () => navigation.openDraft(made));
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
