import type { Known } from "./known.ts";

/** ASHRAE 135, clause 21: the confirmed services. */
export const bacnet: readonly Known[] = [
  [0, "AcknowledgeAlarm", "write"],
  [1, "ConfirmedCOVNotification", "read"],
  [2, "ConfirmedEventNotification", "read"],
  [3, "GetAlarmSummary", "read"],
  [4, "GetEnrollmentSummary", "read"],
  [5, "SubscribeCOV", "read"],
  [6, "AtomicReadFile", "read"],
  [7, "AtomicWriteFile", "write"],
  [8, "AddListElement", "write"],
  [9, "RemoveListElement", "write"],
  [10, "CreateObject", "write"],
  [11, "DeleteObject", "write"],
  [12, "ReadProperty", "read"],
  [13, "ReadPropertyConditional", "read"],
  [14, "ReadPropertyMultiple", "read"],
  [15, "WriteProperty", "write"],
  [16, "WritePropertyMultiple", "write"],
  [17, "DeviceCommunicationControl", "control"],
  // 18 is a vendor's own.
  [19, "ConfirmedTextMessage", "session"],
  [20, "ReinitializeDevice", "control"],
  [21, "VT-Open", "session"],
  [22, "VT-Close", "session"],
  [24, "Authenticate", "session"],
  [25, "RequestKey", "session"],
  [26, "ReadRange", "read"],
  [27, "LifeSafetyOperation", "control"],
  [28, "SubscribeCOVProperty", "read"],
  [29, "GetEventInformation", "read"],
];

/** The unconfirmed services; their numbers are others. */
export const bacnetUnconfirmed: readonly Known[] = [
  [0, "I-Am", "read"],
  [1, "I-Have", "read"],
  [2, "UnconfirmedCOVNotification", "read"],
  [3, "UnconfirmedEventNotification", "read"],
  [5, "UnconfirmedTextMessage", "session"],
  [6, "TimeSynchronization", "write"],
  [7, "Who-Has", "read"],
  [8, "Who-Is", "read"],
  [9, "UTCTimeSynchronization", "write"],
  [10, "WriteGroup", "write"],
];
