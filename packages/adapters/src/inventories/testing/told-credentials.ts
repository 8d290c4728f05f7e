import type { Credential, CredentialUser } from "@bulkhead/core/inventory/credential";
import { credentialText } from "@bulkhead/core/inventory/identities";
import { instantOf } from "@bulkhead/core/base/instant";
import { parseInventory } from "../open.ts";

/** When the files of these tests were written. */
export const writtenAt = instantOf("2026-11-25T12:00:00Z")!;

/** The credentials in a text, a line each with who uses them, and what could not be read. */
export function toldCredentials(text: string): { readonly credentials: readonly string[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const { credentials = [] } = parseInventory(text, ({ message }) => void problems.push(message), { at: writtenAt });
  return { credentials: credentials.map(credentialLine), problems };
}

export const credentialLine = (one: Credential): string => `${credentialText(one)}${one.users.length === 0 ? "" : ` → ${one.users.map(userText).join(" ")}`}`;

function userText(user: CredentialUser): string {
  switch (user.kind) {
    case "workload":
      return user.id;
    case "host":
      return user.name;
    case "service-account":
      return `${user.namespace}:${user.name}`;
  }
}
