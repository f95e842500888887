/** What the window shows, as src-tauri/shown.rs writes it. */
export interface View {
  /** The label's name. */
  label: string;
  /** The workspace's folder. */
  home: string;
  /** The newest first. */
  releases: Release[];
  /** What a person should know of the workspace itself. */
  notices: Notice[];
}

export interface Release {
  id: string;
  title: string;
  artist: string;
  state: State;
  /** Since when, as an ISO 8601 instant. */
  since: string | null;
  /** What it waits for or what is wrong, in sentences. */
  remarks: string[];
  /** How far sending it is, 0 to 1; null where nothing is being sent. */
  sending: number | null;
  tracks: Track[];
  mails: Mail[];
}

export type State =
  | "queued"
  | "sending"
  | "received"
  | "transcoding"
  | "in-review"
  | "ready"
  | "live"
  | "failed"
  | "rejected"
  | "withdrawn";

export interface Track {
  id: string;
  disc: number;
  number: number;
  title: string;
  seconds: number;
  /** How far its renditions are, 0 to 1; null where none is being made. */
  transcoding: number | null;
  renditions: Rendition[];
}

export interface Rendition {
  profile: string;
  path: string;
  bytes: number;
  sample_rate: number;
  bit_depth: number | null;
  /** LUFS; null where there is only silence. */
  loudness: number | null;
  /** dBTP; null where there is only silence. */
  true_peak: number | null;
}

export interface Mail {
  to: string;
  artist: string;
  path: string;
}

export interface Notice {
  message: string;
  help: string;
}
