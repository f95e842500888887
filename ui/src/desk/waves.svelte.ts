import { commands, type Source, type Waveform } from "../bindings";
import { sourceKey } from "../state/player.svelte";

/** How long a track is looked at before its waveform is asked for, so that going through a list asks for few. */
const PATIENCE_MS = 80;
const AT_MOST = 64;

/** Waveforms that were asked for, the latest of them. */
const known = new Map<string, Waveform>();

/** The waveform of what is looked at. */
export class Waves {
  #shown = $state.raw<{ key: string; wave: Waveform } | null>(null);

  /** Null until it is there. */
  of(source: Source | null): Waveform | null {
    if (source === null) return null;
    const key = sourceKey(source);
    return this.#shown?.key === key ? this.#shown.wave : (known.get(key) ?? null);
  }

  /** For an effect: asks for it unless it is known, and no longer cares when the effect ends. */
  want(source: Source | null): (() => void) | undefined {
    if (source === null) return;
    const key = sourceKey(source);
    if (known.has(key)) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      void commands.waveform(source).then(
        (wave) => {
          known.set(key, wave);
          for (const old of known.keys()) {
            if (known.size <= AT_MOST) break;
            known.delete(old);
          }
          if (isWanted) this.#shown = { key, wave };
        },
        // A track without a picture can be heard and edited all the same.
        () => undefined,
      );
    }, PATIENCE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }
}
