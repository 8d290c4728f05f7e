import type { CloudReading } from "../cloud.ts";

/** How the elements of one list are told; `key` is the name that every element has. */
export interface AwsList {
  readonly key: string;
  readonly tell?: (told: CloudReading, one: unknown, where: string) => void;
}
