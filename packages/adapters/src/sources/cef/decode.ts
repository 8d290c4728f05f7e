import { cefTold, isCef } from "../cef.ts";
import { eventFormat } from "../event-format.ts";

/** Events in ArcSight's Common Event Format. */
export const cef = eventFormat({
  name: "cef",
  reads: "Common Event Format over syslog or in files, of any product; the dialects of Palo Alto, Fortinet and Check Point are known",
  isEvent: isCef,
  told: cefTold,
});
