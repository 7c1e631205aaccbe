import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { createClient, unwrap } from "@glovebox/client";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectAccessible, expectUnattacked, launchBrowser, openContext } from "./support/browser.ts";
import { attack, dashboardScript, manyCalls } from "./support/dashboard-script.ts";
import { type DashboardServer, startDashboardServer } from "./support/dashboard-server.ts";

let server: DashboardServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startDashboardServer(dashboardScript), launchBrowser()]);
  context = await openContext(browser);
  page = await context.newPage();
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

it("logs in by the one-time link, which works once", async () => {
  await page.goto(server.loginLink);
  await page.getByRole("heading", { name: "No runs yet" }).waitFor();
  expect(page.url()).toBe(`${server.url}/`);
  const other = await openContext(browser);
  const secondPage = await other.newPage();
  await secondPage.goto(server.loginLink);
  await secondPage.getByText("A link works once").waitFor();
  await expectAccessible(secondPage);
  await other.close();
});

it("starts a run, shows it live, and shows its changes and its files", async () => {
  await page.getByRole("link", { name: "New run" }).click();
  await expectAccessible(page);
  await page.getByLabel("Prompt").fill(`Make a page\n${attack}`);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  const archive = {
    name: "project.tar.gz",
    mimeType: "application/gzip",
    buffer: await archiveOf("greeting.txt", "Good day\n"),
  };
  await page.locator("input[aria-label='Choose an archive']").setInputFiles(archive);
  await page.getByText("project.tar.gz is uploaded").waitFor();
  await page.getByRole("button", { name: "Start run" }).click();
  await page.getByText("I will write it.").waitFor();
  await page.getByTitle("The agent is working").first().waitFor();
  await page.getByText("The page is ready.").waitFor();
  await page.getByTitle("The agent finished its task").first().waitFor();

  await page.getByRole("button", { name: /^Bash/ }).click();
  await page.locator(".ansi-1", { hasText: "red" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("tab", { name: "Changes" }).click();
  await page.locator(".diff__line--delete", { hasText: "Good day" }).waitFor();
  await page.locator(".diff__line--insert", { hasText: "Good evening" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("button", { name: "<img src=x onerror=attacked=1>.txt" }).click();
  await page.getByText("a name that attacks").waitFor();
  await page.getByRole("button", { name: "hidden\\u{202e}txt.md" }).click();
  expect(await page.locator(".hidden-mark").first().textContent()).toBe("\\u{202e}");
  await expectAccessible(page);
  await expectUnattacked(page);
});

it("draws a page from the sandbox with its styles, in a frame that runs nothing", async () => {
  await page.getByRole("button", { name: "index.html" }).click();
  const inner = page.frameLocator("iframe[title='Preview of the page']").frameLocator("iframe");
  const heading = inner.getByRole("heading", { name: "Made inside" });
  await heading.waitFor();
  expect(await heading.evaluate(colorOf)).toBe("rgb(1, 2, 3)");
  await expectUnattacked(page);
});

it.each(["Network", "Details"])("shows the %s of a run", async (name) => {
  await page.getByRole("tab", { name }).click();
  await expectAccessible(page);
});

it("shares a run by a link that shows this run and nothing else, until it is revoked", async () => {
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByLabel("Share link").inputValue();
  const other = await openContext(browser);
  const guest = await other.newPage();
  await guest.goto(link);
  await guest.getByText("The page is ready.").waitFor();
  expect(await guest.getByRole("button", { name: /Resume|Fork|Share|Stop/ }).count()).toBe(0);
  await guest.getByRole("tab", { name: "Files" }).click();
  await guest.getByRole("button", { name: "index.html" }).waitFor();
  await expectAccessible(guest);
  await expectUnattacked(guest);
  await guest.goto(`${server.url}/`);
  await guest.getByRole("heading", { name: "Log in to Glovebox" }).waitFor();

  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("Links that work").waitFor({ state: "detached" });
  await guest.goto(link);
  await guest.getByText("This link does not work").waitFor();
  await other.close();
  await page.keyboard.press("Escape");
});

it.each([
  ["/", "Runs"],
  ["/batches", "Batches"],
  ["/batches/new", "New batch"],
  ["/cost", "Cost"],
  ["/audit", "Audit"],
  ["/settings", "Settings"],
  ["/nowhere", "Not found"],
])("has an accessible page at %s", async (path, title) => {
  await page.goto(`${server.url}${path}`);
  await page.getByRole("heading", { name: title, exact: true }).waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
  await expectAccessible(page);
});

it("lists its shortcuts, and moves by keys", async () => {
  await page.goto(server.url);
  await page.locator(".run-row").first().waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("j");
  await page.locator(".run-row--selected").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Conversation" }).waitFor();
});

it("creates a token, which it shows once and the API accepts", async () => {
  await page.goto(`${server.url}/settings`);
  await page.getByRole("button", { name: "New token" }).first().click();
  await page.getByLabel("Name").fill("laptop");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByLabel("Token", { exact: true }).inputValue();
  const { user } = await unwrap(createClient({ url: server.url, token }).GET("/v1/me"));
  expect(user?.name).toBe("admin");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("cell", { name: "laptop" }).waitFor();
  expect(await page.content()).not.toContain(token);
});

it("scrolls 10,000 events and draws few of them", async () => {
  const client = createClient({ url: server.url, token: server.key });
  const run = await unwrap(client.POST("/v1/runs", { body: { prompt: "Many events" } }));
  await page.goto(`${server.url}/runs/${run.id}`);
  await page.getByText("That was the last event.").waitFor();
  const { lastEventSeq } = await unwrap(client.GET("/v1/runs/{id}", { params: { path: { id: run.id } } }));
  expect(lastEventSeq).toBeGreaterThan(2 * manyCalls);
  await scrollThrough(page.locator(".conversation"), page.getByText("That was the last event."));
  expect(await page.locator(".conversation__row").count()).toBeLessThan(100);
});

it("scrolls 1,000 runs of a batch and draws few of them", async () => {
  const client = createClient({ url: server.url, token: server.key });
  const rows = Array.from({ length: 1_000 }, (_, number) => ({ prompt: `Row ${number}` }));
  await unwrap(client.POST("/v1/batches", { body: { name: "A thousand", rows } }));
  await page.goto(server.url);
  await page
    .getByText(/^Row \d+$/)
    .first()
    .waitFor();
  // The first run of this server is the last of the list.
  await scrollThrough(page.locator(".run-list"), page.locator(".run-row", { hasText: "Make a page" }));
  expect(await page.locator(".run-row").count()).toBeLessThan(100);
});

it("serves hashed assets that browsers keep, its page everywhere else, and errors to programs", async () => {
  const html = await fetch(server.url);
  expect(html.headers.get("content-security-policy")).not.toContain("unsafe-inline");
  const [script = ""] = /\/assets\/index-[^"]+\.js/.exec(await html.text()) ?? [];
  const asset = await fetch(`${server.url}${script}`);
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect((await fetch(`${server.url}/assets/..%2f..%2fpackage.json`)).status).toBe(404);
  expect(
    (await fetch(`${server.url}/v1/nowhere`, { headers: { accept: "text/html" } })).headers.get("content-type"),
  ).toMatch(/^application\/problem\+json/);
});

interface Drawn {
  readonly ownerDocument: { readonly defaultView: { getComputedStyle(element: Drawn): { readonly color: string } } };
}

/** Runs in the browser. */
function colorOf(element: Drawn): string {
  return element.ownerDocument.defaultView.getComputedStyle(element).color;
}

async function archiveOf(name: string, content: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

/** Scrolls from the beginning to the end of a list, whose pages are fetched as it comes near, until its last row is there. */
async function scrollThrough(list: Locator, last: Locator): Promise<void> {
  await list.evaluate((element: { scrollTop: number }) => {
    element.scrollTop = 0;
  });
  await last.waitFor({ state: "detached" });
  const toEnd = (element: { scrollTop: number; readonly scrollHeight: number }): void => {
    element.scrollTop = element.scrollHeight;
  };
  await expect
    .poll(async () => {
      await list.evaluate(toEnd);
      return await last.count();
    })
    .toBe(1);
}
