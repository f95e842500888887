import type { Artist, ArtistAccount, DeskSettings, Draft, Mail, Queue, Release, Wait, Workspace, WorkspaceRow } from "../src/bindings";
import { artistAccounts, away, cloud, ended, local, several } from "./cloud";
import { draft } from "./drafts";
import { ARTISTS, title } from "./names";
import { delivery, queue } from "./queue";
import { hoursAgo, mail, release } from "./releases";

/** All that a scenario starts with. */
export interface Scene {
  drafts: Draft[];
  queue: Queue;
  releases: Release[];
  artists: Artist[];
  mails: Mail[];
  /** The workspaces of this computer, and which accounts see whom. */
  known: WorkspaceRow[];
  artistAccounts: ArtistAccount[];
  workspace: Workspace;
  desk: DeskSettings;
  notices: { code: string; message: string; help: string }[];
  imports: { id: number; names: string[]; files: number; filesDone: number; bytes: number; bytesDone: number }[];
  /** The workspace cannot be opened. */
  trouble?: { message: string; help: string };
  /** The view is never answered. */
  isSilent?: boolean;
  /** Every command fails. */
  refuses?: boolean;
  /** The network is too slow for what is played, or gone. */
  wait?: Wait;
  hasNoDevice?: boolean;
  /** Nothing moves by itself: for pictures that are compared. */
  isStill?: boolean;
}

const workspace: Workspace = {
  label: "night-records",
  labelName: "Night Records",
  review: true,
  artistsMail: true,
  cloud: null,
  places: [
    { what: "Workspace", path: "/home/ann/Music/Lacquer" },
    { what: "Store", path: "/home/ann/Music/Lacquer/store" },
    { what: "Catalogue", path: "/home/ann/Music/Lacquer/catalogue.db" },
    { what: "E-mail", path: "/home/ann/Music/Lacquer/outbox" },
  ],
};

const desk: DeskSettings = { parallelParts: 4, rateLimit: null, theme: "system", welcomed: true };

const nothing = (): Scene => ({
  drafts: [],
  queue: queue([]),
  releases: [],
  artists: [],
  mails: [],
  known: local(),
  artistAccounts: [],
  workspace: { ...workspace },
  desk: { ...desk },
  notices: [],
  imports: [],
});

function artists(count: number): Artist[] {
  return Array.from({ length: count }, (_, at) => ({
    name: at < ARTISTS.length ? (ARTISTS[at] ?? "") : `${title(`artist ${at}`)} ${at}`,
    releases: Array.from({ length: (at % 3) + 1 }, (_, one) => title(`draft ${at + one}`)),
    subscriptions:
      at % 3 === 0
        ? [
            { email: `${at === 0 ? "ann" : `artist${at}`}@example.com`, since: hoursAgo(24 * (at + 3)), state: "confirmed" as const },
            ...(at % 2 === 0 ? [{ email: `management${at}@example.com`, since: hoursAgo(30), state: "pending" as const }] : []),
          ]
        : [],
  }));
}

const busy = (): Scene => ({
  ...nothing(),
  drafts: [
    draft({ number: 1, tracks: 8, title: "Night Bus", artist: "Ann Ash", faults: ["isrc", "artwork", "notes"] }),
    draft({ number: 2, tracks: 3, title: "Copper Morning", artist: "Copper Morning" }),
    draft({ number: 3, tracks: 1, handed: "queued" }),
    draft({ number: 4, tracks: 12, discs: 2, handed: "changed", faults: ["absent"] }),
    draft({ number: 5, tracks: 5, artwork: false, faults: ["title"] }),
    draft({ number: 6, tracks: 4, handed: "sent" }),
  ],
  queue: queue([
    delivery({ number: 3, state: "sending", done: 0.42 }),
    delivery({ number: 7, state: "waiting" }),
    delivery({ number: 8, state: "paused", done: 0.2 }),
    delivery({ number: 9, state: "failed", done: 0.3 }),
    delivery({ number: 6, state: "sent" }),
    delivery({ number: 10, state: "cancelled" }),
  ]),
  releases: [
    release({ number: 3, state: "sending", tracks: 1 }),
    release({ number: 11, state: "in-review", tracks: 5, title: "Paper Lanterns", artist: "Les Gares" }),
    release({ number: 12, state: "transcoding", tracks: 3 }),
    release({ number: 13, state: "ready", tracks: 9 }),
    release({ number: 14, state: "failed", tracks: 4 }),
    release({ number: 15, state: "rejected", tracks: 2 }),
    release({ number: 6, state: "live", tracks: 4 }),
    release({ number: 16, state: "live", tracks: 10, title: "Slow Weather", artist: "Nørre" }),
    release({ number: 17, state: "withdrawn", tracks: 1 }),
  ],
  artists: artists(9),
  mails: [mail("mail-6", "r6", title("draft 6"), "Ann Ash", 3), mail("mail-16", "r16", "Slow Weather", "Nørre", 50)],
});

