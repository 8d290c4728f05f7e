import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A part of the machine that some tests need; what it is for, and what installs it on Debian. */
export interface Part {
  readonly name: string;
  readonly purpose: string;
  readonly install: string;
  readonly here: boolean;
}

const onPath = (program: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${program}`], { env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` } }).status === 0;

/** What the tests would like to find on this machine. */
export function parts(): readonly Part[] {
  return [
    {
      name: "chromium",
      purpose: "looks at the HTML map with a real browser and axe",
      install: "apt-get install chromium",
      here: existsSync("/usr/bin/chromium"),
    },
    { name: "nft", purpose: "the practice network (as root): kernels compared with the meaning", install: "apt-get install nftables", here: onPath("nft") },
    { name: "ping", purpose: "the practice network (as root): the echo of ICMP", install: "apt-get install iputils-ping", here: onPath("ping") },
    {
      name: "ip",
      purpose: "network namespaces: the practice network, and the recording of the example world",
      install: "apt-get install iproute2",
      here: onPath("ip"),
    },
    { name: "tcpdump", purpose: "records the example world; a peer of the capture benchmark", install: "apt-get install tcpdump", here: onPath("tcpdump") },
    { name: "nfpcapd", purpose: "a peer of the capture benchmark", install: "apt-get install nfdump", here: onPath("nfpcapd") },
    { name: "tshark", purpose: "a peer of the capture benchmark", install: "apt-get install tshark", here: onPath("tshark") },
  ];
}
