/** What several tracks say in one field: the same, or different things. */
export interface Common {
  /** What all of them say; empty where they differ. */
  text: string;
  differs: boolean;
  /** How many different texts there are. */
  kinds: number;
}

export function common(texts: readonly string[]): Common {
  const kinds = new Set(texts);
  const [text] = kinds;
  return { text: kinds.size === 1 ? (text ?? "") : "", differs: kinds.size > 1, kinds: kinds.size };
}
