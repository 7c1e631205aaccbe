import { beforeAll, describe, expect, it } from "vitest";
import { requestAs } from "../support/raw-request.ts";
import { pathOf, routes } from "../support/routes.ts";
import { server } from "../support/shared-server.ts";

let session: { readonly cookie: string; readonly csrf: string };
beforeAll(async () => {
  const answer = await login({ code: server.logins.ann });
  expect(answer.status).toBe(201);
  const set = answer.headers.getSetCookie()[0] ?? "";
  expect(set).toMatch(/^glovebox-session=glc_\w{40};/);
  expect(set).toMatch(/; HttpOnly/i);
  expect(set).toMatch(/; SameSite=Strict/i);
  expect(set).not.toMatch(/domain/i);
  expect(answer.headers.get("cache-control")).toContain("no-store");
  session = { cookie: set.split(";")[0] ?? "", csrf: ((await answer.json()) as { csrf: string }).csrf };
});

const login = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const guarded = routes.filter(({ isPublic }) => !isPublic);
const changing = guarded.filter(({ isReading, path }) => !isReading && path !== "/v1/session");

const ask = async (route: (typeof routes)[number], headers: Record<string, string>): Promise<number> => {
  const { status } = await requestAs(server.port, {
    method: route.method,
    path: pathOf(route, server),
    headers: { host: new URL(server.url).host, cookie: session.cookie, "content-type": "application/json", ...headers },
    body: route.takesJson ? "{}" : "",
  });
  return status;
};

describe("a session's cookie", () => {
  it("is not enough to change anything: it takes the CSRF token and the server's origin", async () => {
    for (const route of changing) {
      const both = { "x-csrf-token": session.csrf, origin: server.url };
      expect(await ask(route, { origin: server.url }), route.name).toBe(403);
      expect(await ask(route, { ...both, "x-csrf-token": `${session.csrf}x` }), route.name).toBe(403);
      for (const other of [
        "http://evil.example",
        "null",
        `${server.url}.evil.example`,
        server.url.replace("http", "https"),
      ]) {
        expect(await ask(route, { ...both, origin: other }), `${route.name} from ${other}`).toBe(403);
      }
      expect(await ask(route, { "x-csrf-token": session.csrf }), `${route.name} without an origin`).toBe(403);
    }
  });

  it("reads nothing for the page of another origin, and opens no WebSocket for it", async () => {
    for (const route of guarded.filter(({ isReading }) => isReading)) {
      expect(await ask(route, { origin: "http://evil.example" }), route.name).toBe(403);
    }
    const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const key = { "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==" };
    const terminal = routes.filter(({ path }) => path.endsWith("/terminal"));
    expect(terminal).toHaveLength(1);
    for (const route of terminal) {
      expect(await ask(route, { ...upgrade, ...key, origin: "http://evil.example" })).toBe(403);
      expect(await ask(route, { ...upgrade, ...key })).toBe(403);
    }
  });

  it("works for the server's own pages, until the session ends", async () => {
    const me = {
      name: "me",
      method: "GET",
      path: "/v1/me",
      isPublic: false,
      isReading: true,
      parameters: [],
      takesJson: false,
    };
    expect(await ask(me, {})).toBe(200);
    const { body } = await requestAs(server.port, {
      path: "/v1/me",
      headers: { host: new URL(server.url).host, cookie: session.cookie },
    });
    expect(body).toContain(session.csrf);
    const other = await login({ token: server.tokens.bob });
    const cookie = other.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const { csrf } = (await other.json()) as { csrf: string };
    const end = await fetch(`${server.url}/v1/session`, {
      method: "DELETE",
      headers: { cookie, origin: server.url, "x-csrf-token": csrf },
    });
    expect(end.status).toBe(204);
    expect((await fetch(`${server.url}/v1/me`, { headers: { cookie } })).status).toBe(401);
  });

  it("of one user does not go with the CSRF token of another", async () => {
    const { csrf } = (await (await login({ token: server.tokens.bob })).json()) as { csrf: string };
    const answer = await fetch(`${server.url}/v1/tokens`, {
      method: "POST",
      headers: { cookie: session.cookie, origin: server.url, "x-csrf-token": csrf, "content-type": "application/json" },
      body: JSON.stringify({ name: "stolen" }),
    });
    expect(answer.status).toBe(403);
  });
});

describe("a login", () => {
  it("uses a one-time link up, for one of many at once", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => login({ code: server.logins.bob })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
  });

  it("is refused with what is wrong or may do less than its user, and from the page of another origin", async () => {
    expect((await login({ code: server.logins.expired })).status).toBe(401);
    expect((await login({ token: server.tokens.expired })).status).toBe(401);
    expect((await login({ token: server.links.ann })).status).toBe(401);
    expect((await login({ token: server.tokens.narrowed })).status).toBe(403);
    expect((await login({ token: server.tokens.ann }, { origin: "http://evil.example" })).status).toBe(403);
  });

  it("is refused after too many failures, and the log has none of the secrets", async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 25; at += 1) statuses.push((await login({ token: `glb_guess${at}` })).status);
    expect(statuses.at(0)).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await login({ token: server.tokens.ann })).headers.get("retry-after")).toMatch(/^\d+$/);
    const { links, logins, tokens } = server;
    for (const secret of [
      ...Object.values(tokens),
      ...Object.values(links),
      ...Object.values(logins),
      "guess",
      session.csrf,
    ]) {
      expect(server.stderr()).not.toContain(secret);
    }
  });
});

describe("a request with the name of another host", () => {
  const names = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "169.254.169.254",
    "0.0.0.0",
    "",
    "a b",
  ];

  it("is refused on every route, whatever key it has", async () => {
    for (const route of routes) {
      const headers = { host: "evil.example", authorization: `Bearer ${server.tokens.admin}` };
      const { status } = await requestAs(server.port, { method: route.method, path: pathOf(route, server), headers });
      expect(status, route.name).toBe(421);
    }
    for (const host of names) {
      const { status } = await requestAs(server.port, { path: "/v1/me", headers: { host } });
      expect([400, 421], host).toContain(status);
    }
  });

  it("does not believe the headers of a proxy that nobody has named", async () => {
    const headers = { host: "evil.example", "x-forwarded-host": "localhost", "x-forwarded-proto": "https" };
    expect((await requestAs(server.port, { path: "/v1/me", headers })).status).toBe(421);
    const cookie = await requestAs(server.port, {
      method: "POST",
      path: "/v1/session",
      headers: { host: "localhost", "x-forwarded-proto": "https", "content-type": "application/json" },
      body: "{}",
    });
    expect(cookie.head).not.toContain("__host-");
  });
});
