import { textAt } from "../tree.ts";

/** The last part of a URL of the API: `…/zones/us-west1-a` is `us-west1-a`. */
export const lastOf = (url: string | undefined): string | undefined => url?.split("/").at(-1);

/** What a resource is called: its project and name, with what it is between them where it is no machine. */
export function nameOf(value: unknown, kind?: string): string {
  const name = textAt(value, "name");
  if (name === undefined) return "";
  const project = /\/projects\/([^/]+)\//.exec(textAt(value, "selfLink") ?? textAt(value, "zone") ?? textAt(value, "region") ?? "")?.[1];
  return [project, kind, name].filter((part) => part !== undefined).join("/");
}
