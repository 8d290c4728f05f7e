/** A number as people read it, whatever machine writes it: `1,234,567`. */
export const number = (count: number): string => count.toLocaleString("en-US");
