import { commands, type Cloud, type CloudTrouble, type JoinOffer, type OtherAccount, type SignInPage, type Trouble, type WorkspaceRow } from "../bindings";
import { pictures } from "../parts/pictures.svelte";
import { kept } from "../state/kept.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { ROOMS, type Room } from "../state/navigation.svelte";
import { troubleOf } from "../state/trouble";
import { needsWelcome } from "../welcome/needed";

/** How often it is asked whether the page to sign in on is open, while it is not. */
const ASK_MS = 300;

/** Who is signed in where, and what that lets them do. */
export class AccountState {
  /** A file that somebody chose to join by; null while nobody joins. */
  joining = $state.raw<Joining | null>(null);
  /** The workspaces of this computer. */
  known = $state.raw<readonly WorkspaceRow[]>([]);
  /** The workspace that is being opened. */
  opening = $state<string | null>(null);

  /** A sign-in that was begun here. */
  #attempt = $state.raw<Attempt | null>(null);
  readonly #lacquer: Lacquer;

  constructor(lacquer: Lacquer) {
    this.#lacquer = lacquer;
    $effect(() => {
      if (this.isThere) void this.lookForWorkspaces();
    });
    let wasReached = true;
    $effect(() => {
      const isReached = !this.isSignedOut && this.away === null;
      if (isReached && !wasReached) pictures.tries += 1;
      wasReached = isReached;
    });
  }

