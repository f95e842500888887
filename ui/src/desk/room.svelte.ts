import { tick } from "svelte";

import { commands, type Draft, type DraftTrack, type Edit, type Handover, type Problem, type Source } from "../bindings";
import { kept } from "../state/kept.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { OpenDraft } from "../state/opened.svelte";
import { count } from "../words";
import { Cells } from "./cells.svelte";
import { Editing, type Place } from "./editing.svelte";
import { FURTHER } from "./fields";
import type { Destination } from "./order";
import { Problems } from "./problems";
import { TrackSelection } from "./selection.svelte";

/** What the track table does for others. */
export interface Table {
  /** Brings a cell into sight and focuses it, or opens it. False where its column is not shown. */
  visit(track: string, field: string | null, open: boolean): Promise<boolean>;
}

/** The desk: which draft is open, what is chosen in it, and what is done to it. */
export class DeskRoom {
  readonly opened = new OpenDraft();
  readonly selection: TrackSelection;
  readonly cells: Cells;
  /** What the release says of label, codes and rights is open to be entered. */
  isFurtherOpen = $state(false);
  /** The problem that was followed last. */
  followed = $state.raw<Problem | null>(null);
  table: Table | null = null;
  /** Brings the problems into sight and focuses the first. */
  showProblems: (() => void) | null = null;

  #lacquer: Lacquer;
  #editings = new Map<string, Editing>();
  #doing: Promise<unknown> = Promise.resolve();
  /** What could be taken back elsewhere when a draft was last worked on: by now that is not what was done last. */
  #overtaken = 0;

