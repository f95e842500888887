import { SvelteMap } from "svelte/reactivity";

import { commands, type Source, type Waveform } from "../bindings";
import { sourceKey } from "./player.svelte";

const AT_ONCE = 3;
const KEPT = 200;

/**
 * Waveforms, asked for as they come into sight and kept while they are likely to be seen again. What was wanted last is
 * asked for first: a list that is scrolled through shows where it has stopped, and not where it was.
 */
export class Waves {
  #known = new SvelteMap<string, Waveform | null>();
  #wanted = new Map<string, Source>();
  #asking = new Set<string>();
  #ask: (source: Source) => Promise<Waveform>;

  constructor(ask: (source: Source) => Promise<Waveform> = (source) => commands.waveform(source)) {
    this.#ask = ask;
  }

  /** Null while it is not there, or where there is none. */
  get(source: Source | null): Waveform | null {
    return source === null ? null : (this.#known.get(waveKey(source)) ?? null);
  }

  /** Has it asked for; call the returned function when it is out of sight again. */
  want(source: Source): () => void {
    const key = waveKey(source);
    if (this.#known.has(key) || this.#asking.has(key)) return () => undefined;
    this.#wanted.set(key, source);
    this.#next();
    return () => this.#wanted.delete(key);
  }

  #next(): void {
    while (this.#asking.size < AT_ONCE) {
      const last = [...this.#wanted].at(-1);
      if (!last) return;
      const [key, source] = last;
      this.#wanted.delete(key);
      this.#asking.add(key);
      void this.#ask(source)
        .catch(() => null)
        .then((wave) => {
          this.#asking.delete(key);
          this.#known.set(key, wave);
          const oldest = this.#known.keys().next().value;
          if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
          this.#next();
        });
    }
  }
}

/** A rendition looks as its master does. */
function waveKey(source: Source): string {
  return source.kind === "rendition"
    ? sourceKey({ kind: "master", release: source.release, track: source.track })
    : sourceKey(source);
}