  readonly isThere: boolean = $derived.by(() => this.#lacquer.workspace.shown !== null);
  readonly cloud: Cloud | null = $derived.by(() => this.#lacquer.workspace.shown?.settings.workspace.cloud ?? null);
  readonly account: Account | null = $derived(this.cloud ? accountOf(this.cloud) : null);
  readonly signingIn: SigningIn | null = $derived.by(() => signingInOf(this.#attempt, this.cloud));

  /** Decides about releases, and sets how the label works. Where nobody has an account, who sits at the desk does it all. */
  readonly isManager: boolean = $derived(this.cloud?.may.manage ?? true);
  /** An account that is an artist's, and nothing else. */
  readonly isArtist: boolean = $derived.by(() => {
    if (!this.cloud || this.cloud.may.deliver || this.cloud.may.manage) return false;
    const { account, artists, answered } = this.cloud;
    // What an account may that ended before the cloud was heard of, nobody knows.
    return artists.length > 0 || account.kind === "signedIn" || (account.kind === "ended" && answered);
  });
  /** The rooms that an account has: an artist makes no releases. */
  readonly rooms: readonly Room[] = $derived(this.isArtist ? ["releases", "artists", "settings"] : ROOMS);
  /** Nothing goes to the cloud until somebody signs in. */
  readonly isSignedOut: boolean = $derived(this.account !== null && !this.account.isSignedIn);
  /** Somebody is signed in, and the cloud does not answer all the same. */
  readonly away: CloudTrouble | null = $derived(this.isSignedOut ? null : (this.cloud?.trouble ?? null));
  /** What is there was never heard of yet. */
  readonly isLoading: boolean = $derived(this.cloud !== null && !this.cloud.answered && !this.isSignedOut && this.away === null);
  /** Why the cloud cannot be told anything now; null where it can. */
  readonly cannot: string | null = $derived.by(() => {
    if (this.isSignedOut) return "Sign in to do this.";
    return this.away?.code === "cloud-offline" ? "The cloud cannot be reached." : null;
  });

  async lookForWorkspaces(): Promise<void> {
    this.known = (await this.#lacquer.act(commands.workspaces)) ?? this.known;
  }

  /** Somebody came back to the window. */
  lookForNews(): void {
    // What is not heard now is heard at the next look by itself.
    if (this.cloud) void commands.lookForNews().catch(() => undefined);
  }

  /** Asks for the file of a cloud, and shows what is in it. */
  async choose(): Promise<void> {
    const path = await this.#lacquer.act(commands.chooseJoinFile);
    if (path) await this.read(path);
  }

  /** Reads a file, and shows whom the app would talk to, or why it would not. */
  async read(path: string): Promise<void> {
    this.joining = { path, offer: null, trouble: null };
    try {
      this.joining = { path, offer: await commands.lookAtJoinFile(path), trouble: null };
    } catch (error) {
      this.joining = { path, offer: null, trouble: troubleOf(error) };
    }
  }

  /** Files that were dropped or pasted: the file of a cloud is joined by, and an artist makes no draft of anything. */
  takes(paths: string[]): boolean {
    const file = deploymentOf(paths);
    if (file) void this.read(file);
    else if (this.isArtist) this.#lacquer.toasts.say("An artist’s account makes no releases: your label does.");
    return file !== null || this.isArtist;
  }

  /** Agrees to what was shown: the browser opens, and the workspace when somebody has signed in. */
  async join(): Promise<void> {
    const { joining } = this;
    if (!joining?.offer) return;
    const { path, offer } = joining;
    const { name, signIn: host } = offer;
    await this.#begin({ kind: "join", name, host, state: "waiting", page: null, trouble: null, again: () => this.join() }, async (attempt) => {
      void this.#followPage(attempt);
      const folder = await commands.join(path);
      this.#move(attempt, { state: "opening" });
      await commands.openWorkspace(folder);
      // Nobody needs a window on a workspace that was never used: the new one takes its place.
      if (this.#lacquer.workspace.shown && needsWelcome(this.#lacquer.workspace.shown)) {
        await commands.quit();
        return;
      }
      await this.lookForWorkspaces();
      if (this.joining) this.#move(attempt, { state: "done", folder });
      else this.#settle(attempt, `${name} is open in a window of its own.`);
    });
  }

  /** Signs in to the workspace that is open; `another` asks for a name even where the browser knows one. */
  async signIn(another = false): Promise<void> {
    const name = this.cloud?.name ?? "";
    const attempt: Attempt = { kind: "sign-in", name, host: "", state: "waiting", page: null, trouble: null, again: () => this.signIn(another) };
    await this.#begin(attempt, async (attempt) => {
      await commands.signIn(another);
      this.#settle(attempt, "You are signed in.");
    });
  }

  /** The sign-in that failed, once more. */
  async again(): Promise<void> {
    await this.#attempt?.again();
  }

  /** Gives a sign-in up, or puts away what became of it. */
  async cancelSignIn(): Promise<void> {
    const attempt = this.#attempt;
    this.#attempt = null;
    const isUnderWay = attempt ? attempt.state === "waiting" : this.cloud?.account.kind === "signingIn";
    if (isUnderWay) await this.#lacquer.act(attempt?.kind === "join" ? commands.cancelJoin : commands.cancelSignIn);
  }

  async openBrowser(): Promise<void> {
    await this.#lacquer.act(commands.openSignInPage);
  }

  async copyLink(): Promise<void> {
    const page = this.signingIn?.page ?? (await this.#lacquer.act(commands.joinPage))?.page;
    if (!page || (await this.#lacquer.act(() => commands.copyText(page))) === undefined) return;
    this.#lacquer.toasts.say("Copied: the link to sign in. Open it in a browser on this computer.");
  }

  /** Whatever becomes of it, nobody is signed in here any more. */
  async signOut(everywhere: boolean): Promise<void> {
    if ((await this.#lacquer.act(() => commands.signOut(everywhere))) === undefined) return;
    this.#lacquer.toasts.say(everywhere ? "You are signed out on every computer." : "You are signed out.");
  }

  async switchTo({ subject, email }: OtherAccount): Promise<void> {
    if ((await this.#lacquer.act(() => commands.switchAccount(subject))) === undefined) return;
    this.#lacquer.toasts.say(`You work as ${email} now.`);
  }

  /** Opens another workspace, in a window of its own. */
  async open(path: string, name: string): Promise<void> {
    if (this.opening !== null) return;
    this.opening = path;
    const done = await this.#lacquer.act(() => commands.openWorkspace(path));
    if (done !== undefined) this.#lacquer.toasts.say(`${name} opens in a window of its own.`);
    this.opening = null;
  }

  /** Leaves joining, wherever it stands. */
  async leave(): Promise<void> {
    if (this.signingIn) await this.cancelSignIn();
    this.joining = null;
  }

  async #begin(attempt: Attempt, run: (attempt: Attempt) => Promise<void>): Promise<void> {
    this.#attempt = attempt;
    try {
      await run(attempt);
    } catch (error) {
      // One that was given up, or took another's place, has nothing to say.
      this.#move(attempt, { state: "failed", trouble: troubleOf(error) });
    }
  }

  /** Goes on with an attempt, if it is still the one. */
  #move(attempt: Attempt, change: Partial<Attempt>): boolean {
    if (this.#attempt?.again !== attempt.again) return false;
    this.#attempt = { ...this.#attempt, ...change };
    return true;
  }

  #settle(attempt: Attempt, words: string): void {
    if (!this.#move(attempt, {})) return;
    this.#attempt = null;
    this.#lacquer.toasts.say(words);
  }

  async #followPage(attempt: Attempt): Promise<void> {
    while (this.#attempt?.again === attempt.again && this.#attempt.state === "waiting" && this.#attempt.page === null) {
      const page = await commands.joinPage().catch(() => null);
      if (page) this.#move(attempt, { page });
      else await new Promise((done) => setTimeout(done, ASK_MS));
    }
  }
}

/** A file to join by: what is in it, or why it is of no use; neither while it is read. */
export interface Joining {
  path: string;
  offer: JoinOffer | null;
  trouble: Trouble | null;
}

/** Who is signed in, or was. */
export interface Account {
  /** Empty where that is not known. */
  email: string;
  isSignedIn: boolean;
  /** Why nobody is any more. */
  ended: Trouble | null;
  /** The sign-in ends with the window. */
  isForThisSession: boolean;
  /** Why the keyring does not keep it. */
  notKept: string | null;
}

/** A sign-in that was begun. */
export interface SigningIn {
  kind: "join" | "sign-in";
  /** The cloud's name. */
  name: string;
  /** The host of the page in the browser. */
  host: string;
  /** Its address; null until it is known. */
  page: string | null;
  /** A browser could be started, as far as is known. */
  isOpened: boolean;
  state: "waiting" | "opening" | "done" | "failed";
  trouble: Trouble | null;
  /** What was made. */
  folder: string | null;
}

interface Attempt {
  kind: SigningIn["kind"];
  name: string;
  host: string;
  page: SignInPage | null;
  state: SigningIn["state"];
  trouble: Trouble | null;
  folder?: string;
  again: () => Promise<void>;
}

function accountOf({ account }: Cloud): Account {
  const nobody: Account = { email: "", isSignedIn: false, ended: null, isForThisSession: false, notKept: null };
  switch (account.kind) {
    case "signedIn":
      return { ...nobody, email: account.email, isSignedIn: true, isForThisSession: !account.kept, notKept: account.notKept };
    case "ended":
      return { ...nobody, email: account.email, ended: { message: account.message, help: account.help } };
    case "signedOut":
    case "signingIn":
      return nobody;
  }
}

function signingInOf(attempt: Attempt | null, cloud: Cloud | null): SigningIn | null {
  const open = cloud?.account.kind === "signingIn" ? cloud.account : null;
  if (!attempt && !open) return null;
  const page = attempt?.kind === "join" ? attempt.page : open;
  const { kind, name, state, trouble, folder } = attempt ?? { kind: "sign-in" as const, name: cloud?.name ?? "", state: "waiting" as const, trouble: null };
  const host = attempt?.host || hostOf(page?.page ?? "");
  return { kind, name, host, page: page?.page ?? null, isOpened: page?.opened ?? true, state, trouble, folder: folder ?? null };
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return "";
  }
}

/** Whether what is dropped or pasted is the file of a cloud, going by its name. */
export function deploymentOf(paths: string[]): string | null {
  const [path] = paths;
  return paths.length === 1 && path !== undefined && /\.json$/i.test(path) ? path : null;
}

/** The one of a window. */
export const accounts = kept((lacquer) => new AccountState(lacquer));

/** The most that an account may do. */
export function roleWords({ may, artists }: Cloud): string {
  if (may.manage) return "Manager";
  if (may.deliver) return "Staff";
  return artists.length > 0 ? `Artist: ${new Intl.ListFormat("en").format(artists)}` : "Artist";
}
