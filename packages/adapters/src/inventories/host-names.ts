/** Names of machines that DNS may know: case means nothing (RFC 4343), and the domain says only where it is. */

/** The first label of a DNS name in lower case; an address stays what it is. */
export const shortName = (name: string): string => (/^[\d.]+$|:/.test(name) ? name : (/^[^.]+/.exec(name.trim())?.[0] ?? "")).toLowerCase();

/** Names each machine of a file: by its short name, or by its whole name where two machines of different domains would share it. */
export function hostIds(names: Iterable<string>): (name: string) => string {
  const domains = new Map<string, string>();
  const shared = new Set<string>();
  for (const name of names) {
    const whole = wholeName(name);
    const short = shortName(name);
    const known = domains.get(short) ?? whole;
    // `web-1` and `web-1.example.gov` in one file are one machine.
    if (known !== whole && known !== short && whole !== short) shared.add(short);
    domains.set(short, known === short ? whole : known);
  }
  return (name) => (shared.has(shortName(name)) ? wholeName(name) : shortName(name));
}

const wholeName = (name: string): string => name.trim().toLowerCase().replace(/\.$/, "");

/** A hardware address as `aa:bb:cc:dd:ee:ff`, or undefined; reads colons, dashes, dots and none. */
export function macOf(text: string | undefined): string | undefined {
  const digits = (text ?? "").toLowerCase().replace(/[:.\-\s]/g, "");
  return /^[0-9a-f]{12}$/.test(digits) && digits !== "000000000000" ? digits.replace(/(..)(?!$)/g, "$1:") : undefined;
}
