import type { Listen, Player, Source, Wait } from "../src/bindings";

/** A player without sound: its position moves by the clock. */
export class FakePlayer {
  #state: Player;
  #sources: Source[] = [];
  #timer: ReturnType<typeof setInterval> | null = null;
  #length: (source: Source) => number;
  #title: (source: Source) => string;
  #push: (player: Player) => void;

  constructor(
    push: (player: Player) => void,
    about: { length: (source: Source) => number; title: (source: Source) => string },
    hasNoDevice: boolean,
    wait: Wait | null = null,
  ) {
    this.#push = push;
    this.#length = about.length;
    this.#title = about.title;
    this.#state = {
      state: hasNoDevice ? "no-device" : "stopped",
      trouble: hasNoDevice ? { message: "There is no device to play on.", help: "Connect one, or choose another." } : null,
      source: null,
      title: "",
      index: 0,
      pieces: 0,
      positionMs: 0,
      lengthMs: null,
      volume: 0.8,
      chosenDevice: null,
      devices: hasNoDevice
        ? []
        : [
            { id: "hw:0", name: "Built-in Audio" },
            { id: "hw:1", name: "Babyface Pro" },
          ],
      skipped: [],
      wait,
    };
  }

  get now(): Player {
    return this.#state;
  }

  hear(listen: Listen): void {
    const state = this.#state;
    switch (listen.kind) {
      case "list":
        this.#sources = listen.sources;
        this.#at(listen.startAt, listen.positionMs, true);
        break;
      case "play":
        this.#set({ state: state.source ? "playing" : state.state });
        break;
      case "pause":
        this.#set({ state: state.state === "playing" ? "paused" : state.state });
        break;
      case "playOrPause":
        this.#set({ state: state.state === "playing" ? "paused" : state.source ? "playing" : state.state });
        break;
      case "stop":
        this.#sources = [];
        this.#set({ state: "stopped", source: null, title: "", pieces: 0, positionMs: 0, lengthMs: null });
        break;
      case "next":
        this.#at(state.index + 1, 0, state.state === "playing");
        break;
      case "previous":
        this.#at(state.positionMs > 3000 ? state.index : Math.max(0, state.index - 1), 0, state.state === "playing");
        break;
      case "seek":
        this.#set({ positionMs: Math.max(0, Math.min(listen.positionMs, state.lengthMs ?? 0)) });
        break;
      case "volume":
        this.#set({ volume: listen.volume });
        break;
      case "device":
        this.#set({ chosenDevice: listen.id });
        break;
      case "refreshDevices":
        this.#push(this.#state);
    }
  }

  #at(index: number, positionMs: number, plays: boolean): void {
    const source = this.#sources[index];
    if (!source) {
      this.hear({ kind: "stop" });
      return;
    }
    const hasDevice = this.#state.state !== "no-device";
    this.#set({
      state: !hasDevice ? "no-device" : plays ? "playing" : "paused",
      source,
      title: this.#title(source),
      index,
      pieces: this.#sources.length,
      positionMs,
      lengthMs: this.#length(source),
    });
  }

  #set(changed: Partial<Player>): void {
    this.#state = { ...this.#state, ...changed };
    this.#push(this.#state);
    if (this.#state.state === "playing" && !this.#timer) {
      this.#timer = setInterval(() => this.#move(), 50);
    } else if (this.#state.state !== "playing" && this.#timer) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  /** What is played has yet to come, or has. */
  setWait(wait: Wait | null): void {
    this.#set({ wait });
  }

  #move(): void {
    if (this.#state.wait) return;
    const positionMs = this.#state.positionMs + 50;
    if (positionMs >= (this.#state.lengthMs ?? 0)) this.#at(this.#state.index + 1, 0, true);
    else this.#set({ positionMs });
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}
