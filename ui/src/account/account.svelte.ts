import type { Trouble } from "../bindings";
import { kept } from "../state/kept.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { ROOMS, type Room } from "../state/navigation.svelte";
import { troubleOf } from "../state/trouble";
import { accountCommands, type Accounts, type CloudShown, type Role, type Surroundings } from "./shell";

/** Who is signed in where, and what that lets them do. */
export class AccountState {
  /** A file that somebody chose to join by; null while nobody joins. */
  joining = $state.raw<Joining | null>(null);
  /** The workspace that is being opened. */
  opening = $state<string | null>(null);

  readonly #lacquer: Lacquer;

  /** What was agreed to, until it is open. */
  #joined: string | null = null;

  constructor(lacquer: Lacquer) {
    this.#lacquer = lacquer;
    $effect(() => {
      const { cloud, signingIn } = this;
      if (signingIn || !cloud?.account.isSignedIn || cloud.endpoint !== this.#joined) return;
      this.#joined = null;
      this.joining = null;
    });
  }

  readonly all: Accounts | null = $derived.by(() => (this.#lacquer.workspace.shown as CloudShown | null)?.accounts ?? null);
  readonly cloud = $derived(this.all?.cloud ?? null);
  readonly account = $derived(this.cloud?.account ?? null);
  readonly signingIn = $derived(this.all?.signingIn ?? null);
  /** Where nobody has an account, who sits at the desk does everything. */
  readonly roles: readonly Role[] = $derived(this.account?.roles ?? ["staff", "manager"]);
  readonly isManager = $derived(this.roles.includes("manager"));
  /** An account that is an artist's, and nothing else. */
  readonly isArtist = $derived(this.roles.includes("artist") && !this.isManager && !this.roles.includes("staff"));
  /** The rooms that an account has: an artist makes no releases. */
  readonly rooms: readonly Room[] = $derived(this.isArtist ? ["releases", "artists", "settings"] : ROOMS);
  /** Nothing goes to the cloud until somebody signs in. */
  readonly isSignedOut = $derived(this.account !== null && !this.account.isSignedIn);

  /** Asks for the file of a cloud, and shows what is in it. */
  async choose(): Promise<void> {
    const path = await this.#lacquer.act(accountCommands.chooseDeployment);
    if (path) await this.read(path);
  }

  /** Reads a file, and shows whom the app would talk to, or why it would not. */
  async read(path: string): Promise<void> {
    this.joining = { path, surroundings: null, trouble: null };
    try {
      this.joining = { path, surroundings: await accountCommands.readDeployment(path), trouble: null };
    } catch (error) {
      this.joining = { path, surroundings: null, trouble: troubleOf(error) };
    }
  }

  /** Files that were dropped or pasted: the file of a cloud is joined by, and an artist makes no draft of anything. */
  takes(paths: string[]): boolean {
    const file = this.all ? deploymentOf(paths) : null;
    if (file) void this.read(file);
    else if (this.isArtist) this.#lacquer.toasts.say("An artist’s account makes no releases: your label does.");
    return file !== null || this.isArtist;
  }

  /** Agrees to what was shown: the browser opens. */
  async join(): Promise<void> {
    const { joining } = this;
    this.#joined = joining?.surroundings?.endpoint ?? null;
    if (joining) await this.#lacquer.act(() => accountCommands.join(joining.path));
  }

  async signIn(workspace: string | null = null): Promise<void> {
    await this.#lacquer.act(() => accountCommands.signIn(workspace));
  }

  /** Gives a sign-in up, also one that failed. */
  async cancelSignIn(): Promise<void> {
    await this.#lacquer.act(accountCommands.cancelSignIn);
  }

  async openBrowser(): Promise<void> {
    await this.#lacquer.act(accountCommands.openBrowser);
  }

  async copyLink(): Promise<void> {
    if ((await this.#lacquer.act(accountCommands.copySignInLink)) === undefined) return;
    this.#lacquer.toasts.say("Copied: the link to sign in. Open it in a browser on this computer.");
  }

  async signOut(everywhere: boolean): Promise<boolean> {
    if ((await this.#lacquer.act(() => accountCommands.signOut(everywhere))) === undefined) return false;
    this.#lacquer.toasts.say(everywhere ? "You are signed out on every computer." : "You are signed out.");
    return true;
  }

  async open(id: string): Promise<void> {
    if (this.opening !== null) return;
    this.opening = id;
    await this.#lacquer.act(() => accountCommands.openWorkspace(id));
    this.opening = null;
  }

  /** Leaves joining, wherever it stands. */
  async leave(): Promise<void> {
    if (this.signingIn) await this.cancelSignIn();
    this.joining = null;
  }
}

/** A file to join by: what is in it, or why it is of no use; neither while it is read. */
export interface Joining {
  path: string;
  surroundings: Surroundings | null;
  trouble: Trouble | null;
}

/** Whether what is dropped or pasted is the file of a cloud, going by its name. */
export function deploymentOf(paths: string[]): string | null {
  const [path] = paths;
  return paths.length === 1 && path !== undefined && /\.json$/i.test(path) ? path : null;
}

/** The one of a window. */
export const accounts = kept((lacquer) => new AccountState(lacquer));

/** `Release manager`, `Staff`, `Artist`: the most that an account may do. */
export function roleWords(roles: readonly Role[]): string {
  if (roles.includes("manager")) return "Manager";
  if (roles.includes("staff")) return "Staff";
  return roles.includes("artist") ? "Artist" : "No role yet";
}
