/** What is wrong with an e-mail address, said kindly. */

/** Null where it can be told news; else what to mend. What mail services take is what the workspace takes. */
export function wrong(text: string): string | null {
  const address = text.trim();
  if (address === "") return "Enter an e-mail address.";
  if (/[,;\s]/.test(address)) return address.split("@").length > 2 ? "One address at a time." : "An address has no spaces or commas.";
  const at = address.lastIndexOf("@");
  if (at < 0) return "The @ is missing. An address looks like name@example.org.";
  const [name, host] = [address.slice(0, at), address.slice(at + 1)];
  if (name === "") return "The name before the @ is missing.";
  if (host === "") return "The part after the @ is missing, such as example.org.";
  if (name.includes("@")) return "There is more than one @ in it.";
  if (!isDotAtom(name) || bytes(name) > 64) return `“${name}” cannot stand before the @.`;
  if (!host.split(".").every(isLabel) || bytes(address) > 254) return `“${host}” is not the name of a mail service.`;
  return null;
}

function isDotAtom(name: string): boolean {
  return name.split(".").every((atom) => /^[\p{Alphabetic}\p{N}!#$%&'*+\-/=?^_`{|}~]+$/u.test(atom));
}

function isLabel(label: string): boolean {
  return /^[\p{Alphabetic}\p{N}-]+$/u.test(label) && !label.startsWith("-") && !label.endsWith("-");
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Whether two addresses are the same one: no service in use tells names by their case. */
export function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
