import { readFileSync } from "node:fs";

/** How many datagrams the kernel has dropped for want of room, of all UDP sockets of this network namespace that are bound to a port. */
export function kernelDropsOf(port: number): number {
  return ["/proc/net/udp", "/proc/net/udp6"].reduce((sum, path) => sum + dropsIn(path, port), 0);
}

// proc(5): the second column is the local address and port in hexadecimal, the last the drops.
function dropsIn(path: string, port: number): number {
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch {
    // No Linux, or no IPv6: nobody tells.
    return 0;
  }
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words[1]?.endsWith(suffix) === true)
    .reduce((sum, words) => sum + (Number(words.at(-1)) || 0), 0);
}
