import type { Waveform } from "../bindings";

/** What one column of pixels shows: parts of full scale. */
export interface Column {
  low: number;
  high: number;
  loud: number;
}

const FULL = 32_768;

/** Puts a waveform's bins into columns; a column that holds several shows their extremes and their loudest. */
export function columns(wave: Waveform, count: number, lengthMs: number): Column[] {
  const bins = Math.floor(wave.bins.length / 3);
  const result: Column[] = [];
  for (let at = 0; at < count; at++) {
    const from = ((at / count) * lengthMs) / wave.millisecondsPerBin;
    const to = (((at + 1) / count) * lengthMs) / wave.millisecondsPerBin;
    const first = Math.min(Math.floor(from), bins - 1);
    const last = Math.max(first + 1, Math.min(Math.ceil(to), bins));
    const column = { low: 0, high: 0, loud: 0 };
    for (let bin = Math.max(0, first); bin < last; bin++) {
      column.low = Math.min(column.low, (wave.bins[3 * bin] ?? 0) / FULL);
      column.high = Math.max(column.high, (wave.bins[3 * bin + 1] ?? 0) / FULL);
      column.loud = Math.max(column.loud, (wave.bins[3 * bin + 2] ?? 0) / FULL);
    }
    result.push(column);
  }
  return result;
}

/** The length that a waveform covers, in milliseconds. */
export function lengthOf(wave: Waveform): number {
  return (wave.bins.length / 3) * wave.millisecondsPerBin;
}
