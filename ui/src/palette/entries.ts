import { accounts } from "../account/account.svelte";
import { nameOf } from "../account/names";
import { commands } from "../bindings";
import type { Lacquer } from "../state/lacquer.svelte";

/** Something that the palette goes to or does. */
export interface Entry {
  key: string;
  words: string;
  detail: string;
  /** What it is: "Draft", "Release". */
  kind: string;
  artwork?: string | null;
  keys?: string | string[];
  run: () => void;
}

/** What can be gone to or done now: what is done most stands first. */
export function entries(lacquer: Lacquer): Entry[] {
  const { keys, navigation, workspace } = lacquer;
  const shown = workspace.shown;
  const account = accounts(lacquer);
  const actions: Entry[] = keys.registered
    .filter((key) => key.inPalette && (key.when?.() ?? true))
    .map((key) => ({
      key: `key ${key.group} ${key.words}`,
      words: key.words,
      detail: "",
      kind: key.group === "Rooms" ? "Room" : key.group,
      keys: key.keys,
      run: () => key.run(new KeyboardEvent("keydown")),
    }));
  const more: Entry[] = [
    {
      key: "folders",
      words: "Make a draft of a folder…",
      detail: "",
      kind: "Desk",
      run: () => void lacquer.act(() => commands.chooseFolders()).then((paths) => lacquer.makeDraft(paths ?? [])),
    },
    {
      key: "files",
      words: "Make a draft of files…",
      detail: "",
      kind: "Desk",
      run: () => void lacquer.act(() => commands.chooseFiles()).then((paths) => lacquer.makeDraft(paths ?? [])),
    },
  ];
  const leads: Entry[] = [];
  if (shown) {
    const doing = (key: string, words: string, run: () => Promise<unknown>, detail = "") => ({ key, words, detail, kind: "Account", run: () => void run() });
    leads.push(doing("join", "Join a label’s cloud…", () => account.choose()));
    for (const one of account.known.filter(({ isThis }) => !isThis)) {
      const name = nameOf(one);
      leads.push(doing(`workspace ${one.path}`, `Open ${name}`, () => account.open(one.path, name), one.account ?? "this computer"));
    }
    if (account.isSignedOut) leads.push(doing("sign in", "Sign in", () => account.signIn()));
    else if (account.cloud) leads.push(doing("sign out", "Sign out", () => account.signOut(false)));
  }
  if (!shown) return [...actions, ...leads];
  const { isPaused } = shown.queue;
  more.push({
    key: "pause queue",
    words: isPaused ? "Go on sending" : "Pause the queue",
    detail: "",
    kind: "Queue",
    run: () => void lacquer.act(() => commands.pauseQueue(!isPaused)),
  });
  return [
    ...actions,
    ...(account.isArtist ? [] : more),
    ...leads,
    ...shown.desk.drafts.map(({ id, title, artist, artwork }) => ({
      key: `draft ${id}`,
      words: title || "Untitled",
      detail: artist,
      kind: "Draft",
      artwork,
      run: () => navigation.openDraft(id),
    })),
    ...shown.releases.map(({ id, title, artist, artwork }) => ({
      key: `release ${id}`,
      words: title || "Untitled",
      detail: artist,
      kind: "Release",
      artwork,
      run: () => navigation.openRelease(id),
    })),
    ...shown.artists.artists.map(({ name }) => ({
      key: `artist ${name}`,
      words: name,
      detail: "",
      kind: "Artist",
      run: () => navigation.openArtist(name),
    })),
  ];
}
