import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mapOf } from "../map/map.ts";
import { mapTable as mapText } from "../map/table.ts";
import { recordedShop } from "../recommend/testing/shop.ts";
import { mapHtml } from "./map-html.ts";
import { layoutOf } from "./map-layout.ts";
import { levelsOf } from "./map-levels.ts";
import { mapScript, mapScriptHash } from "./map-script.ts";
import { mapSvg } from "./map-svg.ts";
import type { PicturedMap } from "./pictured-map.ts";
import { pictured } from "./pictured.ts";

const { flows, workloads } = recordedShop();
const shop = pictured(mapOf(flows, workloads));

const evil = `</script><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>\u202e'";\u001b[31m`;
const hostile: PicturedMap = {
  groups: ["a", "b"].map((id) => ({
    id: id + evil,
    kind: "workloads",
    title: evil,
    lane: evil,
    env: evil,
    members: [evil],
    memberCount: 1,
    size: "1 workload",
  })),
  edges: [
    { from: `a${evil}`, to: `b${evil}`, service: evil, connections: 1, unanswered: 0, bytes: null, first: null, last: null, observers: [evil], scan: false },
  ],
  workloads: { known: 2, talked: 2 },
  unknownCount: 0,
  findings: [{ title: evil, text: evil }],
  findingsOmitted: 0,
};