  readonly desk = $derived.by(() => this.#lacquer.workspace.shown?.desk ?? null);
  readonly draft = $derived(this.opened.value);
  readonly tracks: DraftTrack[] = $derived(this.draft?.tracks ?? []);
  readonly problems = $derived(new Problems(this.draft?.problems ?? []));
  readonly editing = $derived.by(() => (this.opened.id === null ? null : this.#editingOf(this.opened.id)));
  readonly #byId = $derived(new Map(this.tracks.map((track) => [track.id, track])));
  readonly #order = $derived(this.tracks.map((track) => track.id));

  constructor(lacquer: Lacquer) {
    this.#lacquer = lacquer;
    this.selection = new TrackSelection(() => this.#order);
    this.cells = new Cells(() => this.editing);
  }

  /** The draft that is open: the chosen one, or the latest. */
  readonly row = $derived.by(() => {
    const drafts = this.desk?.drafts ?? [];
    return drafts.find((draft) => draft.id === this.#lacquer.navigation.selected.draft) ?? drafts[0] ?? null;
  });

  track(id: string): DraftTrack | undefined {
    return this.#byId.get(id);
  }

  /** The chosen tracks. */
  get chosen(): DraftTrack[] {
    return this.selection.tracks.flatMap((id) => this.#byId.get(id) ?? []);
  }

  select(draft: string): void {
    this.#atWork();
    this.leave();
    this.#lacquer.navigation.selected.draft = draft;
  }

  /** What is being typed is sent: another room or draft is opened. */
  leave(): void {
    this.cells.leave();
    for (const editing of this.#editings.values()) void editing.flush();
  }

  /** The page goes away, perhaps for good. */
  leaveAtOnce(): void {
    for (const editing of this.#editings.values()) editing.flushAtOnce();
  }

  text(place: Place): string {
    return this.editing?.text(place) ?? shown(this.draft, this.#byId, place);
  }

  async put(edits: Edit[]): Promise<void> {
    this.#edited();
    await this.editing?.put(edits);
  }

  async chooseFolders(): Promise<void> {
    await this.#lacquer.makeDraft((await this.#lacquer.act(commands.chooseFolders)) ?? []);
  }

  async chooseFiles(): Promise<void> {
    await this.#lacquer.makeDraft((await this.#lacquer.act(commands.chooseFiles)) ?? []);
  }

  /** Something was done to the draft, if only by the last keys. */
  get canUndo(): boolean {
    return this.draft !== null && (this.draft.undo !== null || (this.editing?.isUnsettled ?? false));
  }

  /** Takes back what was done last: a draft that was just taken off comes back before a step of the next one is undone. */
  async undoLast(): Promise<void> {
    const { toasts } = this.#lacquer;
    const last = toasts.undoable;
    if (last && last.id > this.#overtaken && !this.editing?.isUnsettled) toasts.act(last.id);
    else await this.undo();
  }

  undo(): Promise<void> {
    return this.#step("undo", commands.undo);
  }

  redo(): Promise<void> {
    return this.#step("redo", commands.redo);
  }

  async move(tracks: string[], to: Destination): Promise<void> {
    await this.#change((draft) => commands.moveTracks(draft, tracks, to.disc, to.before));
  }

  /** Takes the chosen tracks out; their files stay. */
  async removeChosen(): Promise<void> {
    const gone = this.chosen;
    const [first] = gone;
    if (!first) return;
    const next = this.selection.after();
    this.cells.leave();
    const done = await this.#change((draft) => commands.removeTracks(draft, gone.map((track) => track.id)));
    if (!done) return;
    if (next !== null) this.selection.choose(next);
    const what = gone.length === 1 ? `“${titleOf(first)}”` : count(gone.length, "track");
    this.#sayWithUndo(`${what} ${gone.length === 1 ? "was" : "were"} taken out. The files stay where they are.`);
  }

  async setArtwork(path: string | null | undefined): Promise<void> {
    if (path) await this.#change((draft) => commands.setArtwork(draft, path));
  }

  async chooseArtwork(): Promise<void> {
    await this.setArtwork(await this.#lacquer.act(commands.choosePicture));
  }

  async removeArtwork(): Promise<void> {
    if (await this.#change(commands.removeArtwork)) this.#sayWithUndo("The artwork was taken away. The file stays.");
  }

  async removeDraft(id: string): Promise<void> {
    const drafts = this.desk?.drafts ?? [];
    const at = drafts.findIndex((draft) => draft.id === id);
    const title = drafts[at]?.title;
    await this.#editings.get(id)?.flush();
    const done = await this.#lacquer.act(async () => {
      await commands.removeDraft(id);
      return true;
    });
    if (!done) return;
    const { navigation, toasts } = this.#lacquer;
    if (navigation.selected.draft === id) navigation.selected.draft = (drafts[at + 1] ?? drafts[at - 1])?.id ?? null;
    toasts.say(`${title ? `“${title}”` : "The draft"} was taken off the desk. What was queued stays queued.`, () => {
      void this.#lacquer.act(async () => {
        await commands.restoreDraft(id);
        navigation.openDraft(id);
      });
    });
  }

  /** Leads to what keeps the release from being queued: its problems, or where it is already. */
  showWhyNot(): void {
    const { draft } = this;
    if (!draft) return;
    if (this.problems.count("error") > 0 || draft.handed === "new" || draft.handed === "changed") this.showProblems?.();
    else if (draft.handed === "queued") this.#lacquer.navigation.go("queue");
    else this.#lacquer.navigation.openRelease(draft.id);
  }

  async queue(): Promise<void> {
    const { draft } = this;
    if (!draft || !this.editing) return;
    this.cells.leave();
    await this.editing.flush();
    const { troubled } = this.editing;
    if (troubled) {
      this.#lacquer.toasts.trouble({
        message: "Something that was typed could not be kept, so nothing was queued.",
        help: this.editing.trouble(troubled)?.message ?? "",
      });
      return this.#leadTo(troubled);
    }
    // What was just typed may have mended it, or made it wrong.
    await this.opened.again();
    if (this.draft?.id !== draft.id) return;
    if (this.draft.notQueueable !== null) return this.showWhyNot();
    const met = await this.#lacquer.act(() => commands.queueDraft(draft.id));
    if (met === undefined) return;
    const words = handoverWords(met, draft.title);
    this.#lacquer.toasts.lead(words, "Show the queue", () => this.#lacquer.navigation.go("queue"));
  }

  /** Plays the draft's masters from a track on. */
  async play(track: string, positionMs = 0): Promise<void> {
    const sources = this.sources();
    const at = sources.findIndex((source) => source.kind === "draftMaster" && source.track === track);
    if (at >= 0) await this.#lacquer.player.play(sources, at, positionMs);
  }

  /** Space: plays what is chosen, or holds it. */
  async playOrPause(): Promise<void> {
    const lead = this.selection.lead;
    const source = lead === null ? null : this.source(lead);
    if (lead === null || !source || this.#lacquer.player.holds(source)) await this.#lacquer.player.playOrPause();
    else await this.play(lead);
  }

  source(track: string): Source | null {
    const draft = this.opened.id;
    return draft !== null && this.#byId.get(track)?.master ? { kind: "draftMaster", draft, track } : null;
  }

  sources(): Source[] {
    return this.#order.flatMap((track) => this.source(track) ?? []);
  }

  /** Leads to what a problem is about. */
  async follow(problem: Problem): Promise<void> {
    this.followed = problem;
    this.cells.leave();
    await this.#leadTo(problem);
  }

  /** The next problem, or the one before. */
  async followNext(by: 1 | -1): Promise<void> {
    const next = this.problems.next(this.followed, by);
    if (next) await this.follow(next);
  }

  async #leadTo({ track, field }: Place): Promise<void> {
    if (track === null) {
      if (field === "tracks") await this.#toTable(null, null);
      else {
        if (FURTHER.some((group) => group.fields.some((one) => one.name === field))) this.isFurtherOpen = true;
        await tick();
        focusPlace(field);
      }
      return;
    }
    this.selection.choose(track);
    if (await this.#toTable(track, field)) return;
    await tick();
    if (!focusPlace(field, "track")) await this.#toTable(track, null);
  }

  async #toTable(track: string | null, field: string | null): Promise<boolean> {
    const to = track ?? this.selection.lead;
    return to !== null && this.table !== null && (await this.table.visit(to, field, field !== null));
  }

  #sayWithUndo(message: string): void {
    const { id, revision } = this.draft ?? { id: null, revision: 0 };
    this.#lacquer.toasts.say(message, () => {
      const now = this.desk?.drafts.find((draft) => draft.id === id);
      if (id === null || !now) return;
      if (now.revision !== revision) {
        this.#lacquer.toasts.say("Something was changed since. Undo that first, step by step.");
        return;
      }
      void this.#lacquer.act(() => commands.undo(id)).then(() => this.opened.again());
    });
    // It is the draft's own last step, and undone as such.
    this.#overtake();
  }

  /** One step after the other, each after what was typed. */
  async #step(name: "undo" | "redo", run: (draft: string) => Promise<unknown>): Promise<void> {
    const { draft, editing } = this;
    if (!draft || !editing) return;
    this.#edited();
    this.cells.leave();
    const doing = this.#doing.then(async () => {
      // What could not be kept is what was done last: it is taken back, and nothing else; none of it goes unseen.
      if (!(await editing.flush())) {
        if (name === "undo") return editing.takeBackTroubled();
        if (editing.troubled) return this.#leadTo(editing.troubled);
      }
      await this.opened.again();
      // Nothing is there to be undone, unless it came about just now.
      if (this.opened.value?.id === draft.id && this.opened.value[name] === null) return;
      editing.forget();
      await this.#lacquer.act(() => run(draft.id));
      await this.opened.again();
    });
    this.#doing = doing;
    await doing;
  }

