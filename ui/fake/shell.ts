import { emit } from "@tauri-apps/api/event";

import type { Changed, Cloud, Delivery, Draft, Edit, Handover, Release, Shown, SignInPage, Source, Subscription, SubscriptionState, Survey, Trouble } from "../src/bindings";
import { CANCELLED, cloud, ended, EXPIRED, LOW_TIDE, OFFER, PAGE, refusal } from "./cloud";
import { draft as makeDraft, edited, judged, moved, numbered, rowOf } from "./drafts";
import { FakePlayer } from "./player";
import { delivery, queue } from "./queue";
import { mail as makeMail, release as makeRelease } from "./releases";
import { SCENARIOS, type Scenario, type Scene } from "./scenarios";
import { wave } from "./sound";

/** A command takes what the bindings send it. */
type Command = (args: never) => unknown;
type Steps = Map<string, { words: string; before: Draft; gesture: string | null }[]>;

/** The shell as the window knows it: it answers commands and pushes what changed. Nothing is on any disk. */
export class FakeShell {
  readonly scene: Scene;
  readonly player: FakePlayer;
  /** Every command that was given, for tests. */
  readonly given: { command: string; args: unknown }[] = [];
  /** What the clipboard holds. */
  clipboard = "";
  /** What a paste finds, and what the system's dialogs answer. */
  pasted: string[] = [];
  chosen: string[] = ["/music/Slow Weather"];
  joinFile: string | null = "/home/ann/Downloads/workspace.json";
  /** No browser can be started. */
  hasNoBrowser = false;

  #number = 1;
  #resent = new Set<string>();
  #undo: Steps = new Map();
  #redo: Steps = new Map();
  #removed = new Map<string, Draft>();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(scenario: Scenario) {
    this.scene = SCENARIOS[scenario]();
    this.player = new FakePlayer(
      (player) => void emit("player", player),
      { length: (source) => this.#lengthOf(source), title: (source) => this.#titleOf(source) },
      this.scene.hasNoDevice === true,
      this.scene.wait,
    );
    if (!this.scene.isStill) this.#timer = setInterval(() => this.#send(0.25), 250);
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.player.end();
  }

  async answer(command: string, args: unknown): Promise<unknown> {
    this.given.push({ command, args });
    if (this.scene.isSilent) return new Promise(() => undefined);
    if (this.scene.trouble && command === "view") throw this.scene.trouble;
    const run = this.#commands[command];
    if (!run) throw fails(`The fake shell knows no command “${command}”.`);
    if (this.scene.refuses && !READS.has(command)) throw fails("The disk of the workspace is full.", "Make room, and try again.");
    return structuredClone(await run(args as never)) ?? null;
  }

  get shown(): Shown {
    const { scene } = this;
    return {
      number: this.#number,
      desk: { drafts: scene.drafts.map(rowOf), imports: scene.imports },
      queue: scene.queue,
      releases: scene.releases.map((release) => release.row),
      artists: { artists: scene.artists, mails: scene.mails },
      settings: { workspace: scene.workspace, desk: scene.desk, version: "0.1.0" },
      notices: scene.notices,
    };
  }

  /** Pushes parts, as a test would to see the window react. */
  push(...parts: (keyof Omit<Changed, "number">)[]): void {
    this.#number++;
    const { shown } = this;
    const changed: Changed = {
      number: this.#number, desk: null, queue: null, releases: null, artists: null, settings: null, notices: null,
    };
    for (const part of parts) Object.assign(changed, { [part]: shown[part] });
    void emit("changed", structuredClone(changed));
  }

  /** Somebody wants to quit. */
  askToQuit(work = "2 releases are being sent."): void {
    void emit("quit-asked", { work });
  }

  /** Files are held over the window, as the system says it. */
  async drag(type: "enter" | "over" | "drop" | "leave", paths: string[] = [], x = 0, y = 0): Promise<void> {
    await emit(`tauri://drag-${type}`, type === "leave" ? {} : { paths, position: { x, y } });
  }

