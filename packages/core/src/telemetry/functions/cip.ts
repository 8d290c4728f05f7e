import type { Known } from "./known.ts";

/** CIP Networks Library, volume 1, appendix A: the services that mean the same in every class. The others are a class's own. */
export const cip: readonly Known[] = [
  [0x01, "Get Attributes All", "read"],
  [0x02, "Set Attributes All", "write"],
  [0x03, "Get Attribute List", "read"],
  [0x04, "Set Attribute List", "write"],
  [0x05, "Reset", "control"],
  [0x06, "Start", "control"],
  [0x07, "Stop", "control"],
  [0x08, "Create", "write"],
  [0x09, "Delete", "write"],
  // Only an envelope: what is in it is counted too.
  [0x0a, "Multiple Service Packet", "session"],
  [0x0d, "Apply Attributes", "write"],
  [0x0e, "Get Attribute Single", "read"],
  [0x10, "Set Attribute Single", "write"],
  [0x11, "Find Next Object Instance", "read"],
  [0x15, "Restore", "control"],
  [0x16, "Save", "control"],
  [0x17, "No Operation", "session"],
  [0x18, "Get Member", "read"],
  [0x19, "Set Member", "write"],
  [0x1a, "Insert Member", "write"],
  [0x1b, "Remove Member", "write"],
  [0x1c, "Group Sync", "session"],
];

/** The connection manager's own services (class 6): they open and close what others use. */
export const cipConnections: readonly Known[] = [
  [0x4e, "Forward Close", "session"],
  [0x52, "Unconnected Send", "session"],
  [0x54, "Forward Open", "session"],
  [0x56, "Get Connection Data", "read"],
  [0x57, "Search Connection Data", "read"],
  [0x5a, "Get Connection Owner", "read"],
  [0x5b, "Large Forward Open", "session"],
];

/** EtherNet/IP's commands (volume 2, chapter 2): the envelope around CIP. */
export const enip: readonly Known[] = [
  [0x00, "NOP", "session"],
  [0x04, "List Services", "read"],
  [0x63, "List Identity", "read"],
  [0x64, "List Interfaces", "read"],
  [0x65, "Register Session", "session"],
  [0x66, "Unregister Session", "session"],
  [0x6f, "Send RR Data", "session"],
  [0x70, "Send Unit Data", "session"],
  [0x72, "Indicate Status", "session"],
  [0x73, "Cancel", "session"],
];
