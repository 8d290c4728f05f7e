type Colours = Readonly<Record<string, string>>;

/** The colours by name, as on paper; contrast of every text is at least 4.5, of every line that means something at least 3. */
export const lightColours: Colours = {
  page: "#f6f7f9",
  card: "#fff",
  ink: "#16202c",
  soft: "#51606f",
  edge: "#d8dee6",
  band: "#eef1f5",
  calm: "#6b7d92",
  far: "#8a3ffc",
  odd: "#b45309",
  oddfill: "#fff4e2",
  scan: "#c4123f",
  accent: "#0b5fd6",
  accentfill: "#e6f0ff",
  outside: "#e3f1ee",
  outsideline: "#2b7a6b",
  heat: "11,95,214",
};

const darkColours: Colours = {
  page: "#10151c",
  card: "#18202a",
  ink: "#e8edf3",
  soft: "#a4b2c1",
  edge: "#33404e",
  band: "#141b24",
  calm: "#8496aa",
  far: "#b794ff",
  odd: "#f0a43c",
  oddfill: "#33260f",
  scan: "#ff7a96",
  accent: "#7db4ff",
  accentfill: "#14304f",
  outside: "#12302b",
  outsideline: "#5dbdaa",
  heat: "90,150,240",
};

const declared = (colours: Colours): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");

/** The colours as a page declares them, light or dark as its reader has it. */
export const paletteStyle = `
:root{color-scheme:light dark;${declared(lightColours)}}
@media (prefers-color-scheme:dark){:root{${declared(darkColours)}}}`;
