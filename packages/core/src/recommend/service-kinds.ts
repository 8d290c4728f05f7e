/** What shared infrastructure is known to be by its service; the rest is only known to be shared. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^(udp|tcp)\/53$/, "names"],
  [/^udp\/123$/, "time"],
  [/^(tcp|udp)\/(88|389|464|636|3268|3269)$/, "directory"],
  [/^(tcp\/(9100|10050|10051|5666|9182)|udp\/161)$/, "monitoring"],
  [/^(udp|tcp)\/(514|6514|1514|5044)$/, "logging"],
  [/^tcp\/(9101|9102|9103|1556|13724|10102|6106|8400|9392)$/, "backup"],
  [/^tcp\/(8530|8531|3142)$/, "patching"],
  [/^tcp\/(22|23|3389|5900|5985|5986)$/, "administration"],
];

/** The kind of the first service that has one. */
export const kindOf = (services: readonly string[]): string => kinds.find(([pattern]) => services.some((service) => pattern.test(service)))?.[1] ?? "shared";

/** Whether people and tools take over machines by this service. */
export const isAdministration = (service: string): boolean => kindOf([service]) === "administration";

// Databases and directories ship their changes to a standby through the door that their clients use. A web service behind a web service is no copy.
const replicating: ReadonlySet<string> = new Set(["tcp/5432", "tcp/3306", "tcp/1433", "tcp/1521", "tcp/27017", "tcp/6379", "tcp/389", "tcp/636"]);

/** Whether a server that reaches a second one by this service keeps a copy there. */
export const isReplicating = (service: string): boolean => replicating.has(service);
