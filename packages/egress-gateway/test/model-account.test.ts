import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { buffer } from "node:stream/consumers";
import { type ModelAccount, SandboxAuthenticationError, Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { listen, startGateway } from "./gateway-fixture.ts";

const path = "/v1/messages";

async function route(account: ModelAccount, handler: RequestListener) {
  const upstream = `http://127.0.0.1:${await listen(createServer(handler))}/base`;
  const paths = [{ method: "POST", path } as const];
  const fixture = await startGateway({ models: [{ id: "model", upstream, paths, credential: account }] });
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${fixture.url}/model/model${path}?beta=true`, { method: "POST", body, headers });
  return { ...fixture, upstream, post };
}

const bearer = (token: string) => ({
  headers: { authorization: `Bearer ${token}` },
  secrets: [new Secret("TOKEN", token)],
});

describe("a route with an account", () => {
  it("authenticates what leaves the host, and hides each request's own secrets in its answer", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const requests: unknown[] = [];
    const account: ModelAccount = {
      name: "test",
      wholeBody: true,
      authorize: async ({ method, url, headers, body = Buffer.alloc(0) }) => {
        requests.push([method, url.href, headers["content-type"], "authorization" in headers]);
        return bearer(`token-${createHash("sha256").update(body).digest("hex")}`);
      },
    };
    const { post, upstream } = await route(account, (request, response) => {
      seen.push(request.headers);
      request.resume().on("end", () => {
        const { authorization = "" } = request.headers;
        response.setHeader("x-echo", authorization);
        response.write(authorization.slice(0, 20));
        response.end(authorization.slice(20));
      });
    });
    const inside = { authorization: "Bearer mine", "x-amz-security-token": "mine", "content-type": "application/json" };
    const answers = await Promise.all(["one", "two"].map((body) => post(body, inside)));
    const token = (body: string) => `token-${createHash("sha256").update(body).digest("hex")}`;
    expect(seen.map(({ authorization }) => authorization).sort()).toEqual(
      [`Bearer ${token("one")}`, `Bearer ${token("two")}`].sort(),
    );
    expect(JSON.stringify(seen)).not.toContain("mine");
    expect(requests).toEqual(Array(2).fill(["POST", `${upstream}${path}?beta=true`, "application/json", false]));
    for (const answer of answers) {
      expect(answer.headers.get("x-echo")).toBe(`Bearer ${"*".repeat(70)}`);
      expect(await answer.text()).toBe(`Bearer ${"*".repeat(70)}`);
    }
  });

  it("sends a request once more with what the account has instead of a rejected token", async () => {
    const bodies: string[] = [];
    const account: ModelAccount = {
      name: "test",
      wholeBody: true,
      authorize: async ({ rejected }) => {
        if (rejected === undefined) return bearer("old");
        return rejected.headers.authorization === "Bearer old" ? bearer("new") : undefined;
      },
    };
    const { post, events } = await route(account, async (request, response) => {
      bodies.push((await buffer(request)).toString());
      response.writeHead(request.headers.authorization === "Bearer new" ? 200 : 401).end("answer");
    });
    const body = "x".repeat(300_000);
    const answer = await post(body);
    expect([answer.status, await answer.text()]).toEqual([200, "answer"]);
    expect(bodies).toEqual([body, body]);
    expect(events).toMatchObject([{ status: 200, decision: "allowed", requestBytes: body.length }]);
  });

  it("passes a 401 on where the account has nothing better, and tries no third time", async () => {
    let requests = 0;
    const account: ModelAccount = { name: "test", wholeBody: true, authorize: async () => bearer("token") };
    const { post } = await route(account, (request, response) => {
      requests += 1;
      request.resume();
      response.writeHead(401).end("no");
    });
    expect((await post("{}")).status).toBe(401);
    expect(requests).toBe(2);
  });

  it.each([
    [
      new SandboxAuthenticationError("The login has ended", { hint: "Log in again" }),
      401,
      "The login has ended. Log in again",
    ],
    [new Error("secret-in-a-foreign-error"), 502, "the host could not authenticate the request"],
  ])("answers %s itself, without asking the upstream", async (error, status, message) => {
    const account: ModelAccount = { name: "test", authorize: () => Promise.reject(error) };
    const { post, event } = await route(account, (_, response) => response.end("reached"));
    const answer = await post("{}");
    expect(answer.status).toBe(status);
    expect(answer.headers.get("x-should-retry")).toBe(status === 401 ? "false" : null);
    expect(await answer.json()).toMatchObject({ error: { message: `glovebox: ${message}` } });
    expect(await event()).toMatchObject({ decision: "failed", status, reason: message });
  });
});
