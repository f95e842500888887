import type { Draft, DraftRow, DraftTrack, Edit, Handed, Problem, Value } from "../src/bindings";
import { artist, id, sleeve, title } from "./names";
import { chance, sound } from "./sound";

const RELEASE_FIELDS = [
  "title", "version", "artist", "featured_artist", "label", "upc", "catalogue_number", "genre", "language", "p_line",
  "c_line", "release_date", "time_zone", "original_release_date", "territories", "kind",
];

export interface DraftWish {
  number: number;
  tracks: number;
  discs?: number;
  handed?: Handed;
  /** What is wrong with it: `isrc`, `artwork`, `title`, `peak`, `twice`. */
  faults?: string[];
  title?: string;
  artist?: string;
  artwork?: boolean;
}

/** A draft as an import would have made it. */
export function draft(wish: DraftWish): Draft {
  const draftId = id("rel", wish.number);
  const next = chance(`draft ${wish.number}`);
  const name = wish.title ?? title(`draft ${wish.number}`);
  const by = wish.artist ?? artist(`draft ${wish.number}`);
  const faults = wish.faults ?? [];
  const found = (text: string, origin: Value["origin"] = "tags"): Value => ({ text, origin: text === "" ? null : origin });
  const fields: Draft["fields"] = Object.fromEntries(RELEASE_FIELDS.map((field) => [field, found("")]));
  Object.assign(fields, {
    title: found(faults.includes("title") ? "" : name, "name"),
    artist: found(by),
    label: found("Night Records", "hand"),
    upc: found(faults.includes("upc") ? "4012345678900" : "4012345678901", "sheet"),
    genre: found("Electronic"),
    language: found("en", "hand"),
    p_line: found("2026 Night Records"),
    c_line: found("2026 Night Records"),
    release_date: found("2026-12-04", "sheet"),
    time_zone: found("Europe/Berlin", "hand"),
    territories: found("worldwide", "hand"),
    kind: found(wish.tracks > 6 ? "album" : wish.tracks > 3 ? "ep" : "single", "tags"),
    catalogue_number: found(`NR ${String(wish.number).padStart(3, "0")}`, "sheet"),
  });
  const discs = wish.discs ?? 1;
  const perDisc = Math.ceil(wish.tracks / discs);
  const tracks: DraftTrack[] = Array.from({ length: wish.tracks }, (_, at) => {
    const milliseconds = Math.round(95_000 + next() * 260_000);
    const trackTitle = wish.tracks === 1 ? name : title(`track ${wish.number} ${at}`);
    const trackFields: DraftTrack["fields"] = {
      title: found(trackTitle, "name"),
      isrc: found(faults.includes("isrc") && at === 2 ? "DEABC26" : `DEABC26${String(wish.number * 100 + at).padStart(5, "0")}`, "tags"),
      composer: found("A. Ash"),
    };
    if (at % 5 === 3) Object.assign(trackFields, { featured_artist: found("Grey Heron"), version: found("Late Edit") });
    return {
      id: id(`t${wish.number}`, at + 1),
      disc: Math.floor(at / perDisc) + 1,
      number: (at % perDisc) + 1,
      fields: trackFields,
      artist: by,
      master: {
        path: `/music/${name}/${String(at + 1).padStart(2, "0")} ${trackTitle}.wav`,
        bytes: Math.round((milliseconds / 1000) * 288_000),
        sound: sound(`${wish.number} ${at}`, milliseconds),
        previewStartMs: 45_000,
      },
    };
  });
  const made: Draft = {
    id: draftId,
    revision: 1,
    title: "",
    artist: by,
    kind: fields["kind"]?.text ?? "album",
    milliseconds: tracks.reduce((sum, track) => sum + (track.master?.sound.milliseconds ?? 0), 0),
    sources: [`/music/${name}`],
    fields,
    tracks,
    artwork:
      wish.artwork === false
        ? null
        : {
            picture: sleeve(wish.number),
            path: `/music/${name}/cover.jpg`,
            format: "JPEG",
            width: faults.includes("artwork") ? 1400 : 3000,
            height: faults.includes("artwork") ? 1400 : 3000,
            bytes: 2_400_000,
            unreadable: null,
          },
    problems: [],
    notes: faults.includes("notes")
      ? [{ code: "tags-differ", message: "Tags of 2 tracks name another album.", help: "Check that they belong here." }]
      : [],
    leftOut: faults.includes("notes") ? [{ path: `/music/${name}/notes.txt`, reason: "This is no sound file and no picture." }] : [],
    absent: faults.includes("absent") ? ["Outro"] : [],
    undo: null,
    redo: null,
    notQueueable: null,
    handed: wish.handed ?? "new",
  };
  return judged(made);
}

