/** testing/ opens pages in a browser, where there is one. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium } from "playwright-core";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", process.env["CHROMIUM"] ?? ""].find(
  (path) => path !== "" && existsSync(path),
);

/** Why no page can be opened here, for the name of a test that is skipped; "" where one can. */
export const noBrowser = executablePath === undefined ? " (skipped: it needs Chromium: apt-get install chromium, or CHROMIUM=path)" : "";

/** Runs with a browser of its own. */
export async function inBrowser(act: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
  try {
    await act(browser);
  } finally {
    await browser.close();
  }
}

/** The ids of what axe finds wrong with a page. */
export async function violationsOf(browser: Browser, page: string, colorScheme: "light" | "dark"): Promise<readonly string[]> {
  const tab = await browser.newPage({ colorScheme, bypassCSP: true });
  await tab.setContent(page);
  await tab.addScriptTag({ content: readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8") });
  const found = await tab.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run().then((all) => all.violations.map(({ id }) => id)),
  );
  await tab.close();
  return found;
}
