/** How the reason of a proposed rule begins until a person has said why: what is open is nobody's reason, and two of them are not the same. */
export const openReason = "proposed from what was seen";
