import { beforeAll, expect, it } from "vitest";
import { PreviewTokens } from "../../../src/access/previews/preview-token.ts";
import { requestAs } from "../support/raw-request.ts";
import { server } from "../support/shared-server.ts";

let userId = "";
beforeAll(async () => {
  const me = await fetch(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${server.tokens.ann}` } });
  userId = ((await me.json()) as { user: { id: string } }).user.id;
});

const hostOf = (runId: string, port = 3000): string => `${port}-${runId}.preview.localhost:${server.port}`;
const open = (host: string, path: string, headers: Record<string, string> = {}) =>
  requestAs(server.port, { path, headers: { host, ...headers } });
const sign = (more: object = {}, key = server.previewKey): string =>
  new PreviewTokens(key).sign({
    ...{ kind: "link", userId, runId: server.runs.ann, port: 3000, expiresAt: Date.now() + 60_000 },
    ...more,
  });
const link = (token: string): string => `/?glovebox_preview=${token}`;

it("opens a port once for a signed link, and hands the browser a cookie of that origin alone", async () => {
  const path = `${link(sign())}&page=1`;
  const first = await open(hostOf(server.runs.ann), path);
  expect(first.status).toBe(303);
  expect(first.head).toMatch(/location: \/\?page=1\r/);
  expect(first.head).toContain("referrer-policy: no-referrer");
  expect(first.head).toContain("cache-control: no-store");
  expect(first.head).toMatch(/set-cookie: glovebox-preview=[^;]+;[^\r]*httponly/);
  expect(first.head).not.toContain("domain=");
  expect((await open(hostOf(server.runs.ann), path)).status, "replayed").toBe(403);
});

it("refuses links that are forged, expired, of another kind or of another port, run or origin", async () => {
  const good = sign();
  const [payload = "", signature = ""] = good.split(".");
  const forged = Buffer.from(payload, "base64url").toString().replace(server.runs.ann, server.runs.bob);
  const bad = [
    ...[sign({}, "another key"), `${payload}.`, `.${signature}`, payload, "", "a.b.c", `${payload}.${signature}.x`],
    ...[
      `${Buffer.from(forged).toString("base64url")}.${signature}`,
      sign({ expiresAt: Date.now() - 1 }),
      sign({ kind: "cookie" }),
    ],
    ...[sign({ port: 3001 }), sign({ runId: server.runs.bob }), sign({ userId: "nobody" }), "x".repeat(10_000)],
  ];
  for (const token of bad)
    expect((await open(hostOf(server.runs.ann), link(token))).status, token.slice(0, 30)).toBe(403);
  expect((await open(hostOf(server.runs.bob), link(sign()))).status).toBe(403);
  expect((await open(hostOf(server.runs.ann, 3001), link(sign()))).status).toBe(403);
});

it("refuses requests without its cookie, whatever key of the server's they have", async () => {
  const host = hostOf(server.runs.ann);
  expect((await open(host, "/")).status).toBe(403);
  expect((await open(host, "/v1/me", { authorization: `Bearer ${server.tokens.admin}` })).status).toBe(403);
  expect((await open(host, "/", { cookie: `glovebox-preview=${sign()}` })).status, "a link's token").toBe(403);
  const crossed = sign({ kind: "cookie", runId: server.runs.bob });
  expect((await open(host, "/", { cookie: `glovebox-preview=${crossed}` })).status).toBe(403);
  const expired = sign({ kind: "cookie", expiresAt: Date.now() - 1 });
  expect((await open(host, "/", { cookie: `glovebox-preview=${expired}` })).status).toBe(403);
});

it("is no name of the API", async () => {
  const cookie = `glovebox-preview=${sign({ kind: "cookie" })}`;
  const { status, body } = await open(hostOf(server.runs.ann), "/v1/me", {
    cookie,
    authorization: `Bearer ${server.tokens.admin}`,
  });
  expect(body, "the run has ended: nothing answers there").not.toContain("csrf");
  expect([404, 409, 410, 502, 503]).toContain(status);
  expect((await open(`preview.localhost:${server.port}`, "/v1/me")).status).toBe(421);
  expect((await open(`nonsense.preview.localhost:${server.port}`, "/v1/me")).status).toBe(403);
});
