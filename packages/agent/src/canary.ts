import { canaryText, noCanaryText } from "@bulkhead/adapters/targets/nftables/needs";
import { Failure } from "@bulkhead/core/base/failure";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { load } from "./kernel.ts";

// Loopback delivers at once. On a busy machine "nothing came" may be said too early: then the kernel is trusted.
const waitMs = 50;

/** Sends a datagram to ourselves that a rule drops; a kernel that takes the rule and lets the datagram through is refused in words. */
export async function checkDrops(directory: string): Promise<void> {
  const socket = createSocket("udp4");
  try {
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    // Where loopback is down nothing comes, and nothing can be told.
    if (!(await arrives(socket))) return;
    await load(directory, canaryText(socket.address().port));
    const hasArrived = await arrives(socket);
    await load(directory, noCanaryText);
    if (hasArrived)
      throw new Failure(
        "this kernel takes rules and does not apply them: a datagram came that a rule drops",
        "nothing was changed; use a kernel with nf_tables",
      );
  } finally {
    socket.close();
  }
}

function arrives(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), waitMs);
    socket.removeAllListeners("message").once("message", () => {
      clearTimeout(timer);
      resolve(true);
    });
    socket.send("canary", socket.address().port, "127.0.0.1", () => {});
  });
}
