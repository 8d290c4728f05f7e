import { ipOf, isPublic } from "../base/ip.ts";
import type { FlowEnd } from "../model/flow.ts";

/** Whether the end is a public address that no workload holds. */
export function isInternet(end: FlowEnd): boolean {
  const ip = end.kind === "bare" ? ipOf(end.address) : undefined;
  return ip !== undefined && isPublic(ip);
}
