import type { Mail, Moment, Release, ReleaseState, ReleaseTrack, Rendition } from "../src/bindings";
import { artist, id, sleeve, title } from "./names";
import { chance, sound } from "./sound";

const NOW = Date.now();
export const hoursAgo = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();

const WORDS: Partial<Record<ReleaseState, string>> = {
  queued: "Queued",
  sending: "Sending began",
  received: "Everything has arrived",
  transcoding: "Renditions are being made",
  "in-review": "Waits for a decision",
  ready: "Ready",
  live: "Live",
  failed: "Failed",
  rejected: "Rejected: the artwork shows a price.",
  withdrawn: "Withdrawn",
};

const WAY: Partial<Record<ReleaseState, ReleaseState[]>> = {
  queued: ["queued"],
  sending: ["queued", "sending"],
  received: ["queued", "sending", "received"],
  transcoding: ["queued", "sending", "received", "transcoding"],
  "in-review": ["queued", "sending", "received", "transcoding", "in-review"],
  ready: ["queued", "sending", "received", "transcoding", "ready"],
  live: ["queued", "sending", "received", "transcoding", "ready", "live"],
  failed: ["queued", "sending", "received", "transcoding", "failed"],
  rejected: ["queued", "sending", "received", "transcoding", "in-review", "rejected"],
  withdrawn: ["queued", "sending", "received", "transcoding", "ready", "live", "withdrawn"],
};

export interface ReleaseWish {
  number: number;
  state: ReleaseState;
  tracks?: number;
  title?: string;
  artist?: string;
}

const PROFILES = [
  ["flac", "FLAC", "FLAC", 90_000],
  ["wav-16-44", "WAV 16 bit 44.1 kHz", "WAV", 176_400],
  ["mp3-320", "MP3 320 kbit/s", "MP3", 40_000],
  ["preview", "Preview, 30 seconds", "MP3", 16_000],
] as const;

export function release(wish: ReleaseWish): Release {
  const { state } = wish;
  const releaseId = id("rel", wish.number);
  const name = wish.title ?? title(`draft ${wish.number}`);
  const by = wish.artist ?? artist(`draft ${wish.number}`);
  const next = chance(`release ${wish.number}`);
  const isMade = ["in-review", "ready", "live", "rejected", "withdrawn"].includes(state);
  const tracks: ReleaseTrack[] = Array.from({ length: wish.tracks ?? 4 }, (_, at) => {
    const milliseconds = Math.round(95_000 + next() * 260_000);
    const master = sound(`${wish.number} ${at}`, milliseconds);
    const isDone = isMade || (state === "transcoding" && at === 0);
    const failure =
      state === "failed" && at === 1
        ? { track: id(`t${wish.number}`, 2), message: "The master ends in the middle of a frame.", help: "Export it again, and deliver the release anew." }
        : null;
    const renditions: Rendition[] = PROFILES.map(([profile, words, format, perSecond]) => ({
      profile,
      words,
      made: isDone
        ? {
            bytes: Math.round(((profile === "preview" ? 30_000 : milliseconds) / 1000) * perSecond),
            path: `/music/workspace/renditions/${releaseId.toLowerCase()}-${at}.${format.toLowerCase()}`,
            sound: {
              ...master,
              format,
              milliseconds: profile === "preview" ? 30_000 : milliseconds,
              sampleRate: profile === "flac" ? master.sampleRate : 44_100,
              bitDepth: profile === "flac" ? 24 : profile === "wav-16-44" ? 16 : null,
              truePeak: (master.truePeak ?? 0) + (format === "MP3" ? 0.3 : 0),
            },
          }
        : null,
    }));
    return {
      id: id(`t${wish.number}`, at + 1),
      disc: 1,
      number: at + 1,
      title: (wish.tracks ?? 4) === 1 ? name : title(`track ${wish.number} ${at}`),
      artist: by,
      milliseconds,
      previewStartMs: 45_000,
      master,
      transcoding: state === "transcoding" && at > 0 ? Math.max(0, 0.8 - at * 0.3) : null,
      failure,
      renditions,
    };
  });
  const way = WAY[state] ?? [];
  const timeline: Moment[] = way.map((step, at) => ({ at: hoursAgo((way.length - at) * 1.7 + wish.number), state: step, what: WORDS[step] ?? step }));
  const mails = state === "live" ? [mail(`mail-${wish.number}`, releaseId, name, by)] : [];
  return {
    row: {
      id: releaseId,
      revision: 1,
      title: name,
      artist: by,
      artwork: sleeve(wish.number),
      state,
      since: timeline.at(-1)?.at ?? null,
      due: state === "ready" ? "2026-12-03T23:00:00Z" : null,
      tracks: tracks.length,
      progress: state === "transcoding" ? 0.4 : state === "sending" ? 0.55 : null,
      waitsFor:
        state === "ready" ? "its release date" : state === "in-review" ? "a decision of a release manager" : state === "queued" ? "its turn" : null,
      needsYou: state === "in-review" || state === "failed" || state === "rejected",
    },
    attempt: state === "failed" ? 2 : 1,
    reasons:
      state === "failed"
        ? [{ track: tracks[1]?.id ?? null, message: "The master ends in the middle of a frame.", help: "Export it again, and deliver the release anew." }]
        : state === "rejected"
          ? [{ track: null, message: "The artwork shows a price.", help: "Replace the artwork, and deliver the release again." }]
          : [],
    timeline,
    tracks,
    earlierIsLive: state === "transcoding" && wish.number % 2 === 1,
    mails,
    may: {
      decide: state === "in-review",
      withdraw: state === "live" || state === "ready",
      tryAgain: state === "failed",
      mend: true,
    },
    seen: state === "in-review" ? { delivery: id("dlv", wish.number), metadata: "d345d57ec35efac6" } : null,
    hasDraft: wish.number % 3 !== 0,
    credited: [by],
    timeZone: "Europe/Berlin",
  };
}

export function mail(mailId: string, releaseId: string, name: string, by: string, hours = 3): Mail {
  return {
    id: mailId,
    to: "ann@example.com",
    from: "Night Records <releases@night.example>",
    artist: by,
    release: releaseId,
    title: name,
    subject: `“${name}” is live`,
    body: `Hello,\n\n“${name}” by ${by} is live as of today.\n\nYou get this e-mail because this address was entered for ${by} at Night Records.\nIf that is wrong, answer this e-mail and we take it out.\n\nNight Records`,
    at: hoursAgo(hours),
    path: `/music/workspace/outbox/${mailId}.eml`,
  };
}
