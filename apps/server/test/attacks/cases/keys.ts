import { describe, expect, it } from "vitest";
import { createSecretText } from "../../../src/access/secret-text.ts";
import { bodyOf, pathOf, type Route, routes } from "../support/routes.ts";
import { server } from "../support/shared-server.ts";

const ask = async (route: Route, headers: Record<string, string>, path = pathOf(route, server)): Promise<number> => {
  const body = bodyOf(route);
  const type = route.takesJson ? { "content-type": "application/json" } : {};
  const answer = await fetch(`${server.url}${path}`, {
    method: route.method,
    headers: { ...type, ...headers },
    ...(body !== "" && { body }),
  });
  await answer.body?.cancel();
  return answer.status;
};
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const guarded = routes.filter(({ isPublic }) => !isPublic);
/** Each path once for every method that has a route. */
const changing = guarded.filter(({ isReading }) => !isReading);

describe.each(guarded)("$name", (route) => {
  it("refuses requests without a key and with wrong ones", async () => {
    expect(await ask(route, {})).toBe(401);
    const { expired, revoked, disabled, admin } = server.tokens;
    const wrong = [
      ...[expired, revoked, disabled, server.links.expired, server.links.revoked, server.logins.ann],
      ...[
        createSecretText("token"),
        createSecretText("link"),
        createSecretText("session"),
        admin.slice(0, -1),
        `${admin}x`,
      ],
      ...["glb_", "undefined", "null", "__proto__", "*", "' or 1=1 --"],
    ];
    for (const text of wrong) expect(await ask(route, bearer(text)), text.slice(0, 10)).toBe(401);
    expect(await ask(route, { "x-api-key": expired })).toBe(401);
    expect(await ask(route, { authorization: `Basic ${btoa(`admin:${admin}`)}` })).toBe(401);
    expect(await ask(route, {}, `${pathOf(route, server)}?token=${admin}&key=${admin}&access_token=${admin}`)).toBe(
      401,
    );
    expect(await ask(route, { cookie: `glovebox-session=${admin}; __Host-glovebox=${admin}` })).toBe(401);
  });

  it("refuses a share link, except to read what belongs to its own run", async () => {
    const belongsToRun = /^\/v1\/(me|runs\/\{id\}(\/(events|manifest|files\/\{path\}|archive|patch|bundle|journal))?)$/;
    const isOpen = route.isReading && belongsToRun.test(route.path);
    const own = await ask(route, bearer(server.links.ann));
    if (isOpen) expect(own).not.toBe(403);
    else expect(own).toBe(403);
    const other = await ask(route, bearer(server.links.bob));
    if (route.path !== "/v1/me") expect(other).toBe(403);
  });
});

describe.each(changing)("$name", (route) => {
  /** What every user may do: end the own session, and manage the own tokens. */
  const isOwn = ["/v1/session", "/v1/tokens", "/v1/tokens/{id}"].includes(route.path);

  it("lets a viewer and a narrowed token of an admin change nothing", async () => {
    if (isOwn) return;
    expect(await ask(route, bearer(server.tokens.viewer))).toBe(403);
    expect(await ask(route, bearer(server.tokens.narrowed))).toBe(403);
  });

  it("lets a runner change nothing of another user", async () => {
    if (route.parameters.length === 0) return;
    const status = await ask(route, bearer(server.tokens.bob));
    expect([403, 404], String(status)).toContain(status);
  });
});

describe("users, tokens and the audit log", () => {
  it("are changed by an admin alone, and the log is read by one alone", async () => {
    const admins = guarded.filter(
      ({ path, isReading }) => path === "/v1/audit" || (path.startsWith("/v1/users") && !isReading),
    );
    expect(admins).toHaveLength(3);
    for (const route of admins) {
      expect(await ask(route, bearer(server.tokens.ann)), route.name).toBe(403);
      expect(await ask(route, bearer(server.tokens.viewer)), route.name).toBe(403);
    }
  });

  it("cannot be used to gain rights", async () => {
    const post = (path: string, token: string, body: object): Promise<Response> =>
      fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { ...bearer(token), "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await post("/v1/tokens", server.tokens.viewer, { name: "more", role: "admin" })).status).toBe(403);
    expect((await post("/v1/tokens", server.tokens.ann, { name: "more", role: "admin" })).status).toBe(403);
    const narrowed = await post("/v1/tokens", server.tokens.narrowed, { name: "same" });
    expect(narrowed.status).toBe(201);
    const texts = Object.values((await narrowed.json()) as Record<string, unknown>).map(String);
    const text = texts.find((value) => value.startsWith("glb_") && value.length === 44) ?? "";
    expect((await fetch(`${server.url}/v1/me`, { headers: bearer(text) })).status).toBe(200);
    expect((await post("/v1/users", text, { name: "mallory", role: "admin" })).status).toBe(403);
  });
});