  /** The person signs in on the page in the browser, or something keeps them from it. */
  comeBack(trouble: Trouble | null = null): void {
    const waiting = this.#browser;
    this.#browser = null;
    if (!waiting) throw new Error("nobody is signing in");
    if (waiting.before) this.#cloud({ account: waiting.before });
    if (trouble) waiting.fail(trouble);
    else waiting.done();
  }

  /** The sign-in ends while somebody works. */
  endSignIn(trouble: Trouble = EXPIRED): void {
    this.#cloud(ended(new Date().toISOString(), trouble));
  }

  #cloud(change: Partial<Cloud>): void {
    const { cloud: open } = this.scene.workspace;
    if (!open) return;
    this.scene.workspace = { ...this.scene.workspace, cloud: { ...open, ...change } };
    this.push("settings");
  }

  /** Who waits for the browser; a second one takes the first one's place. */
  #browser: { done: () => void; fail: (trouble: Trouble) => void; before: Cloud["account"] | null } | null = null;

  #waitForBrowser(before: Cloud["account"] | null): Promise<void> {
    this.#browser?.fail(CANCELLED);
    return new Promise((done, fail) => {
      this.#browser = { done, fail, before };
    });
  }

  #subscription(artist: string, email: string, state: SubscriptionState): void {
    const changed = (one: Subscription) => (one.email === email ? { ...one, state } : one);
    this.scene.artists = this.scene.artists.map((one) => (one.name === artist ? { ...one, subscriptions: one.subscriptions.map(changed) } : one));
    this.push("artists");
  }

  #draft(draftId: string): Draft {
    const found = this.scene.drafts.find((draft) => draft.id === draftId);
    if (!found) throw fails("There is no such draft any more.");
    return found;
  }

  #put(draft: Draft): void {
    const undo = this.#undo.get(draft.id)?.at(-1)?.words ?? null;
    const redo = this.#redo.get(draft.id)?.at(-1)?.words ?? null;
    const put = judged({ ...draft, revision: this.#draft(draft.id).revision + 1, undo, redo });
    this.scene.drafts = this.scene.drafts.map((one) => (one.id === draft.id ? put : one));
    this.push("desk");
  }

  #change(draftId: string, words: string, change: (draft: Draft) => Draft, gesture: string | null = null): void {
    const before = this.#draft(draftId);
    const steps = this.#undo.get(draftId) ?? [];
    const last = steps.at(-1);
    if (!(gesture !== null && last?.gesture === gesture)) steps.push({ words, before, gesture });
    this.#undo.set(draftId, steps);
    this.#redo.set(draftId, []);
    const after = change(before);
    this.#put({ ...after, handed: after.handed === "sent" || after.handed === "queued" ? "changed" : after.handed });
  }

  #step(draftId: string, from: Steps, to: Steps): void {
    const step = from.get(draftId)?.pop();
    if (!step) return;
    const now = this.#draft(draftId);
    to.set(draftId, [...(to.get(draftId) ?? []), { words: step.words, before: now, gesture: null }]);
    this.#put(step.before);
  }

  #delivery(deliveryId: string, change: (delivery: Delivery) => Delivery): void {
    const { isPaused, deliveries } = this.scene.queue;
    this.scene.queue = queue(deliveries.map((one) => (one.id === deliveryId ? change(one) : one)), isPaused);
    this.push("queue");
  }

  #release(releaseId: string, change: (release: Release) => Release): void {
    this.scene.releases = this.scene.releases.map((one) => {
      if (one.row.id !== releaseId) return one;
      const after = change(one);
      return { ...after, row: { ...after.row, revision: one.row.revision + 1 } };
    });
    this.push("releases");
  }

  /** Some seconds of sending. */
  #send(seconds: number): void {
    const { isPaused, deliveries } = this.scene.queue;
    const sending = deliveries.find((one) => one.state === "sending");
    if (isPaused || !sending) return;
    const done = Math.min(1, (sending.bytesDone + seconds * 4_200_000) / sending.bytes);
    const number = Number(sending.release.slice(9));
    const after = done < 1 ? delivery({ number, state: "sending", done }) : { ...delivery({ number, state: "sent" }) };
    let all = deliveries.map((one) => (one === sending ? { ...after, id: one.id, title: one.title, artist: one.artist } : one));
    if (done === 1) {
      const nextUp = all.find((one) => one.state === "waiting");
      all = all.map((one) => (one === nextUp ? { ...delivery({ number: Number(one.release.slice(9)), state: "sending" }), title: one.title } : one));
    }
    this.scene.queue = queue(all);
    this.push("queue");
  }

  #import(paths: string[]): string {
    const number = 900 + this.scene.drafts.length;
    const name = paths[0]?.split("/").at(-1) ?? "Untitled";
    const made = makeDraft({ number, tracks: 8, title: name });
    this.scene.drafts = [made, ...this.scene.drafts];
    this.push("desk");
    return made.id;
  }

  readonly #commands: Record<string, Command> = {
    view: () => this.shown,
    draft: ({ id }: { id: string }) => this.scene.drafts.find((draft) => draft.id === id) ?? null,
    survey: ({ paths }: { paths: string[] }) => surveyOf(paths),
    import: ({ paths }: { paths: string[] }) => this.#import(paths),
    cancel_import: ({ importId }: { importId: number }) => {
      this.scene.imports = this.scene.imports.filter((one) => one.id !== importId);
      this.push("desk");
    },
    import_demo: () => this.#import(["/usr/share/lacquer/Copper Morning"]),
    choose_folders: () => this.chosen,
    choose_files: () => this.chosen,
    choose_picture: () => "/music/sleeve.png",
    pasted_paths: () => this.pasted,
    edit: ({ draft, edits, gesture }: { draft: string; edits: Edit[]; gesture: string | null }) => {
      const first = edits[0];
      const track = first?.track == null ? null : this.#draft(draft).tracks.find((one) => one.id === first.track);
      const words = edits.length > 1 ? `${edits.length} fields` : `${first?.field.replaceAll("_", " ")}${track ? ` of track ${track.number}` : ""}`;
      this.#change(draft, words, (before) => edited(before, edits), gesture);
    },
    undo: ({ draft }: { draft: string }) => this.#step(draft, this.#undo, this.#redo),
    redo: ({ draft }: { draft: string }) => this.#step(draft, this.#redo, this.#undo),
    move_tracks: ({ draft, tracks, disc, before }: { draft: string; tracks: string[]; disc: number; before: string | null }) =>
      this.#change(draft, tracks.length === 1 ? "moving a track" : `moving ${tracks.length} tracks`, (one) => moved(one, tracks, disc, before)),
    remove_tracks: ({ draft, tracks }: { draft: string; tracks: string[] }) =>
      this.#change(draft, tracks.length === 1 ? "removing a track" : `removing ${tracks.length} tracks`, (one) => ({
        ...one,
        tracks: numbered(one.tracks.filter((track) => !tracks.includes(track.id))),
      })),
    set_artwork: ({ draft, path }: { draft: string; path: string }) =>
      this.#change(draft, "artwork", (one) => ({
        ...one,
        artwork: { picture: "/artwork/sleeve-12.svg", path, format: "PNG", width: 3000, height: 3000, bytes: 5_100_000, unreadable: null },
      })),
    remove_artwork: ({ draft }: { draft: string }) => this.#change(draft, "artwork", (one) => ({ ...one, artwork: null })),
    remove_draft: ({ draft }: { draft: string }) => {
      this.#removed.set(draft, this.#draft(draft));
      this.scene.drafts = this.scene.drafts.filter((one) => one.id !== draft);
      this.push("desk");
    },
    restore_draft: ({ draft }: { draft: string }) => {
      const back = this.#removed.get(draft);
      if (!back) throw fails("This draft was not removed since the start.");
      this.scene.drafts = [back, ...this.scene.drafts];
      this.push("desk");
    },
    queue_draft: ({ draft }: { draft: string }): Handover => {
      const one = this.#draft(draft);
      if (one.notQueueable !== null) throw fails(`“${one.title}” cannot be queued.`, one.notQueueable);
      const number = Number(one.id.slice(9));
      const added = { ...delivery({ number, state: "waiting" as const, title: one.title }), artist: one.artist, artwork: one.artwork?.picture ?? null };
      const isFirst = !this.scene.queue.deliveries.some((other) => other.state === "sending");
      this.scene.queue = queue([...this.scene.queue.deliveries.filter((other) => other.id !== added.id), added], this.scene.queue.isPaused);
      if (isFirst) this.#delivery(added.id, () => ({ ...delivery({ number, state: "sending", title: one.title }), artist: one.artist }));
      this.scene.releases = [
        makeRelease({ number, state: "queued", title: one.title, artist: one.artist, tracks: one.tracks.length }),
        ...this.scene.releases.filter((other) => other.row.id !== one.id),
      ];
      this.#put({ ...one, handed: "queued" });
      this.push("queue", "releases");
      return "new";
    },
    pause: ({ delivery: one }: { delivery: string }) => this.#delivery(one, (before) => ({ ...before, state: "paused", waitsFor: "you: it is paused", bytesPerSecond: null, secondsLeft: null })),
    resume: ({ delivery: one }: { delivery: string }) => this.#delivery(one, (before) => this.#again(before)),
    retry: ({ delivery: one }: { delivery: string }) => this.#delivery(one, (before) => this.#again(before)),
    cancel: ({ delivery: one }: { delivery: string }) => this.#delivery(one, (before) => ({ ...before, state: "cancelled", waitsFor: null, bytesPerSecond: null, secondsLeft: null, assets: [] })),
    move_delivery: ({ delivery: one, before }: { delivery: string; before: string | null }) => {
      const { deliveries, isPaused } = this.scene.queue;
      const moving = deliveries.find((other) => other.id === one);
      if (!moving) return;
      const rest = deliveries.filter((other) => other !== moving);
      const at = before === null ? rest.findLastIndex((other) => !["sent", "cancelled"].includes(other.state)) + 1 : rest.findIndex((other) => other.id === before);
      rest.splice(Math.max(0, at), 0, moving);
      this.scene.queue = queue(rest, isPaused);
      this.push("queue");
    },
    pause_queue: ({ paused }: { paused: boolean }) => {
      this.scene.queue = queue(this.scene.queue.deliveries, paused);
      this.push("queue");
    },
    release: ({ id: releaseId }: { id: string }) => this.scene.releases.find((one) => one.row.id === releaseId) ?? null,
    approve: ({ release }: { release: string }) => this.#becomes(release, "ready"),
    reject: ({ release, reason }: { release: string; reason: string }) => {
      this.#becomes(release, "rejected");
      this.#release(release, (one) => ({ ...one, reasons: [{ track: null, message: reason, help: "Mend it, and deliver the release again." }] }));
    },
    withdraw: ({ release }: { release: string }) => this.#becomes(release, "withdrawn"),
    try_again: ({ release }: { release: string }) => this.#becomes(release, "transcoding"),
    subscribe: ({ artist, email }: { artist: string; email: string }) => {
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw fails(`“${email}” is no e-mail address.`, "It needs a name, an @ and a domain.");
      const known = this.scene.artists.find((one) => one.name === artist);
      if (known?.subscriptions.some((one) => one.email === email)) return false;
      const state: SubscriptionState = this.scene.workspace.cloud ? "pending" : "confirmed";
      const added = { email, since: new Date().toISOString(), state };
      this.scene.artists = known
        ? this.scene.artists.map((one) => (one === known ? { ...one, subscriptions: [...one.subscriptions, added] } : one))
        : [...this.scene.artists, { name: artist, releases: [], subscriptions: [added] }];
      this.push("artists");
      return true;
    },
    unsubscribe: ({ artist, email }: { artist: string; email: string }) => {
      this.scene.artists = this.scene.artists.map((one) =>
        one.name === artist ? { ...one, subscriptions: one.subscriptions.filter((other) => other.email !== email) } : one,
      );
      this.push("artists");
      return true;
    },
    sample_letter: ({ artist }: { artist: string }) => {
      const draft = this.scene.drafts.find((one) => one.artist === artist);
      const { subject, body, from } = makeMail("sample", "r", draft?.title ?? "Title", artist);
      const to = this.scene.artists.find((one) => one.name === artist)?.subscriptions[0]?.email ?? "name@example.org";
      return { to, from, subject, body, draft: draft?.title ?? null };
    },
    set_workspace: ({ labelName, review, artistsMail }: { labelName: string; review: boolean; artistsMail: boolean }) => {
      if (labelName.trim() === "") throw fails("The label needs a name.", "It stands on every release.");
      this.scene.workspace = { ...this.scene.workspace, labelName: labelName.trim(), review, artistsMail };
      this.push("settings");
    },
    set_desk: ({ settings }: { settings: Scene["desk"] }) => {
      this.scene.desk = settings;
      this.push("settings");
    },
    open_again: () => {
      if (this.scene.trouble) throw this.scene.trouble;
    },
    choose_join_file: () => this.joinFile,
    look_at_join_file: ({ path }: { path: string }) => {
      const trouble = refusal(path);
      if (trouble) throw trouble;
      return OFFER;
    },
    join: async () => {
      await this.#waitForBrowser(null);
      this.scene.known = [...this.scene.known, LOW_TIDE];
      return LOW_TIDE.path;
    },
    join_page: (): SignInPage | null => (this.#browser ? { page: PAGE, opened: !this.hasNoBrowser } : null),
    cancel_join: () => this.#browser?.fail(CANCELLED),
    open_sign_in_page: () => undefined,
    workspaces: () => this.scene.known,
    open_workspace: () => undefined,
    sign_in: async () => {
      const before = this.scene.workspace.cloud?.account ?? null;
      this.#cloud({ account: { kind: "signingIn", page: PAGE, opened: !this.hasNoBrowser } });
      await this.#waitForBrowser(before);
      this.#cloud({ account: cloud("staff").account, trouble: null });
    },
    cancel_sign_in: () => {
      if (this.#browser) this.comeBack(CANCELLED);
    },
    sign_out: () => this.#cloud({ account: { kind: "signedOut" } }),
    switch_account: ({ subject }: { subject: string }) => {
      const email = this.scene.workspace.cloud?.accounts.find((one) => one.subject === subject)?.email ?? "";
      this.#cloud({ account: { kind: "signedIn", email, kept: true, notKept: null } });
    },
    look_for_news: () => undefined,
    mend: ({ release }: { release: string }) => {
      const one = this.scene.releases.find((other) => other.row.id === release);
      if (!one) throw fails("This release is not here.");
      const made = makeDraft({ number: Number(release.slice(9)), tracks: one.tracks.length, title: one.row.title, artist: one.row.artist });
      this.scene.drafts = [{ ...made, id: release }, ...this.scene.drafts];
      this.push("desk");
      return release;
    },
    artist_accounts: () => this.scene.artistAccounts,
    confirm_subscription: ({ artist, email, pasted }: { artist: string; email: string; pasted: string }) => {
      if (!/[0-9a-f]{16}/.test(pasted)) {
        throw fails("This is not the link of the e-mail, nor a token.", "Copy the whole link behind “Confirm subscription”, and paste it here.");
      }
      this.#subscription(artist, email, "confirmed");
    },
    resend_confirmation: ({ email }: { email: string }) => {
      if (this.#resent.has(email)) throw fails("An e-mail was sent a moment ago.", "It can be sent again in 15 minutes.");
      this.#resent.add(email);
    },
    map_artists: ({ email, artists }: { email: string; artists: string[] }) => {
      const others = this.scene.artistAccounts.filter((one) => one.email !== email);
      this.scene.artistAccounts = artists.length > 0 ? [...others, { email, artists }].toSorted((one, other) => (one.email < other.email ? -1 : 1)) : others;
    },
    diagnostics: () => "Lacquer 0.1.0\nSystem: Linux 6.1, WebKitGTK 2.50\nDrafts: 6, deliveries: 6, releases: 9\nNotices: none",
    listen: ({ listen }: { listen: Parameters<FakePlayer["hear"]>[0] }) => this.player.hear(listen),
    player: () => this.player.now,
    waveform: ({ source }: { source: Source }) => wave(source.track, this.#lengthOf(source)),
    quit: () => undefined,
    copy_text: ({ text }: { text: string }) => {
      this.clipboard = text;
    },
  };

  #again(before: Delivery): Delivery {
    const isFree = !this.scene.queue.deliveries.some((one) => one.state === "sending");
    const number = Number(before.release.slice(9));
    const after = delivery({ number, state: isFree ? "sending" : "waiting", done: isFree ? before.bytesDone / before.bytes : 0 });
    return { ...after, id: before.id, title: before.title, artist: before.artist };
  }

  #becomes(releaseId: string, state: Release["row"]["state"]): void {
    this.#release(releaseId, (one) => {
      const made = makeRelease({ number: Number(one.row.id.slice(9)), state, title: one.row.title, artist: one.row.artist, tracks: one.tracks.length });
      return { ...made, timeline: [...one.timeline, { at: new Date().toISOString(), state, what: made.timeline.at(-1)?.what ?? state }] };
    });
  }

  #track(source: Source): { title: string; milliseconds: number } | null {
    if (source.kind === "draftMaster") {
      const track = this.scene.drafts.find((one) => one.id === source.draft)?.tracks.find((one) => one.id === source.track);
      return track ? { title: track.fields["title"]?.text ?? "", milliseconds: track.master?.sound.milliseconds ?? 0 } : null;
    }
    return this.scene.releases.find((one) => one.row.id === source.release)?.tracks.find((one) => one.id === source.track) ?? null;
  }

  #lengthOf(source: Source): number {
    return source.kind === "rendition" && source.profile === "preview" ? 30_000 : (this.#track(source)?.milliseconds ?? 180_000);
  }

  #titleOf(source: Source): string {
    return this.#track(source)?.title ?? "";
  }
}

const READS = new Set(["choose_join_file", "look_at_join_file", "cancel_join", "cancel_sign_in", "join_page", "workspaces", "artist_accounts", "look_for_news", "sample_letter", "view", "draft", "release", "player", "waveform", "survey", "pasted_paths", "choose_folders", "choose_files", "choose_picture", "listen", "diagnostics"]);

function fails(message: string, help = ""): Trouble {
  return { message, help };
}

/** A folder is told by having no extension. */
function surveyOf(paths: string[]): Survey {
  const of = (extensions: RegExp) => paths.filter((path) => extensions.test(path)).length;
  const folders = paths.filter((path) => !/\.\w+$/.test(path)).length;
  const soundFiles = of(/\.(wav|flac|aiff?|mp3)$/i) + folders * 8;
  const pictures = of(/\.(jpe?g|png)$/i) + folders;
  return {
    names: paths.slice(0, 3).map((path) => path.split("/").at(-1) ?? path),
    folders,
    soundFiles,
    pictures,
    otherFiles: paths.length - folders - of(/\.(wav|flac|aiff?|mp3|jpe?g|png)$/i),
    unreadable: 0,
  };
}

