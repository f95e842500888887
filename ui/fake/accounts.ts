import type { Account, Accounts, ArtistAccount, Cloud, Known, Role, SigningIn, Surroundings } from "../src/account/shell";
import type { Trouble } from "../src/bindings";

export const SURROUNDINGS: Surroundings = {
  name: "Low Tide Records",
  region: "eu-west-1",
  endpoint: "abc123def4.execute-api.eu-west-1.amazonaws.com",
  issuer: "cognito-idp.eu-west-1.amazonaws.com",
  signIn: "low-tide.auth.eu-west-1.amazoncognito.com",
  others: [],
};

export const HERE: Known = { id: "here", name: "Night Records", email: null, isCloud: false, isOpen: true, isSignedIn: false };
const LOW_TIDE: Known = { id: "low-tide", name: "Low Tide Records", email: "mira@low-tide.example", isCloud: true, isOpen: false, isSignedIn: true };
const OTHER: Known = { id: "salt", name: "Salt & Tin", email: "mira@salt.example", isCloud: true, isOpen: false, isSignedIn: false };

/** A workspace on this computer, and nothing known besides. */
export const local = (): Accounts => ({ cloud: null, signingIn: null, known: [{ ...HERE }] });

export function account(roles: Role[], change: Partial<Account> = {}): Account {
  return { email: "mira@low-tide.example", roles, isSignedIn: true, trouble: null, isForThisSession: false, ...change };
}

/** A label's cloud, with other workspaces besides. */
export function cloud(roles: Role[], change: Partial<Cloud> = {}): Accounts {
  const { name, region, endpoint, issuer } = SURROUNDINGS;
  const made: Cloud = {
    name,
    region,
    endpoint,
    issuer,
    asOf: new Date().toISOString(),
    isAway: false,
    isLoading: false,
    account: account(roles),
    ...change,
  };
  const { isSignedIn, email } = made.account;
  return { cloud: made, signingIn: null, known: [{ ...HERE, isOpen: false }, { ...LOW_TIDE, isOpen: true, isSignedIn, email }, { ...OTHER }] };
}

export function signingIn(state: SigningIn["state"], trouble: Trouble | null = null, isOpened = true): SigningIn {
  return { name: SURROUNDINGS.name, signIn: SURROUNDINGS.signIn, isOpened, state, trouble };
}

export const EXPIRED: Trouble = { message: "Your sign-in has expired.", help: "Sign in again; what you queued waits for it." };
export const DECLINED: Trouble = { message: "The browser came back without a sign-in.", help: "Try again, and sign in on the page that opens." };

export const artistAccounts: ArtistAccount[] = [
  { email: "ann@example.com", artists: ["Ann Ash"] },
  { email: "wolves@example.com", artists: ["Ida & the Wolves", "Grey Heron"] },
];

/** What is wrong with a file, going by its name. */
export function refusal(path: string): Trouble | null {
  if (path.includes("newer")) {
    return { message: "The cloud’s description is newer than this Lacquer (its version is 2, and this one knows 1).", help: "Update Lacquer." };
  }
  if (path.includes("damaged")) {
    return {
      message: "The file does not describe a cloud workspace: EOF while parsing an object at line 3 column 12.",
      help: "Open the workspace.json that whoever runs your label’s cloud sent you, unchanged.",
    };
  }
  if (path.includes("plain")) {
    return {
      message: "The cloud’s description cannot be used: “api” is http://abc123.example, which is not HTTPS; only addresses of this machine may do without.",
      help: "Ask whoever runs your label’s cloud for its workspace.json anew.",
    };
  }
  return null;
}