/** The workspace of a label's cloud, as an account has it. */
const inCloud = (of = cloud("manager")): Scene => {
  const scene = busy();
  return {
    ...scene,
    known: several(),
    workspace: { ...workspace, label: "low-tide", labelName: "Low Tide Records", cloud: of, places: workspace.places.slice(0, 1) },
    mails: [told("Ann Ash", title("draft 6"), 3), told("Nørre", "Slow Weather", 50)],
    artistAccounts: artistAccounts(),
    releases: scene.releases.map((release) => elsewhere(release, of.may.manage)),
  };
};

/** Its files are in the cloud, and the letters were sent by it. */
function elsewhere(release: Release, isManager = false): Release {
  const away = (track: Release["tracks"][number]) => ({
    ...track,
    renditions: track.renditions.map((one) => ({ ...one, made: one.made && { ...one.made, path: null } })),
  });
  const may = { ...release.may, decide: release.may.decide && isManager, withdraw: release.may.withdraw && isManager };
  const row = { ...release.row, needsYou: release.row.needsYou && (isManager || release.row.state !== "in-review") };
  const mails = release.mails.map((mail) => ({ ...mail, to: null, from: null, path: null }));
  return { ...release, row, may, mails, tracks: release.tracks.map(away) };
}

/** To all who follow an artist at once. */
function told(artist: string, name: string, hours: number): Mail {
  return { ...mail(`told-${artist}`, "r", name, artist, hours), to: null, from: null, path: null };
}

