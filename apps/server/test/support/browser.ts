import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** A real Chromium. Its own sandbox needs another user than root. */
export async function launchBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: isRoot ? ["--no-sandbox"] : [] });
}

/** A user's browser, which fails the test where a page throws or opens a dialog. */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
  context.setDefaultTimeout(60_000);
  context.on("weberror", (error) => {
    throw error.error();
  });
  context.on("dialog", (dialog) => {
    throw new Error(`A dialog was opened: ${dialog.message()}`);
  });
  return context;
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** Expects that axe finds nothing serious, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found = (await page.evaluate(
      `${axe}; axe.run(document, { resultTypes: ["violations"], iframes: false }).then(({ violations }) => violations)`,
    )) as Violation[];
    const serious = found.filter(({ impact }) => impact === "serious" || impact === "critical");
    const violations = serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    expect(violations, `${page.url()} in ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** Expects that no text from a sandbox has run as a script. */
export async function expectUnattacked(page: Page): Promise<void> {
  for (const frame of page.frames()) expect(await frame.evaluate("globalThis.attacked")).toBeUndefined();
}
