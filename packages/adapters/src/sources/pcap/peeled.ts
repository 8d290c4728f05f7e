/** What was peeled off one packet on the way to the conversation in it; one object is used again for every packet. */
export interface Peeled {
  /** Names of tunnels, the outermost first. */
  readonly layers: string[];
  /** What nobody but the two ends of a link can read, and how many frames of it there were in the capture. */
  readonly sealed: Map<string, number>;
}

export const nothingPeeled = (): Peeled => ({ layers: [], sealed: new Map() });

/** Counts a frame whose content is encrypted; false, because it carries nothing that can be read. */
export function seal({ sealed }: Peeled, name: string): false {
  sealed.set(name, (sealed.get(name) ?? 0) + 1);
  return false;
}
