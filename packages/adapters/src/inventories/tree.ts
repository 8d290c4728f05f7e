/** Looks into values that JSON or YAML gave, whatever they are; own keys only, so `constructor` is a key like any other. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at the end of a path of keys, or undefined. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((one, key) => (isFields(one) && Object.hasOwn(one, key) ? one[key] : undefined), value);

/** The text there, or undefined when it is none or empty. */
export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
};

/** The list there; empty when it is none. */
export const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** The text, number or truth there as a text, or undefined. */
export const wordAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === "number" || typeof found === "boolean" ? String(found) : typeof found === "string" && found !== "" ? found : undefined;
};
