import { paletteStyle } from "./palette.ts";
import { pictureStyle } from "./picture-style.ts";

/** The looks of a report, on screen and on paper, light and dark; contrast of every text is at least 4.5. */
export const documentStyle = `${paletteStyle}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
header,nav,main,footer{max-width:1180px;margin:0 auto;padding:0 28px}
header{padding-top:30px}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .6rem;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:0 0 .5rem}
.nr{color:var(--soft);font-weight:400;margin-right:.35em;font-variant-numeric:tabular-nums}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:var(--card);padding:6px 12px}
a{color:var(--accent)}
.front{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:2px 28px;margin:0 0 18px;padding:14px 18px;background:var(--card);border:1px solid var(--edge);border-radius:14px}
.front div{display:flex;gap:10px;align-items:baseline}.front div.long,.front div:last-child{grid-column:1/-1}
.front dt{color:var(--soft);min-width:8.5rem;font-size:.9rem}.front dd{margin:0;overflow-wrap:anywhere}
nav{margin-bottom:14px}nav h2{font-size:1rem}
nav ol{columns:3 16rem;margin:0;padding-left:1.6rem;font-size:.94rem}
section{background:var(--card);border:1px solid var(--edge);border-radius:14px;padding:18px 20px;margin:0 0 16px}
p{margin:.4rem 0;max-width:76ch}
.sub{color:var(--soft);font-size:.9rem}
.missing{border-left:4px solid var(--odd);background:var(--oddfill);padding:8px 14px;border-radius:0 8px 8px 0;max-width:none}
figure{margin:12px 0}
figcaption{color:var(--soft);font-size:.9rem;max-width:90ch}
figcaption b{color:var(--ink)}
.picture,.scroll{overflow:auto;border-radius:10px}
.picture{max-height:92vh}
.picture svg{display:block;max-width:100%;height:auto}
.picture svg[data-wide]{min-width:700px}
.scroll{max-height:36rem;margin:12px 0}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;font-weight:650;padding:2px 0 8px}
th{position:sticky;top:0;background:var(--card);text-align:left;padding:5px 9px;border-bottom:2px solid var(--edge);vertical-align:bottom}
td{padding:5px 9px;border-bottom:1px solid var(--edge);vertical-align:top;overflow-wrap:break-word}
.number{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal;white-space:nowrap}
th.number{white-space:normal}
h3{font-size:1rem;margin:14px 0 8px}
.cards{list-style:none;margin:0;padding:0;display:grid;gap:10px}
.cards li{border:1px solid var(--edge);border-radius:10px;padding:10px 14px;break-inside:avoid}
.cards h4{font-size:1rem;margin:0 0 .3rem;overflow-wrap:anywhere}
.cards dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(15rem,100%),1fr));gap:3px 24px;margin:0;font-size:.9rem}
.cards .long{grid-column:1/-1;display:flex;gap:12px;align-items:baseline}.cards .long dt{min-width:6rem}
.cards dt{color:var(--soft);font-size:.85rem}.cards dd{margin:0;overflow-wrap:anywhere}
code{font-size:.93em}
td time{white-space:nowrap;font-variant-numeric:tabular-nums}
td code{font-size:.82em;color:var(--soft);display:inline-block;min-width:17rem}
footer{color:var(--soft);font-size:.88rem;padding-bottom:34px}
${pictureStyle}
@media print{:root{--page:#fff}body{font-size:10pt}header,nav,main,footer{max-width:none;padding:0}section{border:0;padding:0;break-inside:auto}figure,tr{break-inside:avoid}.scroll,.picture{max-height:none;overflow:visible}.picture svg{min-width:0!important}th{position:static}thead{display:table-header-group}}
@media (max-width:700px){header,nav,main,footer{padding-left:14px;padding-right:14px}}
`;
