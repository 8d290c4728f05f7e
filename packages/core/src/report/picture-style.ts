import { lightColours } from "./palette.ts";

/** The looks of the pictures in a report; colours are names that the page, or paper, gives values. */
export const pictureStyle = `
text{fill:var(--ink);font-size:13px}
.soft{fill:var(--soft)}
.axis{stroke:var(--calm);stroke-width:1}
.curve{fill:none;stroke:var(--accent);stroke-width:2.4}
.bar{fill:var(--calm)}
.cell{stroke:var(--edge)}
.band{fill:var(--band)}.band.unknown{fill:var(--oddfill);stroke:var(--odd);stroke-dasharray:5 5}
.lane{font-weight:650;font-size:14px}.lane.env{font-weight:400;font-size:12.5px;fill:var(--soft)}
.link{fill:none;stroke:var(--calm);opacity:.8}.link.shared{opacity:.3;stroke-width:1.2px}
.link.far{stroke:var(--far);stroke-dasharray:10 4}.link.odd{stroke:var(--odd);stroke-dasharray:5 4}.link.vain{stroke-dasharray:1.5 5;stroke-linecap:round}.link.scan{stroke:var(--scan);stroke-dasharray:2 4}
.tip.scan{fill:var(--scan)}.tip.calm{fill:var(--calm)}.tip.far{fill:var(--far)}.tip.odd{fill:var(--odd)}
.service{font-size:11px;fill:var(--soft);text-anchor:middle;paint-order:stroke;stroke:var(--band);stroke-width:4px;stroke-linejoin:round}
.box rect{fill:var(--card);stroke:var(--calm);stroke-width:1.3}.box.outside rect{fill:var(--outside);stroke:var(--outsideline)}.box.unknown rect{stroke:var(--odd);stroke-width:1.8;stroke-dasharray:5 4}
.box .name{font-weight:600;font-size:13.5px}.box .count{font-size:11.5px;fill:var(--soft)}
.dense .link{opacity:.3;stroke-width:1.2px}.dense .service{opacity:0}
`;

/** A picture that carries its looks within itself, for where no page gives them; paper is white, so they are those of the light page. */
export function paperSvg(svg: string): string {
  const coloured = (text: string): string => text.replace(/var\(--(\w+)\)/g, (whole, name: string) => lightColours[name] ?? whole);
  return coloured(svg).replace(
    /^(<svg[^>]*)>/,
    `$1 xmlns="http://www.w3.org/2000/svg"><style>text{font-family:"Libertinus Serif",serif}${coloured(pictureStyle)}</style>`,
  );
}
