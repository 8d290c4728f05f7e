import { paletteStyle } from "./palette.ts";
import { pictureStyle } from "./picture-style.ts";

/** The looks of the map page, light and dark; contrast of every text is at least 4.5, of every line that means something at least 3. */
export const mapStyle = `${paletteStyle}
[hidden]{display:none!important}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
header,main,footer{max-width:1560px;margin:0 auto;padding:0 28px}
header{padding-top:26px}
h1{font-size:1.7rem;line-height:1.2;margin:0;letter-spacing:-.01em}
section.card.odd{border-color:var(--odd);background:var(--oddfill)}
.findings{margin:0;padding:0;list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(24rem,100%),1fr));gap:4px 28px;font-size:.93rem}
h2{font-size:1.05rem;margin:0 0 .3rem}
p{margin:.35rem 0}
.sub{color:var(--soft)}
.figures{display:flex;flex-wrap:wrap;gap:10px;margin:16px 0;padding:0;list-style:none}
.figures li{background:var(--card);border:1px solid var(--edge);border-radius:12px;padding:8px 16px;min-width:118px}
.figures b{display:block;font-size:1.45rem;line-height:1.25;font-variant-numeric:tabular-nums}
.figures span{color:var(--soft);font-size:.86rem}
.figures .odd{border-color:var(--odd);background:var(--oddfill)}
.figures .odd b{color:var(--odd)}
.figures .odd span{color:var(--ink)}
.card{background:var(--card);border:1px solid var(--edge);border-radius:14px;padding:16px 18px;margin:0 0 16px}
.tools{display:flex;flex-wrap:wrap;gap:12px 22px;align-items:end;margin-bottom:10px}
.tools label{font-size:.86rem;color:var(--soft);display:block}
input,button,select{font:inherit;color:inherit}
select,input[type=datetime-local]{min-height:38px;padding:4px 10px;border:1px solid var(--soft);border-radius:8px;background:var(--page);width:auto}
input[type=checkbox]{min-height:0;width:18px;height:18px;margin:0 6px 0 0;padding:0;vertical-align:-3px}
.ticks{gap:6px 22px;margin-bottom:12px}.tools label.tick{display:inline-block;min-height:26px;color:var(--ink)}
#more{min-height:36px;margin-top:10px;padding:4px 14px;border:1px solid var(--soft);border-radius:8px;background:var(--card);cursor:pointer}
#where{display:flex;gap:8px;margin:6px 0}#where button{min-height:28px;padding:1px 10px;border:1px solid var(--edge);border-radius:8px;background:none;cursor:pointer}#where button[aria-current]{border-color:var(--accent);font-weight:650}#where button+button::before{content:"› ";color:var(--soft)}
.beside{display:flex;flex-wrap:wrap;gap:18px;align-items:flex-start}.beside>div{flex:1 1 24rem;min-width:0}
.matrix th[scope=row]{position:static;padding:6px 10px;font-weight:400;border-bottom:1px solid var(--edge)}.matrix thead th{padding:6px 10px}
input{min-height:38px;width:min(26rem,100%);padding:4px 12px;border:1px solid var(--soft);border-radius:8px;background:var(--page)}
.tools button{min-height:38px;padding:4px 14px;border:1px solid var(--soft);border-radius:8px;background:var(--card);cursor:pointer}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0;padding:0;list-style:none;color:var(--soft);font-size:.86rem}
.legend svg{vertical-align:middle;margin-right:7px}
.picture,.scroll{overflow:auto;border-radius:10px}
.picture{max-height:92vh}
.picture svg#picture{display:block;max-width:100%;height:auto}
.scroll{max-height:34rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
${pictureStyle}
.swatch{fill:none;stroke:var(--calm);stroke-width:2.5}
.swatch.far{stroke:var(--far);stroke-dasharray:10 4}.swatch.odd{stroke:var(--odd);stroke-dasharray:5 4}.swatch.vain{stroke-dasharray:1.5 5;stroke-linecap:round}.swatch.scan{stroke:var(--scan);stroke-dasharray:2 4}
.swatch.shared{opacity:.45;stroke-width:1.2}
.box{cursor:pointer}
.box:focus{outline:none}
.box:focus-visible rect{stroke:var(--accent);stroke-width:4;stroke-dasharray:none}
.box:hover rect,.box[aria-pressed=true] rect{fill:var(--accentfill);stroke:var(--accent);stroke-width:2.4}
.dense .link.far,.dense .link.scan{opacity:.16}
.chosen .link,.chosen .service{opacity:.08}
.chosen .box:not(.near) rect{stroke:var(--edge)}
.chosen .box:not(.near) .name{font-weight:400;fill:var(--soft)}
.chosen .near{opacity:1!important}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;font-weight:650;padding:2px 0 10px}
th{position:sticky;top:0;background:var(--card);text-align:left;padding:0;border-bottom:2px solid var(--edge)}
th button{min-height:34px;width:100%;padding:4px 10px;text-align:inherit;background:none;border:0;font-weight:650;cursor:pointer;white-space:nowrap}
th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
td{padding:6px 10px;border-bottom:1px solid var(--edge);vertical-align:top}
td small{display:block;color:var(--soft)}
td time{white-space:nowrap;font-variant-numeric:tabular-nums}
.number{text-align:right;font-variant-numeric:tabular-nums}
tr.scan td:nth-child(3)::after{content:" scan";color:var(--scan);font-weight:650}
tr.odd td:first-child{box-shadow:inset 3px 0 0 var(--odd)}
footer{color:var(--soft);font-size:.86rem;padding-bottom:30px}
code{font-size:.95em}
@media (prefers-reduced-motion:no-preference){.link,.service,.box{transition:opacity .15s}}
@media print{.tools{display:none}.scroll,.picture{max-height:none}.picture svg{min-width:0!important}}
@media (max-width:700px){header,main,footer{padding-left:14px;padding-right:14px}}
`;
