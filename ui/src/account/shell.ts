/** What the shell says of accounts and clouds, and what it can be told. */

import { invoke } from "@tauri-apps/api/core";

import type { Artists, Changed, Player, Shown, Subscription, Trouble } from "../bindings";

/** What an account may do. One may have several. */
export type Role = "staff" | "manager" | "artist";

/** Whom the app would talk to, for a person to look at before joining. */
export interface Surroundings {
  name: string;
  region: string;
  /** The API's host. */
  endpoint: string;
  /** The host of whom tokens come from. */
  issuer: string;
  /** The host of the page that asks for the password. */
  signIn: string;
  /** Hosts besides, in private clouds. */
  others: string[];
}

/** The cloud behind the workspace that is open. */
export interface Cloud {
  name: string;
  region: string;
  endpoint: string;
  issuer: string;
  /** When it last answered; null where it never did. */
  asOf: string | null;
  /** It cannot be reached now. */
  isAway: boolean;
  /** Its releases are being fetched for the first time. */
  isLoading: boolean;
  account: Account;
}

/** Who is signed in, or was. */
export interface Account {
  email: string;
  roles: Role[];
  isSignedIn: boolean;
  /** Why nobody is; null where somebody is, or signed out themselves. */
  trouble: Trouble | null;
  /** There is no keyring: the sign-in ends with the window. */
  isForThisSession: boolean;
}

/** A sign-in that was begun. */
export interface SigningIn {
  /** The cloud's name. */
  name: string;
  /** The host of the page in the browser. */
  signIn: string;
  /** A browser could be started. */
  isOpened: boolean;
  state: "waiting" | "opening" | "failed";
  /** Why it failed. */
  trouble: Trouble | null;
}

/** A workspace that this computer knows. */
export interface Known {
  id: string;
  name: string;
  /** Null for one on this computer. */
  email: string | null;
  isCloud: boolean;
  isOpen: boolean;
  isSignedIn: boolean;
}

export interface Accounts {
  /** Null in a workspace on this computer. */
  cloud: Cloud | null;
  signingIn: SigningIn | null;
  known: Known[];
}

/** What artists' followers were told. */
export interface Announcement {
  id: string;
  artist: string;
  release: string;
  title: string;
  subject: string;
  body: string;
  at: string;
}

/** An account and the artists that it sees. */
export interface ArtistAccount {
  email: string;
  artists: string[];
}

export type CloudShown = Shown & { accounts?: Accounts };
export type CloudChanged = Changed & { accounts?: Accounts | null };
export type CloudArtists = Artists & { announcements?: Announcement[]; accounts?: ArtistAccount[] };
export type CloudSubscription = Subscription & {
  /** When another e-mail may be asked for; null for now. */
  sendAgainAt?: string | null;
};
/** What keeps sound from being heard that has yet to come. */
export type Wait = { kind: "loading" } | { kind: "trouble"; message: string };
export type CloudPlayer = Player & { wait?: Wait | null };

export const accountCommands = {
  /** Asks for a `workspace.json` in the system's dialog. */
  chooseDeployment: () => invoke<string | null>("choose_deployment"),
  /** Reads it, and says whom the app would talk to. */
  readDeployment: (path: string) => invoke<Surroundings>("read_deployment", { path }),
  /** Joins: the browser is opened to sign in, and the workspace when that is done. */
  join: (path: string) => invoke<null>("join", { path }),
  /** Signs in to the open workspace, or another that is known. */
  signIn: (workspace: string | null) => invoke<null>("sign_in", { workspace }),
  cancelSignIn: () => invoke<null>("cancel_sign_in"),
  /** Opens the page in the browser once more. */
  openBrowser: () => invoke<null>("open_browser"),
  copySignInLink: () => invoke<null>("copy_sign_in_link"),
  signOut: (everywhere: boolean) => invoke<null>("sign_out", { everywhere }),
  /** Opens another workspace in this window. */
  openWorkspace: (id: string) => invoke<null>("open_workspace", { id }),
  /** Confirms a subscription by the link of the e-mail that asks for it, or its token. */
  confirmSubscription: (artist: string, email: string, pasted: string) =>
    invoke<null>("confirm_subscription", { artist, email, pasted }),
  /** Has the e-mail that asks for it sent again. */
  resendConfirmation: (artist: string, email: string) => invoke<null>("resend_confirmation", { artist, email }),
  /** Has an account see these artists, in place of earlier ones; none takes it out. */
  setArtistAccount: (email: string, artists: string[]) => invoke<null>("set_artist_account", { email, artists }),
};
