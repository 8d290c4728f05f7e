import type { Known } from "./known.ts";

/** S7comm's jobs, as Wireshark's dissector and Siemens' own manuals of the CPUs name them; the protocol is not published. */
export const s7: readonly Known[] = [
  [0x00, "CPU Services", "session"],
  [0x04, "Read Var", "read"],
  [0x05, "Write Var", "write"],
  [0x1a, "Request Download", "control"],
  [0x1b, "Download Block", "control"],
  [0x1c, "Download Ended", "control"],
  [0x1d, "Start Upload", "read"],
  [0x1e, "Upload", "read"],
  [0x1f, "End Upload", "read"],
  [0x28, "PLC Control", "control"],
  [0x29, "PLC Stop", "control"],
  [0xf0, "Setup Communication", "session"],
];
