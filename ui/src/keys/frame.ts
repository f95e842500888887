import { accounts } from "../account/account.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { ROOMS } from "../state/navigation.svelte";
import type { Key } from "./keys.svelte";

const STEP_MS = 5_000;
const BIG_STEP_MS = 10_000;

const ROOM_WORDS = { desk: "Desk", queue: "Queue", releases: "Releases", artists: "Artists", settings: "Settings" };

/** The keys that hold in every room. A room's own are asked first. */
export function frameKeys(lacquer: Lacquer, open: { palette: () => void; list: () => void }): Key[] {
  const { player, navigation, toasts } = lacquer;
  const account = accounts(lacquer);
  const isLoaded = () => player.isLoaded;
  const move = (by: number) => () => void player.seek(player.positionMs + by);
  return [
    { keys: "Space", words: "Play or pause", group: "Player", run: () => void player.playOrPause(), when: isLoaded, inPalette: true },
    { keys: "K", words: "Play or pause", group: "Player", run: () => void player.playOrPause(), when: isLoaded },
    { keys: "J", words: "Back 10 seconds", group: "Player", run: move(-BIG_STEP_MS), when: isLoaded },
    { keys: "L", words: "On 10 seconds", group: "Player", run: move(BIG_STEP_MS), when: isLoaded },
    { keys: "ArrowLeft", words: "Back 5 seconds", group: "Player", run: move(-STEP_MS), when: isLoaded },
    { keys: "ArrowRight", words: "On 5 seconds", group: "Player", run: move(STEP_MS), when: isLoaded },
    { keys: "Shift+ArrowLeft", words: "Previous track", group: "Player", run: () => void player.tell({ kind: "previous" }), when: isLoaded, inPalette: true },
    { keys: "Shift+ArrowRight", words: "Next track", group: "Player", run: () => void player.tell({ kind: "next" }), when: isLoaded, inPalette: true },
    { keys: "M", words: "Compare with the master", group: "Player", run: () => void player.compare(), when: () => player.other !== null, inPalette: true },
    {
      keys: "Mod+Z",
      words: "Undo what was just done",
      group: "Everywhere",
      run: () => {
        const last = toasts.undoable;
        if (last) toasts.act(last.id);
      },
      when: () => toasts.undoable !== null,
    },
    { keys: "Mod+K", words: "Go to anything", group: "Everywhere", run: open.palette, whileTyping: true },
    ...ROOMS.map((room, at) => ({
      keys: `Mod+${at + 1}`,
      words: ROOM_WORDS[room],
      group: "Rooms",
      run: () => {
        account.joining = null;
        navigation.go(room);
      },
      when: () => account.rooms.includes(room),
      whileTyping: true,
      inPalette: true,
    })),
    { keys: "?", words: "All keys", group: "Everywhere", run: open.list, inPalette: true },
  ];
}