/** The draft with what follows from its fields: its title, its problems and whether it can be queued. */
export function judged(draft: Draft): Draft {
  const text = (field: string) => draft.fields[field]?.text ?? "";
  const version = text("version");
  const problems: Problem[] = [];
  const add = (severity: Problem["severity"], field: string, track: DraftTrack | null, code: string, message: string, help = "") => {
    const place = track ? `Track ${track.number} “${track.fields["title"]?.text ?? ""}”` : "Release";
    problems.push({ severity, field, track: track?.id ?? null, place, code, message, help });
  };
  if (text("title") === "") add("error", "title", null, "title-missing", "The release has no title.", "Enter it as it stands on the sleeve.");
  if (text("artist") === "") add("error", "artist", null, "artist-missing", "The release has no artist.", "Enter at least one main artist.");
  if (text("upc") === "4012345678900") {
    add("error", "upc", null, "upc-check-digit", "The last digit of the UPC / EAN should be 1.", "Compare it with where you have it from.");
  }
  if (text("release_date") !== "" && !/^\d{4}-\d\d-\d\d$/.test(text("release_date"))) {
    add("error", "release_date", null, "date-form", `“${text("release_date")}” is not a date.`, "Write it as year, month and day: 2026-12-04.");
  }
  const art = draft.artwork;
  if (!art) add("error", "artwork", null, "artwork-missing", "There is no artwork.", "Stores need a square picture of at least 3,000 × 3,000.");
  else if (art.width < 3000) {
    add("error", "artwork", null, "artwork-small", `Artwork is ${art.width.toLocaleString("en")} × ${art.height.toLocaleString("en")}. Stores need 3,000 × 3,000.`, "Replace it by a larger one.");
  }
  if (text("genre") === "") add("warning", "genre", null, "genre-missing", "No genre is named.", "Stores then choose one.");
  if (text("original_release_date") === "" && text("version").includes("Remaster")) {
    add("hint", "original_release_date", null, "original-date", "A remaster usually has an original release date.");
  }
  for (const track of draft.tracks) {
    const isrc = track.fields["isrc"]?.text ?? "";
    if ((track.fields["title"]?.text ?? "") === "") add("error", "title", track, "title-missing", "The track has no title.", "Enter it.");
    if (isrc !== "" && !/^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(isrc)) {
      add("error", "isrc", track, "isrc-form", `“${isrc}” is no ISRC.`, "An ISRC has 12 characters, such as DEABC2600001.");
    }
    if (isrc === "") add("warning", "isrc", track, "isrc-missing", "The track has no ISRC.", "Stores need one; your distributor may assign it.");
    const peak = track.master?.sound.truePeak ?? -3;
    if (peak > 0) add("warning", "master", track, "true-peak", `True peak is +${peak.toFixed(1)} dBTP.`, "Encoders may clip it. Stores recommend at most −1.");
  }
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const cannot =
    draft.handed === "queued" || draft.handed === "sent"
      ? draft.handed === "queued" ? "It is in the queue as it is." : "It was delivered as it is."
      : errors > 0 ? `${errors === 1 ? "1 error is" : `${errors} errors are`} to be mended first.` : null;
  return {
    ...draft,
    title: version ? `${text("title")} (${version})` : text("title"),
    artist: text("artist"),
    kind: text("kind"),
    milliseconds: draft.tracks.reduce((sum, track) => sum + (track.master?.sound.milliseconds ?? 0), 0),
    problems,
    notQueueable: cannot,
  };
}

export function rowOf(draft: Draft): DraftRow {
  return {
    id: draft.id,
    revision: draft.revision,
    title: draft.title,
    artist: draft.artist,
    tracks: draft.tracks.length,
    errors: draft.problems.filter((problem) => problem.severity === "error").length,
    warnings: draft.problems.filter((problem) => problem.severity === "warning").length,
    artwork: draft.artwork?.picture ?? null,
    handed: draft.handed,
  };
}

export function edited(draft: Draft, edits: Edit[]): Draft {
  const fields = { ...draft.fields };
  let tracks = draft.tracks;
  for (const edit of edits) {
    const value: Value = { text: edit.text.trim(), origin: edit.text.trim() === "" ? null : "hand" };
    if (edit.track === null) fields[edit.field] = value;
    else tracks = tracks.map((track) => (track.id === edit.track ? { ...track, fields: { ...track.fields, [edit.field]: value } } : track));
  }
  return { ...draft, fields, tracks };
}

/** The tracks moved, and numbered anew within each disc. */
export function moved(draft: Draft, ids: string[], disc: number, before: string | null): Draft {
  const taken = draft.tracks.filter((track) => ids.includes(track.id)).map((track) => ({ ...track, disc }));
  const rest = draft.tracks.filter((track) => !ids.includes(track.id));
  const foundAt = before === null ? -1 : rest.findIndex((track) => track.id === before);
  const endOfDisc = rest.findLastIndex((track) => track.disc <= disc) + 1;
  rest.splice(foundAt >= 0 ? foundAt : endOfDisc, 0, ...taken);
  return { ...draft, tracks: numbered(rest) };
}

export function numbered(tracks: DraftTrack[]): DraftTrack[] {
  const last = new Map<number, number>();
  return tracks.map((track) => {
    const number = (last.get(track.disc) ?? 0) + 1;
    last.set(track.disc, number);
    return { ...track, number };
  });
}
