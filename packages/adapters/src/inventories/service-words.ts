import { readService, wellKnown } from "@bulkhead/core/language/service";

/** The services that words in a cell name, such as `tcp/5432`, `5432/tcp`, `postgres`, a number of TCP, or `any`; or the first word that names none. */
export function servicesIn(cell: string): readonly string[] | { readonly strange: string } {
  const words = cell.split(/[\s,;]+/).filter((word) => word !== "");
  const strange = words.find((word) => servicesNamed(word) === null);
  return strange === undefined ? words.flatMap((word) => servicesNamed(word) ?? []) : { strange };
}

function servicesNamed(word: string): readonly string[] | null {
  if (/^\d{1,5}$/.test(word) && Number(word) <= 65535) return [`tcp/${Number(word)}`];
  const known = wellKnown.get(word.toLowerCase());
  if (known !== undefined) return known.map(({ protocol, low, high }) => `${protocol === 17 ? "udp" : "tcp"}/${low === high ? low : `${low}-${high}`}`);
  const lower = word.toLowerCase().replace(/^(\d+)\/(tcp|udp|sctp)$/, "$2/$1");
  return readService(lower).kind === "services" ? [lower] : null;
}
