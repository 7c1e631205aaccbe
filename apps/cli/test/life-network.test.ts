import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { RunEvent } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

/** A service on this machine's loopback, which remembers what it was asked. */
async function openService() {
  const requests: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? "", headers: request.headers });
    // As a service does that echoes what it received.
    const { authorization = "nobody" } = request.headers;
    response.end(request.url === "/echo" ? authorization : `service says ${requests.length}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, requests, [Symbol.asyncDispose]: close };
}

/** Asks through the proxy that the sandbox's variables name, also for an address that programs reach directly. */
const ask = (url: string, more = "") => `curl -s --max-time 20 --noproxy '' ${more} ${url} || true`;

type Request = Extract<RunEvent, { type: "network.request" }>;
const requestsOf = (events: readonly RunEvent[]) =>
  events.filter((event): event is Request => event.type === "network.request" && event.routeId === undefined);

describe("what a run may reach", () => {
  it("is what its options allow; the rest is refused with the flag that would allow it, and all of it is logged", async () => {
    await using service = await openService();
    await using other = await openService();
    const address = `127.0.0.1:${service.port}`;
    const commands = [
      ask(`http://${address}/allowed?token=in-the-query`, "-o allowed.txt"),
      // The sandbox's own, where nobody listens.
      ask(`http://127.0.0.1:${other.port}/other`, "-o other.txt"),
      ask("https://refused.example/", "-o refused.txt"),
    ];
    await using stage = await setStage({ turns: [bash(commands.join("; ")), say("Done.")] });
    const args = ["run", "Try", "--output", "out", "--network", "sealed", "--allow-host", address];
    const done = await stage.glovebox(args).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/allowed.txt")).toBe("service says 1");
    expect(service.requests.map(({ url }) => url)).toEqual(["/allowed?token=in-the-query"]);
    expect(other.requests).toEqual([]);
    expect(done.stderr).toContain("refused: refused.example:443 to allow it: --allow-host refused.example\n");
    expect(stage.file("out/other.txt")).toContain(`127.0.0.1:${other.port} is this sandbox itself`);
    expect(done.stderr).toContain("1 host was refused: ");

    // An event is written when its request is over, which is not always before the next one is asked.
    const seen = requestsOf(stage.events()).map(({ host, port, decision }) => `${host}:${port} ${decision}`);
    expect(seen.toSorted()).toEqual([`127.0.0.1:${service.port} allowed`, "refused.example:443 denied"].toSorted());
    const log = await stage.glovebox(["network", "log"]).done;
    expect(log.code).toBe(0);
    expect(log.stdout).toMatch(/allowed +POST +\S+ +\/v1\/messages +200/);
    expect(log.stdout).toMatch(new RegExp(`allowed +GET +${address} +/allowed +200`));
    expect(log.stdout).not.toContain("in-the-query");
    expect(log.stderr).toContain("hint: --allow-host refused.example\n");
    const denied = await stage.glovebox(["network", "log", "--denied", "--json", "1"]).done;
    expect(denied.events.map((event) => event.type === "network.request" && event.decision)).toEqual(["denied"]);
    const shown = await stage.glovebox(["network", "show", "1", "--json"]).done;
    expect(JSON.parse(shown.stdout)).toMatchObject({
      mode: "sealed",
      models: [{ id: "anthropic" }],
      allow: [{ host: "127.0.0.1", port: service.port, source: "--allow-host" }],
      credentials: [],
    });
  });

  it("is nothing any more once its journal cannot be written, and the run and the log say so", async () => {
    await using service = await openService();
    const address = `127.0.0.1:${service.port}`;
    const inside = `for i in $(seq 1 500); do ${ask(`http://${address}/$i`, "-o /dev/null")}; done`;
    await using stage = await setStage({ turns: [bash(inside), say("Done.")] });
    const args = ["run", "Try", "--output", "out", "--json", "--network", "sealed", "--allow-host", address];
    let isFull = false;
    const done = await stage.glovebox(args, {
      onEvent: (event, { process }) => {
        if (isFull || event.type !== "network.request" || event.routeId !== undefined) return;
        isFull = true;
        // As on a full disk: no file of the process grows past this.
        execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=1000"]);
      },
    }).done;
    expect(done.code, done.stderr).toBe(4);
    expect(done.stderr).toContain("The run's journal cannot be written");
    const recorded = requestsOf(stage.events()).length;
    expect(recorded).toBeGreaterThan(0);
    // The one whose end could not be written any more, one that had begun when it ended, and no other.
    expect(service.requests.length).toBeLessThanOrEqual(recorded + 2);
    const log = await stage.glovebox(["network", "log"]).done;
    expect(log.stderr).toContain("gap: The journal breaks off at");
    expect(await stage.containers()).toEqual([]);
  });

  it("gets a credential outside, which is nowhere inside, and what came from inside is taken off", async () => {
    await using service = await openService();
    const url = `http://127.0.0.1:${service.port}/private`;
    await using stage = await setStage({
      turns: [
        bash(`${ask(url, "-o got.txt -H 'private-token: mine' -H 'authorization: mine'")}; env > env.txt`),
        say("Done."),
      ],
    });
    const secret = "the-secret-of-the-service";
    const credential = `http://127.0.0.1:${service.port}=SERVICE_TOKEN:private-token`;
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json", "--credential", credential], {
      env: { SERVICE_TOKEN: secret },
    }).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/got.txt")).toBe("service says 1");
    expect(service.requests[0]?.headers).toMatchObject({ "private-token": secret });
    expect(service.requests[0]?.headers.authorization).toBeUndefined();
    for (const text of [done.stdout, done.stderr, stage.file("out/env.txt")]) expect(text).not.toContain(secret);
    const policy = stage.events().find((event) => event.type === "network.policy");
    expect(policy).toMatchObject({
      mode: "standard",
      allow: expect.arrayContaining([expect.objectContaining({ host: "registry.npmjs.org" })]),
      credentials: [{ host: "127.0.0.1", port: service.port, header: "private-token", secret: "SERVICE_TOKEN" }],
    });
  });

  it("keeps a credential out of the run's words in the form in which it travels, too", async () => {
    await using service = await openService();
    const url = `http://127.0.0.1:${service.port}/echo`;
    await using stage = await setStage({ turns: [bash(`${ask(url)}; ${ask(url)} | base64 -w0`), say("Done.")] });
    const done = await stage.glovebox(
      ["run", "Try", "--json", "--credential", `http://127.0.0.1:${service.port}=SERVICE_TOKEN:basic/me`],
      { env: { SERVICE_TOKEN: "the-secret-of-the-service" } },
    ).done;
    expect(done.code, done.stderr).toBe(0);
    const sent = Buffer.from("me:the-secret-of-the-service").toString("base64");
    expect(service.requests.map(({ headers }) => headers.authorization)).toEqual([`Basic ${sent}`, `Basic ${sent}`]);
    expect(done.stdout).not.toContain(sent);
    expect(done.stdout).not.toContain(Buffer.from(`Basic ${sent}`).toString("base64"));
    expect(done.stdout).not.toContain("the-secret-of-the-service");
  });

  it("reads from the user's own registry with its login, which stays outside and publishes nothing", async () => {
    await using service = await openService();
    const registry = `http://127.0.0.1:${service.port}`;
    const commands = [
      ask(`${registry}/npm/@corp%2fpackage`, "-o got.txt"),
      ask(`${registry}/npm/@corp%2fpackage`, "-X PUT -d '{}' -o put.txt"),
      ask(`${registry}/api/projects`, "-o other.txt"),
      "npm config get registry > registry.txt; env > env.txt; cat ~/.npmrc >> env.txt || true",
    ];
    await using stage = await setStage({ turns: [bash(commands.join("; ")), say("Done.")] });
    const login = `//127.0.0.1:${service.port}/npm/:_authToken=the-login-of-the-registry`;
    writeFileSync(join(dirname(stage.home), ".npmrc"), `registry=${registry}/npm/\n${login}\n`);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(service.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["/npm/@corp%2fpackage", "Bearer the-login-of-the-registry"],
    ]);
    expect(stage.file("out/got.txt")).toBe("service says 1");
    expect(stage.file("out/registry.txt").trim()).toBe(`${registry}/npm/`);
    for (const text of [done.stdout, done.stderr, stage.file("out/env.txt")]) {
      expect(text).not.toContain("the-login-of-the-registry");
    }
  });
});
