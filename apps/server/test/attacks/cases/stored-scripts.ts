import { describe, expect, it } from "vitest";
import { hostileFile } from "../support/attacked-server.ts";
import { pathOf, routes } from "../support/routes.ts";
import { server } from "../support/shared-server.ts";

const reading = routes.filter(({ isReading, path }) => isReading && !path.endsWith("/terminal"));

/** What a browser would run as a page of this origin. */
const active = /text\/html|image\/svg|application\/xhtml|text\/xml|application\/xml|javascript/;

describe.each(reading)("$name", (route) => {
  it("returns scripts and escapes of prompts, tools, names and files inert", async () => {
    for (const accept of ["application/json", "text/html,*/*", "text/event-stream"]) {
      const headers = { authorization: `Bearer ${server.tokens.admin}`, accept };
      const answer = await fetch(`${server.url}${pathOf(route, server)}`, { headers });
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(answer.headers.get("content-type") ?? "none").not.toMatch(active);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      const isFile = /\/(files|archive|bundle)/.test(route.path) && answer.ok;
      if (isFile) expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
      else expect(bytes.includes(0x1b), "an escape that a terminal obeys").toBe(false);
      if (isFile) expect(answer.headers.get("content-security-policy") ?? "").toMatch(/sandbox|default-src 'none'/);
      expect(bytes.includes("\u202e"), "a mark that reverses text").toBe(false);
    }
  });
});

it("has a policy for scripts on every page, and no frame of another site", async () => {
  for (const path of ["/", "/login", "/share", `/runs/${server.runs.ann}`, "/docs", `/${hostileFile}`]) {
    const answer = await fetch(`${server.url}${encodeURI(path)}`, { headers: { accept: "text/html" } });
    if (!/text\/html/.test(answer.headers.get("content-type") ?? "")) continue;
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy, path).toMatch(/default-src 'none'|default-src 'self'/);
    expect(policy, path).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval'|https?:|\*)/);
    expect(policy, path).toMatch(/frame-ancestors 'none'|frame-ancestors 'self'/);
    expect(answer.headers.get("referrer-policy"), path).toMatch(/no-referrer|same-origin/);
  }
});
