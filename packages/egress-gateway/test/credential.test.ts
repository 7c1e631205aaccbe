import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type EgressPolicy, Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createGateway } from "../src/index.ts";
import { certificate, credentialHost, curlOf, directory, echo, type Handler, run, secret } from "./credential-host.ts";
import { listen, loopback, openTunnel, raw, startGateway } from "./gateway-fixture.ts";

describe("a request to a host with a credential", () => {
  it("gets the credential, and loses every one from inside", async () => {
    const { site, curl, event } = await credentialHost();
    const inside = [
      "-u",
      "me:mine",
      "-H",
      "private-token: mine",
      "-H",
      "Private_Token: mine",
      "-H",
      "cookie: a=b",
      "-H",
      "x-request-id: kept",
    ];
    const answer = await curl(...inside, `https://git.test:${site}/api/v4/projects/a%2Fb?per_page=1`);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).not.toContain(secret);
    expect(answer).not.toMatch(/set-cookie/i);
    expect(answer).toMatch(new RegExp(`x-echo: \\*{${secret.length}}`));
    const seen = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
    expect(seen).toMatchObject({ method: "GET", url: "/api/v4/projects/a%2Fb?per_page=1" });
    expect(seen.headers).toMatchObject({
      host: `git.test:${site}`,
      "x-request-id": "kept",
      "private-token": "*".repeat(18),
    });
    expect(seen.headers).not.toHaveProperty("authorization");
    expect(seen.headers).not.toHaveProperty("cookie");
    expect(seen.headers).not.toHaveProperty("private_token");
    const found = await event();
    expect(found).toMatchObject({
      host: "git.test",
      port: site,
      method: "GET",
      path: "/api/v4/projects/a%2Fb",
      decision: "allowed",
      rule: "credential git.test (test)",
      status: 200,
    });
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  it("gets the rule's further headers in place of what came from inside, and they do not come back", async () => {
    const headers = { "x-tenant": new Secret("TENANT", "tenant one"), "x-api-key": new Secret("KEY", "key-of-mine") };
    const { site, curl } = await credentialHost({ headers });
    const answer = await curl("-H", "X_Tenant: other", "-H", "x-api-key: other", `https://git.test:${site}/`);
    const seen = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
    expect(seen.headers).toMatchObject({ "x-tenant": "*".repeat(10), "x-api-key": "*".repeat(11) });
    expect(seen.headers).not.toHaveProperty("x_tenant");
    expect(answer).not.toContain("tenant one");
  });

  it("that is not guarded gets its headers and is left alone otherwise", async () => {
    const { site, curl } = await credentialHost({ guarded: false });
    const answer = await curl(
      "-H",
      "authorization: mine",
      "-H",
      "private-token: other",
      `https://git.test:${site}/?api-key=x`,
    );
    expect(answer).toMatch(/set-cookie/i);
    const seen = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
    expect(seen.headers).toMatchObject({ authorization: "mine", "private-token": secret });
  });

  it("keeps of its headers those that say nothing of who asks", async () => {
    const { site, curl } = await credentialHost();
    const dropped = [
      ...[
        "x-auth-token",
        "private-token",
        "Job-Token",
        "deploy-token",
        "x-api-key",
        "x-gitlab-token",
        "x-github-otp",
        "npm-otp",
      ],
      ...[
        "cookie",
        "cookie2",
        "authorization",
        "x-remote-user",
        "x-webauth-user",
        "x-forwarded-user",
        "x-user",
        "sudo",
        "x-account-id",
      ],
      ...[
        "x-tenant",
        "x-impersonate-user",
        "impersonate-user",
        "x-amz-security-token",
        "x-ms-client-principal",
        "x-original-url",
      ],
      ...[
        "x-http-method-override",
        "forwarded",
        "max-forwards",
        "x-jwt-assertion",
        "x-ssl-client-cert",
        "x-anything",
        "x_auth_token",
      ],
    ];
    const kept = {
      ...{ accept: "application/vnd.git-lfs+json", "content-type": "application/json", "git-protocol": "version=2" },
      ...{ "x-github-api-version": "2022-11-28", "npm-command": "install", "mcp-session-id": "s", range: "bytes=0-1" },
      ...{
        "if-none-match": '"e"',
        "idempotency-key": "i",
        "user-agent": "u",
        "tus-resumable": "1.0.0",
        "accept-language": "de",
      },
    };
    const sent = [...dropped.map((name) => [name, "mine"] as const), ...Object.entries(kept)];
    const answer = await curl(
      ...sent.flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
      `https://git.test:${site}/`,
    );
    const { headers } = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
    expect(headers).toMatchObject(kept);
    expect(Object.keys(headers).sort()).toEqual(
      [...Object.keys(kept), "accept-encoding", "connection", "host", "private-token"].sort(),
    );
    expect(JSON.stringify(headers)).not.toContain("mine");
  });

  it("keeps of its headers those that the rule names, but for what is named like a credential or leads elsewhere", async () => {
    const passHeaders = ["x-toolset", "x-auth-token", "x-original-url"];
    const { site, curl } = await credentialHost({ passHeaders });
    const sent = [...passHeaders, "x-other"].flatMap((name) => ["-H", `${name}: mine`]);
    const answer = await curl(...sent, `https://git.test:${site}/`);
    const { headers } = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
    expect(Object.keys(headers).filter((name) => headers[name] === "mine")).toEqual(["x-toolset"]);
  });

  it.each(["TRACE", "trace"])("is refused as %s, which would be answered with the credential", async (method) => {
    let requestCount = 0;
    const { site, curl, event } = await credentialHost({
      handler: (request, response) => {
        requestCount += 1;
        echo(request, response);
      },
    });
    expect(await curl("-X", method, `https://git.test:${site}/`)).toMatch(/^HTTP\/1.1 4\d\d /);
    expect((await event()).decision).toBe("denied");
    expect(requestCount).toBe(0);
  });

  it("is refused with a credential in its query", async () => {
    const { site, curl, event } = await credentialHost();
    const queries = [
      ...[
        "?private_token=mine",
        "?a=b&Access%5FToken=mine",
        "?api-key",
        "?a=b;private_token=mine",
        "?;;job_token=mine",
      ],
      ...["?page=1&page=2&token=a&token=mine", "?private%5ftoken=mine", "?%70rivate_token=mine", "?private+token=mine"],
      ...["?private.token=mine", "?private_token[]=mine", "?private_token%5Ba%5D=mine", "?%20private_token=mine"],
      ...["?private_token%00=mine", "?X-Amz-Signature=mine", "?a=b%26c;PASSWORD=mine", "?jwt=mine", "?private_token"],
      ...[";private_token=mine", "a;jsessionid=mine/b", "a%3Bprivate_token=mine"],
    ];
    for (const text of queries) {
      expect(await curl("-g", `https://git.test:${site}/${text}`), text).toMatch(/^HTTP\/1.1 403 .*may not hold one/s);
      expect(JSON.stringify(await event())).not.toContain("mine");
    }
    const harmless = [
      "?page_token=x",
      "?next_token=x;pageToken=y",
      "?a=private_token",
      "?tokens=1&token_type=x",
      "a;v=1?b=%26token=1",
    ];
    for (const text of harmless)
      expect(await curl(`https://git.test:${site}/${text}`), text).toMatch(/^HTTP\/1.1 200 /);
  });

  it("hides the credential in the form that Basic gives it, also across chunks", async () => {
    const handler: Handler = (request, response) => {
      const sent = String(request.headers.authorization);
      response.write(sent.slice(0, 12));
      setImmediate(() => response.end(`${sent.slice(12)} ${secret}`));
    };
    const { site, curl } = await credentialHost({ header: "authorization", scheme: "Basic", handler });
    const answer = await curl(`https://git.test:${site}/`);
    const encoded = Buffer.from(`x-access-token:${secret}`).toString("base64");
    expect(answer.slice(answer.indexOf("\r\n\r\n") + 4)).toMatch(
      new RegExp(`^(\\r\\n)?.*Basic \\*{${encoded.length}} \\*{${secret.length}}`, "s"),
    );
    expect(answer).not.toContain(encoded);
  });

  it("carries a large body both ways", async () => {
    const { site, curl } = await credentialHost({ handler: (request, response) => request.pipe(response) });
    const file = join(directory(), "body");
    writeFileSync(file, Buffer.alloc(5_000_000, "0123456789"));
    const answer = await curl("-H", "Expect: 100-continue", "-T", file, `https://git.test:${site}/upload`);
    expect(answer.length).toBeGreaterThan(5_000_000);
  });

  it("passes only what the path rules name", async () => {
    const paths = [{ method: "GET", path: "/api/*" } as const, { method: "POST", path: "/exact" } as const];
    const { site, curl } = await credentialHost({ paths });
    const status = async (...args: string[]) => (await curl("--path-as-is", ...args)).slice(9, 12);
    const base = `https://git.test:${site}`;
    expect(await status(`${base}/api/x/y?z`)).toBe("200");
    expect(await status("-d", "x", `${base}/exact`)).toBe("200");
    expect(await status(`${base}/api`)).toBe("403");
    expect(await status(`${base}/exact`)).toBe("403");
    expect(await status("-d", "x", `${base}/api/x`)).toBe("403");
    for (const path of [
      "/api/../x",
      "/api/%2e%2e/x",
      "/api/..%2fx",
      "/api/%2E%2e%2Fx",
      "/api/..;/x",
      "/api/%5c..",
      "/api/%252e%252e/x",
    ]) {
      expect(await status(`${base}${path}`), path).toBe("403");
    }
  });

  it("is refused for another host inside its tunnel, by header, form or a tunnel in the tunnel", async () => {
    const { site, port, ca, event } = await credentialHost();
    const ask = async (request: string): Promise<string> => {
      const { socket } = await openTunnel(port, `git.test:${site}`);
      const secured = connectTls({ socket, servername: "git.test", ca: readFileSync(ca) });
      secured.write(request);
      let answer = "";
      for await (const chunk of secured) answer += chunk;
      return answer.slice(0, 12);
    };
    const own = `Host: git.test:${site}\r\nConnection: close\r\n\r\n`;
    expect(await ask(`GET / HTTP/1.1\r\n${own}`)).toBe("HTTP/1.1 200");
    await event();
    for (const request of [
      "GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: git.test\r\n\r\n",
      `GET / HTTP/1.1\r\nHost: git.test:${site}\r\nHost: evil.test\r\n\r\n`,
      `GET http://git.test:${site}/ HTTP/1.1\r\n${own}`,
      `GET https://evil.test/ HTTP/1.1\r\n${own}`,
      `CONNECT evil.test:443 HTTP/1.1\r\n${own}`,
    ]) {
      expect(await ask(request), request).toBe("HTTP/1.1 400");
      expect(await event()).toMatchObject({ host: "git.test", port: site, decision: "denied", status: 400 });
    }
  });

  it("is refused with another server name, and where the certificate is not trusted", async () => {
    const { site, port, event, url } = await credentialHost();
    for (const [servername, reason] of [
      ["evil.test", "the TLS hello names another server than the tunnel's"],
      ["", "the TLS hello names no server"],
    ] as const) {
      const { socket } = await openTunnel(port, `git.test:${site}`);
      const secured = connectTls({ socket, servername, rejectUnauthorized: false });
      await new Promise((resolve) =>
        secured
          .on("error", () => {})
          .once("close", resolve)
          .once("end", resolve)
          .resume(),
      );
      expect(await event()).toMatchObject({ method: "CONNECT", decision: "denied", reason });
    }
    await expect(run("curl", ["-sS", "-x", url, `https://git.test:${site}/`])).rejects.toThrow(/certificate/);
    expect(await event()).toMatchObject({ decision: "failed", reason: expect.stringContaining("may not trust") });
  });

  it("fails when the host's certificate is not trusted outside, and sends it nothing", async () => {
    let reached = 0;
    const site = await listen(createHttpsServer(certificate, () => reached++));
    const rule = { host: "git.test", port: site, header: "a", secret: new Secret("T", secret), source: "test" };
    const fixture = await startGateway({ credentials: [rule], allow: [loopback(site)] });
    const ca = join(directory(), "ca.pem");
    writeFileSync(ca, (await fixture.gateway.certificate()) ?? "");
    expect(await curlOf(fixture, ca)(`https://git.test:${site}/`)).toMatch(/^HTTP\/1.1 502 .*not trusted/s);
    expect(reached).toBe(0);
  });

  it("is refused in every other form, whatever a rule allows", async () => {
    const allow = [
      { host: "git.test", source: "test" },
      { host: "*.test", source: "test" },
    ];
    const { site, port, curl, event } = await credentialHost({ policy: { mode: "open", allow } });
    for (const url of [`http://git.test:${site}/`, "http://git.test/", "http://GIT.test./", "http://git.test:8080/"]) {
      expect(await curl(url), url).toMatch(/^HTTP\/1.1 403 .*has a credential/s);
      expect(await event()).toMatchObject({ host: "git.test", decision: "denied" });
    }
    for (const authority of ["git.test:443", "git.test:80", "Git.Test.:8443", "git.test:22"]) {
      expect((await openTunnel(port, authority)).head, authority).toMatch(/^HTTP\/1.1 403 .*has a credential/);
    }
    // Its address is the same host.
    expect((await openTunnel(port, `127.0.0.1:${site}`)).head).toMatch(/^HTTP\/1.1 403 .*has a credential/);
  });

  it("without TLS is asked for in plain form, or in a tunnel that ends here", async () => {
    const site = await listen(createHttpServer(echo));
    const rule = {
      host: "plain.test",
      port: site,
      tls: false,
      header: "authorization",
      scheme: "Bearer",
      secret: new Secret("T", secret),
      source: "test",
    };
    const { url, gateway, port } = await startGateway({ credentials: [rule], allow: [loopback(site)] });
    expect(await gateway.certificate()).toBeUndefined();
    for (const how of [[], ["-p"]]) {
      const { stdout } = await run("curl", ["-sS", ...how, "-x", url, "-u", "me:mine", `http://plain.test:${site}/a`]);
      expect(JSON.parse(stdout).headers.authorization).toBe(`Bearer ${"*".repeat(secret.length)}`);
    }
    const withUser = await raw(
      port,
      `GET http://me:mine@plain.test:${site}/a HTTP/1.1\r\nHost: plain.test:${site}\r\nConnection: close\r\n\r\n`,
    );
    expect(withUser).toContain('"url":"/a"');
    expect(withUser).not.toContain("mine");
  });

  it("clones with git, which knows nothing of the credential", async () => {
    const work = directory();
    const git = (...args: string[]) => execFileSync("git", args, { cwd: work, stdio: "pipe" });
    git("init", "-q", "source");
    writeFileSync(join(work, "source", "file.txt"), "hello\n");
    git("-C", "source", "add", ".");
    git("-C", "source", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "one");
    git("clone", "-q", "--bare", "source", "project.git");
    git("-C", "project.git", "update-server-info");
    const basic = `Basic ${Buffer.from(`x-access-token:${secret}`).toString("base64")}`;
    const { site, ca, url } = await credentialHost({
      header: "authorization",
      scheme: "Basic",
      handler: (request, response) => {
        if (request.headers.authorization !== basic) return void response.writeHead(401).end();
        try {
          response.end(readFileSync(join(work, (request.url ?? "").split("?", 1)[0] ?? "")));
        } catch {
          response.writeHead(404).end();
        }
      },
    });
    const env = { ...process.env, HTTPS_PROXY: url, GIT_SSL_CAINFO: ca, GIT_TERMINAL_PROMPT: "0" };
    await run("git", ["clone", "-q", `https://git.test:${site}/project.git`, "copy"], { cwd: work, env });
    expect(readFileSync(join(work, "copy", "file.txt"), "utf8")).toBe("hello\n");
  });
});

describe("the certificate", () => {
  const rule = { host: "git.test", header: "a", secret: new Secret("T", secret), source: "test" };

  it("belongs to the very list of credentials, and comes without its key", async () => {
    const policy: EgressPolicy = { mode: "sealed", models: [], credentials: [rule] };
    const pem = await createGateway({ policy }).certificate();
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n$/);
    expect(await createGateway({ policy }).certificate()).toBe(pem);
    expect(await createGateway({ policy: { ...policy, allow: [] } }).certificate()).toBe(pem);
    expect(await createGateway({ policy: { ...policy, credentials: [rule] } }).certificate()).not.toBe(pem);
  });

  it("is not there where nothing needs it", async () => {
    expect(await createGateway({ policy: { mode: "sealed", models: [] } }).certificate()).toBeUndefined();
    expect(
      await createGateway({ policy: { mode: "none", models: [], credentials: [rule] } }).certificate(),
    ).toBeUndefined();
  });
});

describe("the host of a model", () => {
  it("is reached by its route alone, in no form by the proxy", async () => {
    const route = {
      id: "anthropic",
      upstream: "https://api.test/base",
      paths: [],
      credential: { header: "x-api-key", secret: new Secret("KEY", secret) },
    };
    const { port, url, event } = await startGateway(
      { mode: "open", models: [route], allow: [{ host: "api.test", source: "test" }] },
      { resolve: async (host) => (host === "api.test" ? ["93.184.216.34"] : ["93.184.216.35"]) },
    );
    for (const authority of [
      "api.test:443",
      "API.test.:443",
      "api.test:8443",
      "93.184.216.34:443",
      "[::ffff:93.184.216.34]:443",
    ]) {
      expect((await openTunnel(port, authority)).head, authority).toMatch(/^HTTP\/1.1 403 .*by its route alone/);
      expect(await event()).toMatchObject({ decision: "denied", reason: expect.stringContaining("model anthropic") });
    }
    for (const target of ["http://api.test/v1/files", "http://0x5db8d822/"]) {
      const { stdout } = await run("curl", ["-sS", "-x", url, "-H", "x-api-key: mine", target]);
      expect(stdout).toContain("by its route alone");
    }
  });
});
