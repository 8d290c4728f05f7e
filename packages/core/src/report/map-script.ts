/** What the page does beyond being read: choose, open and close boxes, search, filter, sort. The page says the same without it. Reads and writes text only, never markup. */
export const mapScript = `
"use strict";
const el=(id)=>document.getElementById(id),all=(s,e=document)=>[...e.querySelectorAll(s)];
const {top:topKind,lanes,envs,groups,services,shared,seers,edges}=JSON.parse(el("facts").textContent);
const [FROM,TO,SERVICE,COUNT,VAIN,BYTES,FIRST,LAST,SEERS,SCAN]=[0,1,2,3,4,5,6,7,8,9],rowsMost=300;
const find=el("find"),said=el("said"),body=el("flows").tBodies[0],pane=el("pane"),heads=all("th",el("flows"));
const low=(t)=>t.toLowerCase(),groupText=groups.map((g)=>low([g.title,g.words,...g.members].join(" "))),serviceText=services.map(low),seerText=seers.map(low);
const hint=said.textContent,isShared=services.map((s)=>shared.includes(s)),isOdd=(n)=>groups[n].kind==="unknown";
const crosses=(e)=>groups[e[FROM]].env>=0&&groups[e[TO]].env>=0&&groups[e[FROM]].env!==groups[e[TO]].env;
let level="",chosen=null,order=null,most=rowsMost,hits=edges;
const boxOf=(n)=>{
  const g=groups[n],kind=level===""?topKind:level[0];
  if(g.kind!=="workloads"||kind==="g")return"g"+n;
  if(level==="")return kind+(kind==="e"?g.env:g.lane);
  const own=Number(level.slice(1));
  return kind==="e"?(g.env===own?"l"+g.lane:"e"+g.env):(g.lane===own?"g"+n:"l"+g.lane);
};
const isUnder=(id,n)=>{const k=Number(id.slice(1)),g=groups[n];return id[0]==="g"?n===k:g.kind==="workloads"&&(id[0]==="l"?g.lane:g.env)===k};
const pictureOf=(key)=>document.querySelector('template[data-level="'+key+'"]');
const boxes=()=>all(".box",pane),ticked=(id)=>el(id)!==null&&el(id).checked,timeIn=(id)=>{const t=el(id)===null?NaN:Date.parse(el(id).value+"Z");return Number.isNaN(t)?null:t/1000};
function matching(){
  const words=low(find.value).split(/\\s+/).filter(Boolean),env=el("env")===null?"":el("env").value,after=timeIn("after"),before=timeIn("before");
  const has=words.map((w)=>({g:groupText.map((t)=>t.includes(w)),s:serviceText.map((t)=>t.includes(w)),o:seerText.map((t)=>t.includes(w))}));
  const [fold,odd,far,still]=["fold","odd","far","still"].map(ticked);
  const isOn=chosen!==null||words.length>0||env!==""||after!==null||before!==null||fold||odd||far||still;
  hits=!isOn?edges:edges.filter((e)=>
    (chosen===null||isUnder(chosen,e[FROM])||isUnder(chosen,e[TO]))&&has.every((h)=>h.g[e[FROM]]||h.g[e[TO]]||h.s[e[SERVICE]]||h.o[e[SEERS]])&&
    (env===""||groups[e[FROM]].env===Number(env)||groups[e[TO]].env===Number(env))&&(after===null||(e[LAST]!==null&&e[LAST]>=after))&&(before===null||(e[FIRST]!==null&&e[FIRST]<before))&&
    !(fold&&isShared[e[SERVICE]])&&(!odd||isOdd(e[FROM])||isOdd(e[TO]))&&(!far||crosses(e))&&!(still&&e[SCAN]===1));
  return isOn;
}
function show(){
  const isOn=matching(),near=new Set(),pairs=new Set();
  if(isOn)for(const e of hits){const a=boxOf(e[FROM]),b=boxOf(e[TO]);near.add(a);near.add(b);pairs.add(a+" "+b)}
  const picture=pane.querySelector("svg");
  picture.classList.toggle("chosen",isOn);
  for(const l of all(".link,.service",pane))l.classList.toggle("near",isOn&&pairs.has(l.dataset.from+" "+l.dataset.to));
  let name="";
  for(const b of boxes()){const on=b.dataset.id===chosen;b.classList.toggle("near",near.has(b.dataset.id)||on);b.setAttribute("aria-pressed",String(on));if(on)name=b.getAttribute("aria-label")+". "}
  const opens=chosen!==null&&chosen!==level&&pictureOf(chosen)!==null;
  el("open").hidden=!opens;
  const count=hits.length;
  said.textContent=name+(isOn?count+(count===1?" flow":" flows")+" shown."+(opens?" Enter opens it.":"")+" Escape shows all.":level===""?hint:"Inside "+titleOf(level)+". Escape goes back.");
  rows();
}
const titleOf=(key)=>key[0]==="e"?envs[Number(key.slice(1))]||"no environment":lanes[Number(key.slice(1))];
const cell=(text,sort)=>{const td=document.createElement("td");td.textContent=text;if(sort!==undefined){td.className="number"}return td};
const number=(v)=>cell(v===null?"not told":v.toLocaleString("en-US"),v);
const time=(v)=>{const td=document.createElement("td"),t=document.createElement("time");t.textContent=v===null?"not told":new Date(v*1000).toISOString().slice(0,19).replace("T"," ");td.append(t);return td};
function named(n){
  const g=groups[n],td=document.createElement("td"),b=document.createElement("bdi"),s=document.createElement("small");
  b.textContent=g.title;
  s.textContent=g.kind==="workloads"||g.members[0]===g.title?g.words:(g.kind==="outside"?"":g.words+": ")+g.members.slice(0,3).join(", ")+(g.count>3?" and "+(g.count-3)+" more":"");
  td.append(b," ",s);
  return td;
}
const keys=[(e)=>groups[e[FROM]].title+groups[e[FROM]].words,(e)=>groups[e[TO]].title+groups[e[TO]].words,(e)=>services[e[SERVICE]],...[COUNT,VAIN,BYTES,FIRST,LAST].map((at)=>(e)=>e[at]===null?-1:e[at]),(e)=>seers[e[SEERS]]];
function rows(){
  let list=hits;
  if(order!==null){const key=keys[order.column];list=[...hits].sort((a,b)=>{const x=key(a),y=key(b);return(x<y?-1:x>y?1:0)*order.way})}
  body.replaceChildren(...list.slice(0,most).map((e)=>{
    const tr=document.createElement("tr");
    tr.className=(isOdd(e[FROM])||isOdd(e[TO])?"odd":"")+(e[SCAN]===1?" scan":"");
    tr.append(named(e[FROM]),named(e[TO]),cell(services[e[SERVICE]]),number(e[COUNT]),number(e[VAIN]),number(e[BYTES]),time(e[FIRST]),time(e[LAST]),cell(seers[e[SEERS]]));
    return tr;
  }));
  el("shown").textContent=list.length.toLocaleString("en-US");
  el("more").hidden=list.length<=most;
  el("more").textContent="Show "+Math.min(rowsMost,list.length-most).toLocaleString("en-US")+" more of "+(list.length-most).toLocaleString("en-US");
}
function crumbs(){
  const path=[];
  for(let key=level;key!==null&&key!==undefined;key=pictureOf(key).dataset.up??null){path.unshift(key);if(key==="")break}
  el("where").replaceChildren(...path.map((key)=>{
    const b=document.createElement("button");
    b.type="button";b.textContent=key===""?"All":titleOf(key);
    if(key===level)b.setAttribute("aria-current","true");
    b.addEventListener("click",()=>enter(key));
    return b;
  }));
}
function enter(key){
  const template=pictureOf(key);
  if(template===null)return;
  level=key;chosen=null;
  pane.replaceChildren(template.content.cloneNode(true));
  crumbs();show();
  const first=boxes()[0];
  if(first)focus(first);
}
function choose(id){chosen=chosen===id?null:id;most=rowsMost;show()}
function clear(){chosen=null;find.value="";for(const id of["fold","odd","far","still"])if(el(id))el(id).checked=false;for(const id of["env","after","before"])if(el(id))el(id).value="";most=rowsMost;show()}
const isClear=()=>!matching();
function focus(box){for(const b of boxes())b.tabIndex=b===box?0:-1;box.focus()}
function beside(box,dx,dy){
  const at=(b)=>[Number(b.dataset.x),Number(b.dataset.y)],[x,y]=at(box);
  let best=null,least=Infinity;
  for(const b of boxes()){const [u,v]=at(b),along=(u-x)*dx+(v-y)*dy,across=Math.abs((u-x)*dy)+Math.abs((v-y)*dx),far=along+across*3;if(b!==box&&along>1&&far<least){least=far;best=b}}
  return best;
}
const steps={ArrowRight:[1,0],ArrowLeft:[-1,0],ArrowDown:[0,1],ArrowUp:[0,-1]};
pane.addEventListener("click",(e)=>{const box=e.target.closest(".box");if(box){focus(box);choose(box.dataset.id)}});
pane.addEventListener("dblclick",(e)=>{const box=e.target.closest(".box");if(box&&box.dataset.id!==level)enter(box.dataset.id)});
pane.addEventListener("keydown",(e)=>{
  const box=e.target.closest(".box");
  if(!box)return;
  if(e.key==="Enter"&&box.dataset.id===chosen&&box.dataset.id!==level&&pictureOf(chosen)!==null){e.preventDefault();enter(chosen)}
  else if(e.key==="Enter"||e.key===" "){e.preventDefault();choose(box.dataset.id)}
  else if(steps[e.key]){e.preventDefault();const to=beside(box,...steps[e.key]);if(to)focus(to)}
  else if(e.key==="Home"){e.preventDefault();focus(boxes()[0])}
  else if(e.key==="End"){e.preventDefault();focus(boxes().at(-1))}
});
document.addEventListener("keydown",(e)=>{if(e.key!=="Escape")return;if(isClear()&&level!=="")enter(pictureOf(level).dataset.up);else clear()});
el("clear").addEventListener("click",()=>{clear();if(level!=="")enter("")});
el("open").addEventListener("click",()=>enter(chosen));
el("more").addEventListener("click",()=>{most+=rowsMost;rows()});
for(const id of["find","env","after","before","fold","odd","far","still"])if(el(id))el(id).addEventListener("input",()=>{most=rowsMost;show()});
heads.forEach((th,n)=>th.firstChild.addEventListener("click",()=>{
  const up=th.getAttribute("aria-sort")==="ascending";
  for(const other of heads)other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort",up?"descending":"ascending");
  order={column:n,way:up?-1:1};rows();
}));
for(const e of all("[data-live]"))e.hidden=false;
crumbs();show();
`;

/** The SHA-256 of that text, for the page's content security policy; the test says the new one when the script changes. */
export const mapScriptHash = "56acUfwBA6/ZsKFCbR1mG3kepJEn23g6PHxDlJ3y/Ag=";
