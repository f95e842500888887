import { invoke } from "@tauri-apps/api/core";
import { listen, type UnlistenFn } from "@tauri-apps/api/event";

import type { View } from "./view";

/** The state of the window: the last view that the session pushed. */
export class Views {
  current = $state<View | null>(null);
  /** Why there is none and will be none. */
  trouble = $state<string | null>(null);

  #unlisten: UnlistenFn | undefined;

  /** Hears of every later view before it asks for the first, so that none is missed. */
  async start(): Promise<void> {
    this.#unlisten = await listen<View>("view", (event) => {
      this.current = event.payload;
    });
    try {
      const first = await invoke<View>("view");
      this.current ??= first;
    } catch (error) {
      this.trouble = String(error);
    }
  }

  stop(): void {
    this.#unlisten?.();
  }
}
