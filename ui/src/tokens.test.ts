// @vitest-environment node

import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

/** `--ground: light-dark(oklch(…), oklch(…))`, by its name. */
const tokens = new Map<string, { light: string; dark: string }>();
for (const [, name, light, dark] of readFileSync("src/tokens.css", "utf8").matchAll(
  /--([a-z-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\);/g,
)) {
  if (name && light && dark) tokens.set(name, { light, dark });
}

/** Relative luminance (WCAG 2.2) of `oklch(L% C H)`, by Ottosson's matrices. */
function luminance(oklch: string): number {
  const [lightness, chroma, hue] = (oklch.match(/[\d.]+/g) ?? []).map(Number) as [number, number, number];
  const l = lightness / 100;
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ] as const;
  const clip = (part: number) => Math.min(1, Math.max(0, part));
  const red = clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z);
  const green = clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z);
  const blue = clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [less, more] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (more + 0.05) / (less + 0.05);
}

const SURFACES = ["ground", "surface", "raised"];
const pairs: [string, string, number][] = [
  // Text, of tables too: AAA.
  ...[...SURFACES, "pressed", "chosen"].map((surface): [string, string, number] => ["text", surface, 7]),
  // What is said beside it: AAA on the grounds of tables, AA elsewhere.
  ...["ground", "surface"].map((surface): [string, string, number] => ["quiet", surface, 7]),
  ...["raised", "pressed", "chosen"].map((surface): [string, string, number] => ["quiet", surface, 4.5]),
  // States, with their words: AA.
  ...["live", "waits", "lost", "accent-strong"].flatMap((tone) =>
    [...SURFACES, "chosen"].map((surface): [string, string, number] => [tone, surface, 4.5]),
  ),
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-strong", 4.5],
  ["ground", "waits", 4.5],
  // What is no text: the edges of controls, the playhead, the focus, the waveform.
  ...SURFACES.flatMap((surface): [string, string, number][] => [
    ["accent", surface, 3],
    ["edge", surface, 3],
    ["wave-loud", surface, 3],
  ]),
];

test.each(pairs)("%s on %s is at least %d to 1 in both themes", (one, other, least) => {
  for (const theme of ["light", "dark"] as const) {
    const [a, b] = [tokens.get(one)?.[theme], tokens.get(other)?.[theme]];
    if (!a || !b) throw new Error(`tokens.css has no --${one} or no --${other}`);
    expect(contrast(a, b), `${theme}: ${a} on ${b}`).toBeGreaterThanOrEqual(least);
  }
});

test("luminance is what WCAG says of black, white and a grey", () => {
  expect(contrast("oklch(100% 0 0)", "oklch(0% 0 0)")).toBeCloseTo(21, 1);
  expect(contrast("oklch(59.99% 0 0)", "oklch(100% 0 0)")).toBeCloseTo(3.95, 1);
});