export const SCENARIOS = {
  /** A label's cloud: a manager, staff, an artist. */
  cloud: () => inCloud(),
  "cloud-staff": () => {
    const notKept = "The keyring does not answer.";
    return inCloud(cloud("staff", { account: { kind: "signedIn", email: "mira@low-tide.example", kept: false, notKept } }));
  },
  "cloud-artist": (): Scene => ({
    ...nothing(),
    known: several(),
    workspace: { ...workspace, label: "low-tide", labelName: "Low Tide Records", cloud: cloud("artist"), places: [] },
    releases: [release({ number: 6, state: "live", tracks: 4, artist: "Ann Ash" }), release({ number: 13, state: "ready", tracks: 9, artist: "Ann Ash" })].map(
      (one) => ({ ...elsewhere(one), hasDraft: false, may: { decide: false, withdraw: false, tryAgain: false, mend: false } }),
    ),
    artists: [{ name: "Ann Ash", releases: [title("draft 6")], subscriptions: [{ email: "ann@example.com", since: hoursAgo(2), state: "pending" }] }],
    mails: [told("Ann Ash", title("draft 6"), 3)],
  }),
  /** The cloud cannot be reached. */
  "cloud-away": (): Scene => ({
    ...inCloud(cloud("manager", away(hoursAgo(0.5)))),
    queue: queue([delivery({ number: 3, state: "offline", done: 0.42 }), delivery({ number: 7, state: "waiting" })]),
  }),
  /** The sign-in ended while somebody worked. */
  "cloud-ended": (): Scene => ({
    ...inCloud(cloud("manager", ended(hoursAgo(0.5)))),
    queue: queue([
      delivery({ number: 3, state: "signed-out", done: 0.42 }),
      delivery({ number: 7, state: "signed-out" }),
    ]),
  }),
  /** The cloud was not heard of yet. */
  "cloud-loading": (): Scene => ({ ...nothing(), known: several(), workspace: { ...workspace, cloud: cloud("staff", { answered: false }) } }),
  /** The first start in a cloud that was just joined. */
  "cloud-first": (): Scene => ({
    ...nothing(),
    known: several(),
    desk: { ...desk, welcomed: false },
    workspace: { ...workspace, label: "low-tide", labelName: "Low Tide Records", cloud: cloud("staff"), places: workspace.places.slice(0, 1) },
  }),
  /** The very first start. */
  first: (): Scene => ({ ...nothing(), desk: { ...desk, welcomed: false }, workspace: { ...workspace, labelName: "", label: "" } }),
  /** The welcome was seen, and nothing is there. */
  empty: nothing,
  /** One of everything. */
  one: (): Scene => ({
    ...nothing(),
    drafts: [draft({ number: 2, tracks: 3, title: "Copper Morning", artist: "Ann Ash" })],
    queue: queue([delivery({ number: 3, state: "sending", done: 0.6 })]),
    releases: [release({ number: 6, state: "live", tracks: 3 })],
    artists: artists(1),
    mails: [mail("mail-6", "r6", title("draft 6"), "Ann Ash")],
  }),
  busy,
  /** Hundreds of everything, and a draft of 10,000 tracks. */
  hundreds: (): Scene => ({
    ...nothing(),
    drafts: [
      draft({ number: 1, tracks: 10_000, discs: 20, title: "Everything We Have", artist: "Various Artists" }),
      ...Array.from({ length: 399 }, (_, at) => draft({ number: at + 2, tracks: (at % 14) + 1, faults: at % 9 === 0 ? ["isrc"] : [] })),
    ],
    queue: queue([
      delivery({ number: 401, state: "sending", done: 0.3 }),
      ...Array.from({ length: 299 }, (_, at) => delivery({ number: 402 + at, state: at < 120 ? "waiting" : "sent" })),
    ]),
    releases: Array.from({ length: 600 }, (_, at) => release({ number: 1000 + at, state: at < 3 ? "in-review" : at % 40 === 0 ? "failed" : "live", tracks: (at % 12) + 1 })),
    artists: artists(500),
    mails: Array.from({ length: 300 }, (_, at) => mail(`mail-${at}`, `r${at}`, title(`draft ${at}`), ARTISTS[at % ARTISTS.length] ?? "", at * 5)),
  }),
  /** The store cannot be reached. */
  offline: (): Scene => ({
    ...busy(),
    queue: queue([delivery({ number: 3, state: "offline", done: 0.42 }), delivery({ number: 7, state: "waiting" })]),
    notices: [{ code: "store-away", message: "The store cannot be reached.", help: "Releases wait, and go on by themselves." }],
  }),
  /** The whole queue is held back. */
  paused: (): Scene => ({
    ...busy(),
    queue: queue([delivery({ number: 3, state: "paused", done: 0.42 }), delivery({ number: 7, state: "waiting" })], true),
  }),
  /** Something is wrong everywhere, and every command fails. */
  errors: (): Scene => ({
    ...busy(),
    notices: [
      { code: "disk-full", message: "The disk of the workspace is full: 0 bytes are left.", help: "Make room; what was typed is kept." },
      { code: "draft-unread", message: "A draft could not be read.", help: "Import its folder again." },
    ],
    refuses: true,
  }),
  importing: (): Scene => ({
    ...busy(),
    imports: [{ id: 1, names: ["Slow Weather"], files: 12, filesDone: 5, bytes: 640_000_000, bytesDone: 280_000_000 }],
  }),
  /** Files are being looked for. */
  looking: (): Scene => ({ ...nothing(), imports: [{ id: 1, names: ["Slow Weather"], files: 0, filesDone: 0, bytes: 0, bytesDone: 0 }] }),
  "no-device": (): Scene => ({ ...busy(), hasNoDevice: true }),
  /** Another Lacquer has the workspace. */
  "in-use": (): Scene => ({
    ...nothing(),
    trouble: { message: "This workspace is in use by another Lacquer (process 42).", help: "Close that one first." },
  }),
  loading: (): Scene => ({ ...nothing(), isSilent: true }),
  still: (): Scene => ({ ...busy(), isStill: true }),
} satisfies Record<string, () => Scene>;

export type Scenario = keyof typeof SCENARIOS;