test("the page names nothing outside of itself", () => {
  const html = mapHtml(shop);
  expect(html).not.toMatch(/(?:src|href|action)\s*=|@import|url\((?!#)|https?:/i);
  expect(html).toContain("default-src 'none'");
});

test("the policy of the page knows the script of the page", () => {
  expect(mapScriptHash).toBe(createHash("sha256").update(mapScript).digest("base64"));
});

test("what stands on a line there and on the line back are told apart", () => {
  const group = { members: [], memberCount: 1, size: "1", env: null };
  const edge = { unanswered: 0, bytes: null, first: null, last: null, observers: [], scan: false };
  const layout = layoutOf({
    groups: [
      { ...group, id: "outside", kind: "outside", title: "outside", lane: "outside" },
      { ...group, id: "a", kind: "workloads", title: "a", lane: "a" },
      { ...group, id: "b", kind: "workloads", title: "b", lane: "b" },
    ],
    edges: [
      { ...edge, from: "outside", to: "b", service: "13", connections: 90 },
      { ...edge, from: "b", to: "outside", service: "1", connections: 9 },
      { ...edge, from: "a", to: "b", service: "2", connections: 5 },
    ],
  });
  const places = [...mapSvg(layout).matchAll(/class="service"[^>]* x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(places).toHaveLength(3);
  for (const [at, [x, y]] of places.entries())
    for (const [otherX, otherY] of places.slice(at + 1)) expect(Math.abs(x - otherX) > 30 || Math.abs(y - otherY) > 12).toBe(true);
});

test("nothing that stands on a line lies under a box or on another, and a name that fits is not cut", () => {
  const layout = layoutOf(shop);
  const svg = mapSvg(layout);
  const labels = [...svg.matchAll(/class="service"[^>]* x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(labels.length).toBeGreaterThan(10);
  const under = labels.filter(([x, y]) => layout.boxes.some((box) => x > box.x && x < box.x + box.width && y > box.y && y - 8 < box.y + box.height));
  expect(under).toEqual([]);
  const on = labels.filter(([x, y], at) => labels.slice(at + 1).some(([otherX, otherY]) => Math.abs(x - otherX) < 40 && Math.abs(y - otherY) < 12));
  expect(on).toEqual([]);
  const named = (title: string) => mapSvg(layoutOf({ ...hostile, groups: hostile.groups.map((one) => ({ ...one, title })) }));
  expect(named("Broadcast, multicast")).toMatch(/textLength="118"[^>]*>Broadcast, multicast</);
  expect(named("Internet")).not.toContain("textLength");
});

test("names from outside are text, whatever they hold", () => {
  const html = mapHtml(hostile);
  expect(html).not.toContain("<img");
  expect(html.match(/<script>/g)).toHaveLength(1);
  expect(html).not.toMatch(/[\u202e\u001b]/);
});

test("every flow of the map stands in the table, what nobody wrote down first", () => {
  const rows = [...mapHtml(shop).matchAll(/<tr class="([a-z ]*)" data-from/g)].map(([, kind]) => kind);
  expect(rows).toHaveLength(shop.edges.length);
  expect(rows.findLastIndex((kind) => kind?.includes("odd"))).toBeLessThan(rows.findIndex((kind) => !kind?.includes("odd")));
});

test("the page and the table on a terminal count the same machines in no inventory", () => {
  const [map, html] = [mapOf(flows, workloads), mapHtml(shop)];
  const told = /unknown inside: (\d+) machines, (\d+) silent/.exec(mapText(map, { edgesMax: 5, unknownsMax: 5, printable: (text) => text }));
  expect([told?.[1], told?.[2]]).toEqual(["2", "17"]);
  expect(html).toContain(`<b>${told?.[1]}</b><span>machines in no inventory</span>`);
  expect(html).toContain(`>${told?.[1]} machines</text>`);
  expect(html).toContain(`<bdi>${told?.[2]} addresses never answered</bdi>`);
});

test("who was called and never answered did not talk: the page and the table on a terminal count the same workloads", () => {
  const silent = { id: "silent-1", labels: { app: "shop", env: "prod", role: "silent" } };
  const called = { ...flows[0]!, server: { kind: "held", holder: "silent-1" } as const, answered: 0, untold: 0, unanswered: flows[0]!.connections };
  const all = [...workloads, silent];
  const map = mapOf([...flows, called], all);
  expect(map.groups.some(({ workloads: some }) => some.includes("silent-1"))).toBe(true);
  expect(map.totals).toMatchObject({ workloads: all.length, talked: workloads.length });
  expect(mapText(map, { edgesMax: 5, unknownsMax: 5, printable: (text) => text })).toContain("17 / 18 workloads of the inventory talked");
  expect(mapHtml(pictured(map))).toContain("<b>17</b><span>of 18 workloads talked</span>");
});

test("an unknown machine with a box of its own is not counted among the silent addresses", () => {
  const map = pictured(mapOf(flows, workloads, { apartMax: 30 }));
  const rest = map.groups.find(({ id }) => id === "unknown")!;
  expect(map.groups.some(({ title }) => title === "10.20.2.99")).toBe(true);
  expect([rest.members.includes("10.20.2.99"), rest.members.length, rest.size]).toEqual([false, rest.memberCount, "17 silent addresses"]);
});

test("between environments attempts are counted apart from what was answered", () => {
  const cells = (map: PicturedMap) => /class="matrix-rows">(.*?)<\/tbody>/s.exec(mapHtml(map))![1]!;
  const edge = { ...hostile.edges[0]!, from: "a", to: "b", connections: 2630, unanswered: 1508 };
  const between = (more: object): PicturedMap => ({
    ...hostile,
    groups: ["a", "b"].map((id) => ({ ...hostile.groups[0]!, id, env: id })),
    edges: [{ ...edge, ...more }],
  });
  expect(cells(between({}))).toContain('<td class="number">1,122<small>+1,508</small></td>');
  expect(cells(between({ unanswered: 2630 }))).toContain('<td class="number">0<small>+2,630</small></td>');
  expect(cells(between({ unanswered: 0 }))).toContain('<td class="number">2,630</td>');
});

test("one of a thing is one thing", () => {
  const [one] = hostile.edges;
  const html = mapHtml({ ...hostile, unknownCount: 1, edges: [{ ...one!, connections: 1 }] });
  for (const words of ["<b>1</b><span>machine in no inventory", "<b>1</b><span>flow (client, server, service)", "<b>1</b><span>connection<"])
    expect(html).toContain(words);
  expect(mapHtml(shop)).toContain("<span>machines in no inventory");
});

test("the same map gives the same bytes, an empty one a page", () => {
  expect(mapHtml(shop)).toBe(mapHtml(shop));
  expect(mapHtml({ groups: [], edges: [], workloads: { known: 0, talked: 0 }, unknownCount: 0, findings: [], findingsOmitted: 0 })).toContain("</html>");
});

/** An estate of 5,000 workloads in 2,000 roles of 250 applications in four environments, with 50,000 edges. */
function estate(): PicturedMap {
  const envs = ["prod", "staging", "test", "dev"];
  const groups = Array.from({ length: 2000 }, (_, n) => {
    const [app, env] = [`app-${Math.floor(n / 8) % 250}`, envs[Math.floor(n / 8) % 4]!];
    const members = [0, 1, 2].slice(0, n % 2 === 0 ? 2 : 3).map((one) => `${app}-${env}-${n % 8}-${one}`);
    return {
      id: `g${n}`,
      kind: "workloads" as const,
      title: `role-${n % 8}`,
      lane: `${app} · ${env}`,
      env,
      members,
      memberCount: members.length,
      size: "2 workloads",
    };
  });
  const services = ["tcp/443", "tcp/5432", "udp/53", "tcp/8443"];
  const edges = Array.from({ length: 50_000 }, (_, n) => {
    const from = (n * 7919) % 2000;
    const to = n % 3 === 0 ? (n * 104_729 + 11) % 2000 : (Math.floor(from / 8) * 8 + (n % 8)) % 2000;
    const first = 1.767e15 + (n % 400) * 3.6e9;
    return {
      from: `g${from}`,
      to: `g${to}`,
      service: services[n % 4]!,
      connections: 1 + (n % 90),
      unanswered: 0,
      bytes: n,
      first,
      last: first + 3.6e9,
      observers: ["core"],
      scan: false,
    };
  });
  return { groups, edges, workloads: { known: 5000, talked: 5000 }, unknownCount: 0, findings: [], findingsOmitted: 0 };
}

test("a map of thousands of groups is drawn from afar, and every application has a picture of its own", () => {
  const { top, levels } = levelsOf(estate());
  expect([top, levels[0]!.map.groups.map(({ title }) => title)]).toEqual(["e", ["prod", "staging", "test", "dev"]]);
  expect(levels.map(({ key }) => key)).toEqual(expect.arrayContaining(["", "e0", "l0", "l249"]));
  for (const { key, map } of levels) expect([key, map.groups.length <= 140]).toEqual([key, true]);
  // Nothing is lost on the way up: what flows between environments is what their edges sum to.
  const far = estate().edges.filter(({ from, to }) => Math.floor(Number(from.slice(1)) / 8) % 4 !== Math.floor(Number(to.slice(1)) / 8) % 4);
  const sum = (edges: readonly { readonly connections: number }[]): number => edges.reduce((total, { connections }) => total + connections, 0);
  expect(sum(levels[0]!.map.edges)).toBe(sum(far));
  expect(levelsOf(shop).levels).toHaveLength(1);
});

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", process.env["CHROMIUM"] ?? ""].find(
  (path) => path !== "" && existsSync(path),
);
if (executable === undefined) process.stderr.write("skipped: the map page in a browser; it needs Chromium (apt-get install chromium, or CHROMIUM=path)\n");

describe.skipIf(executable === undefined)("in a browser", { timeout: 300_000 }, () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-map-"));
  let browser: Browser;
  beforeAll(async () => {
    const args = [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ];
    browser = await chromium.launch({ executablePath: executable!, args });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function opened(html: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage();
    writeFileSync(join(folder, "map.html"), html);
    await page.goto(`file://${join(folder, "map.html")}`);
    return page;
  }

  async function violations(page: Page): Promise<readonly string[]> {
    await page.evaluate(axe);
    return await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const { violations } = await axe.run({ runOnly: tags });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
  }

  test("axe finds nothing to say, in light and in dark, with and without a choice", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await opened(mapHtml(shop), { colorScheme });
      expect(await violations(page)).toEqual([]);
      await page.locator(".box").nth(3).click();
      expect(await violations(page)).toEqual([]);
    }
  });

  test("axe catches a page that was broken on purpose", async () => {
    const broken = mapHtml(shop).replace('for="find"', 'for="lost"').replace("--soft:#51606f", "--soft:#b9c2cc").replace('lang="en"', "");
    const found = await violations(await opened(broken));
    expect(found.map((text) => text.split(":")[0])).toEqual(expect.arrayContaining(["color-contrast", "html-has-lang", "label"]));
  });

  test("the keyboard alone chooses, moves, searches, sorts and clears", async () => {
    const page = await opened(mapHtml(shop));
    const visible = () => page.locator("#flows tbody tr:not([hidden])").count();
    await page.locator(".box[tabindex='0']").focus();
    await page.keyboard.press("ArrowRight");
    const focused = await page.evaluate("document.activeElement.getAttribute('aria-label')");
    expect(focused).toBeTruthy();
    await page.keyboard.press("Enter");
    expect(await page.locator(".box[aria-pressed='true']").count()).toBe(1);
    expect(await visible()).toBeLessThan(shop.edges.length);
    expect(await page.locator("#said").textContent()).toContain("Escape shows all");
    await page.keyboard.press("Escape");
    expect(await visible()).toBe(shop.edges.length);
    await page.locator("#find").fill("4444");
    expect(await visible()).toBe(1);
    await page.keyboard.press("Escape");
    await page.locator("#flows th button").nth(3).focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("#flows th").nth(3).getAttribute("aria-sort")).toBe("ascending");
  });

  test("a large map opens environment by environment, filters and goes back, by the keyboard alone", async () => {
    const page = await opened(mapHtml(estate()));
    const said = () => page.locator("#said").textContent();
    const rowsShown = async () => Number((await page.locator("#shown").textContent())!.replaceAll(",", ""));
    expect(await page.locator("#pane .box").count()).toBe(4);
    await page.locator("#pane .box[tabindex='0']").focus();
    await page.keyboard.press("Enter");
    expect(await said()).toContain("Enter opens it");
    const inEnvironment = await rowsShown();
    expect(inEnvironment).toBeLessThan(50_000);
    await page.keyboard.press("Enter");
    expect(await said()).toContain("Inside dev");
    expect(await page.locator("#where button").allTextContents()).toEqual(["All", "dev"]);
    expect(await page.locator("#pane .box").count()).toBeGreaterThan(50);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await page.locator("#where button").allTextContents()).toEqual(["All", "dev", expect.stringMatching(/^app-\d+ · dev$/)]);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await page.locator("#where button").allTextContents()).toEqual(["All"]);
    expect(await rowsShown()).toBe(50_000);
    await page.locator("#fold").check();
    expect(await rowsShown()).toBe(37_500);
    await page.locator("#fold").uncheck();
    await page.locator("#find").fill("app-17-staging-3-1");
    expect(await rowsShown()).toBeGreaterThan(0);
    expect(await rowsShown()).toBeLessThan(1000);
    await page.keyboard.press("Escape");
    await page.locator("#before").fill("2025-12-29T12:00");
    expect(await rowsShown()).toBeLessThan(50_000);
    await page.locator("#clear").click();
    await page.locator("#more").click();
    expect(await page.locator("#flows tbody tr").count()).toBe(600);
  });

  test("nothing runs but our own script, and nothing leaves the page", async () => {
    const asked: string[] = [];
    const page = await opened("<p>first");
    page.on("request", (request) => asked.push(request.url()));
    writeFileSync(join(folder, "hostile.html"), mapHtml(hostile, { title: evil }));
    await page.goto(`file://${join(folder, "hostile.html")}`);
    await page.locator(".box").first().click();
    expect(await page.title()).not.toBe("owned");
    expect(await page.locator("img").count()).toBe(0);
    expect(asked.filter((url) => !url.endsWith("hostile.html"))).toEqual([]);
  });

  test("the table is there without any script, and the page fits at twice the size", async () => {
    const quiet = await opened(mapHtml(shop), { javaScriptEnabled: false });
    expect(await quiet.locator("#flows tbody tr").count()).toBe(shop.edges.length);
    expect(await quiet.locator("#find").isVisible()).toBe(false);
    const small = await opened(mapHtml(shop), { viewport: { width: 640, height: 450 } });
    expect(await small.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    const heights = await small
      .locator("button:visible, input:not([type=checkbox]):visible, label.tick")
      .evaluateAll((all) => all.map((one) => (one as unknown as { offsetHeight: number }).offsetHeight));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);
  });
});
