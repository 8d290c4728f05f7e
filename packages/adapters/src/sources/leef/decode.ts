import { eventFormat } from "../event-format.ts";
import { isLeef, leefTold } from "../leef.ts";

/** Events in IBM's Log Event Extended Format. */
export const leef = eventFormat({
  name: "leef",
  reads: "Log Event Extended Format 1 and 2, over syslog or in files, of any product",
  isEvent: isLeef,
  told: leefTold,
});
