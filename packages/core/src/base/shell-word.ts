/** A word as a shell reads it back: quoted where it must be. */
export const shellWord = (text: string): string => (/^[\w.:/%+,=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
