import type { ArtistAccount, Cloud, JoinOffer, Trouble, WorkspaceRow } from "../src/bindings";

export const OFFER: JoinOffer = {
  name: "Low Tide Records",
  region: "eu-west-1",
  endpoint: "abc123def4.execute-api.eu-west-1.amazonaws.com",
  issuer: "cognito-idp.eu-west-1.amazonaws.com",
  signIn: "low-tide.auth.eu-west-1.amazoncognito.com",
  masters: "low-tide-masters-eu-west-1",
  others: [],
  isOfThisMachine: false,
};

/** What the browser is opened with. */
export const PAGE = `https://${OFFER.signIn}/oauth2/authorize?client_id=app`;

const row = (path: string, labelName: string, account: string | null): WorkspaceRow => ({
  path: `/home/ann/.local/share/lacquer/${path}`,
  label: account ? path : "local",
  labelName,
  cloud: account ? labelName : null,
  account,
  isThis: false,
});
const HERE = row("workspace", "Night Records", null);
export const LOW_TIDE = row("low-tide", "Low Tide Records", "mira@low-tide.example");
const SALT = row("salt", "Salt & Tin", "mira@salt.example");

/** What this computer knows where nobody has joined anything. */
export const local = (): WorkspaceRow[] => [{ ...HERE, isThis: true }];
export const several = (): WorkspaceRow[] => [HERE, { ...LOW_TIDE, isThis: true }, SALT];

type Role = "manager" | "staff" | "artist";

/** A label's cloud, as an account of a role sees it. */
export function cloud(role: Role, change: Partial<Cloud> = {}): Cloud {
  return {
    name: OFFER.name,
    region: OFFER.region,
    api: OFFER.endpoint,
    account: { kind: "signedIn", email: role === "artist" ? "ann@example.com" : "mira@low-tide.example", kept: true, notKept: null },
    accounts: [],
    may: { deliver: role !== "artist", manage: role === "manager" },
    artists: role === "artist" ? ["Ann Ash"] : [],
    answered: true,
    trouble: null,
    ...change,
  };
}

/** A sign-in that ended by itself. */
export function ended(since: string, { message, help }: Trouble = EXPIRED): Partial<Cloud> {
  return {
    account: { kind: "ended", email: "mira@low-tide.example", message, help },
    trouble: { code: "sign-in-expired", message, help, since },
  };
}

export function away(since: string): Partial<Cloud> {
  return { trouble: { code: "cloud-offline", message: "The cloud cannot be reached.", help: "Check the connection, and try again.", since } };
}

export const EXPIRED: Trouble = { message: "Your sign-in has expired.", help: "Sign in again; what you queued waits for it." };
export const DECLINED: Trouble = { message: "You were not signed in: access was denied. Sign in again, or ask whoever runs your label’s cloud.", help: "" };
export const CANCELLED: Trouble = { message: "Signing in was cancelled.", help: "" };

export const artistAccounts = (): ArtistAccount[] => [
  { email: "ann@example.com", artists: ["Ann Ash"] },
  { email: "wolves@example.com", artists: ["Ida & the Wolves", "Grey Heron"] },
];

/** What is wrong with a file, going by its name. */
export function refusal(path: string): Trouble | null {
  if (path.includes("newer")) {
    return { message: "The cloud’s description is newer than this Lacquer (its version is 2, and this one knows 1). Update Lacquer.", help: "" };
  }
  if (path.includes("damaged")) {
    return {
      message:
        "The file does not describe a cloud workspace: EOF while parsing an object at line 3 column 12. Open the workspace.json that whoever runs your label’s cloud sent you, unchanged.",
      help: "",
    };
  }
  if (path.includes("plain")) {
    return {
      message:
        "The cloud’s description cannot be used: “api” is http://abc123.example, which is not HTTPS; only addresses of this machine may do without, and only where all are of this machine. Ask whoever runs your label’s cloud for its workspace.json anew.",
      help: "",
    };
  }
  return null;
}