  async #change(run: (draft: string) => Promise<unknown>): Promise<boolean> {
    const { draft, editing } = this;
    if (!draft || !editing) return false;
    this.#edited();
    await editing.flush();
    const done = await this.#lacquer.act(async () => {
      await run(draft.id);
      return true;
    });
    await this.opened.again();
    return done ?? false;
  }

  /** Somebody is at work on the draft that is shown: it stays, also where it is shown for being the first, until another is. */
  #atWork(): void {
    const { navigation } = this.#lacquer;
    navigation.touch();
    navigation.selected.draft ??= this.row?.id ?? null;
  }

  #edited(): void {
    this.#atWork();
    this.#overtake();
  }

  #overtake(): void {
    this.#overtaken = this.#lacquer.toasts.undoable?.id ?? this.#overtaken;
  }

  #editingOf(id: string): Editing {
    const there = this.#editings.get(id);
    if (there) return there;
    const editing = new Editing({
      shown: (place) => (this.draft?.id === id ? shown(this.draft, this.#byId, place) : ""),
      edit: (edits, gesture) => {
        this.#edited();
        return commands.edit(id, edits, gesture);
      },
      refresh: () => this.opened.again(),
      begun: () => this.#atWork(),
    });
    this.#editings.set(id, editing);
    return editing;
  }
}

/** The desk of a window. It stays while other rooms are open, so that what is chosen is found again. */
export const deskOf = kept((lacquer) => new DeskRoom(lacquer));

/** A track as it is called. */
export function titleOf(track: DraftTrack): string {
  const title = track.fields.title?.text || `Track ${track.number}`;
  const version = track.fields.version?.text;
  return version ? `${title} (${version})` : title;
}

function shown(draft: Draft | null, tracks: ReadonlyMap<string, DraftTrack>, { track, field }: Place): string {
  if (track === null) return draft?.fields[field]?.text ?? "";
  const there = tracks.get(track);
  const text = there?.fields[field]?.text;
  if (text !== undefined || !there) return text ?? "";
  if (field === "disc" || field === "number") return String(there[field]);
  return "";
}

function handoverWords(met: Handover, title: string): string {
  const what = title ? `“${title}”` : "The release";
  switch (met) {
    case "new":
      return `${what} is in the queue.`;
    case "under-way":
      return `${what} is in the queue already, and goes on.`;
    case "again":
      return `${what} failed before, and is tried again.`;
    case "unchanged":
      return `Nothing of ${what} has changed since it was delivered.`;
  }
}

/** Focuses what a field is entered with. False where it is not on the screen. */
function focusPlace(field: string, of: "release" | "track" = "release"): boolean {
  const input = document.querySelector<HTMLElement>(`[data-place="${of}.${field}"]`);
  if (!input) return false;
  input.scrollIntoView?.({ block: "center" });
  input.focus({ preventScroll: true });
  if (input instanceof HTMLInputElement) input.select();
  return true;
}
