/** What the page does beyond being read: choose a group, search, sort. The page says the same without it. Reads and writes text only, never markup. */
export const mapScript = `
"use strict";
const all=(s)=>[...document.querySelectorAll(s)],picture=document.getElementById("picture"),find=document.getElementById("find"),said=document.getElementById("said"),shown=document.getElementById("shown");
const boxes=all(".box"),lines=all(".link,.service"),body=document.querySelector("tbody"),rows=all("tbody tr");
let chosen=null;
const touches=(e,id)=>e.dataset.from===id||e.dataset.to===id;
function show(){
  const words=find.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count=0;
  for(const row of rows){const ok=(chosen===null||touches(row,chosen))&&words.every((w)=>row.textContent.toLowerCase().includes(w));row.hidden=!ok;if(ok)count+=1}
  shown.textContent=count;
  const near=new Set(),on=chosen!==null||words.length>0;
  if(on)for(const row of rows)if(!row.hidden){near.add(row.dataset.from);near.add(row.dataset.to)}
  const pairs=new Set(rows.filter((r)=>!r.hidden).map((r)=>JSON.stringify([r.dataset.from,r.dataset.to])));
  picture.classList.toggle("chosen",on);
  for(const l of lines)l.classList.toggle("near",on&&pairs.has(JSON.stringify([l.dataset.from,l.dataset.to])));
  for(const b of boxes){b.classList.toggle("near",near.has(b.dataset.id)||b.dataset.id===chosen);b.setAttribute("aria-pressed",String(b.dataset.id===chosen))}
  const box=boxes.find((b)=>b.dataset.id===chosen);
  said.textContent=(box?box.getAttribute("aria-label")+". ":"")+(on?count+(count===1?" flow":" flows")+" shown. Escape shows all.":"All flows shown.");
}
function choose(id){chosen=chosen===id?null:id;show()}
function clear(){chosen=null;find.value="";show()}
function focus(box){for(const b of boxes)b.tabIndex=b===box?0:-1;box.focus()}
function beside(box,dx,dy){
  const at=(b)=>[Number(b.dataset.x),Number(b.dataset.y)],[x,y]=at(box);
  let best=null,least=Infinity;
  for(const b of boxes){const [u,v]=at(b),along=(u-x)*dx+(v-y)*dy,across=Math.abs((u-x)*dy)+Math.abs((v-y)*dx),far=along+across*3;if(b!==box&&along>1&&far<least){least=far;best=b}}
  return best;
}
const steps={ArrowRight:[1,0],ArrowLeft:[-1,0],ArrowDown:[0,1],ArrowUp:[0,-1]};
for(const box of boxes){
  box.addEventListener("click",()=>{focus(box);choose(box.dataset.id)});
  box.addEventListener("keydown",(e)=>{
    if(e.key==="Enter"||e.key===" "){e.preventDefault();choose(box.dataset.id)}
    else if(steps[e.key]){e.preventDefault();const to=beside(box,...steps[e.key]);if(to)focus(to)}
    else if(e.key==="Home"){e.preventDefault();focus(boxes[0])}
    else if(e.key==="End"){e.preventDefault();focus(boxes[boxes.length-1])}
  });
}
document.addEventListener("keydown",(e)=>{if(e.key==="Escape")clear()});
document.getElementById("clear").addEventListener("click",clear);
find.addEventListener("input",show);
all("th").forEach((th,n)=>th.firstChild.addEventListener("click",()=>{
  const up=th.getAttribute("aria-sort")==="ascending";
  for(const other of all("th"))other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort",up?"descending":"ascending");
  const value=(r)=>{const c=r.cells[n];return c.dataset.sort===undefined?c.textContent:Number(c.dataset.sort)};
  rows.sort((a,b)=>{const x=value(a),y=value(b);return (x<y?-1:x>y?1:0)*(up?-1:1)});
  body.append(...rows);
}));
for(const e of all("[data-live]"))e.hidden=false;
`;

/** The SHA-256 of that text, for the page's content security policy; the test says the new one when the script changes. */
export const mapScriptHash = "J/+b4qCy6HnQGokOJEAkMt1i0ddwOzmWF8lk+r028bk=";
