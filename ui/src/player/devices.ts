import type { Player } from "../bindings";

/** The devices that can be chosen; a chosen one that is unplugged is still named. */
export function deviceChoices(player: Player | null): { id: string | null; words: string }[] {
  const devices = player?.devices ?? [];
  const chosen = player?.chosenDevice ?? null;
  const gone = chosen !== null && !devices.some((device) => device.id === chosen);
  return [
    { id: null, words: "The system’s choice" },
    ...devices.map(({ id, name }) => ({ id, words: name })),
    ...(gone ? [{ id: chosen, words: `${chosen} (not connected)` }] : []),
  ];
}
