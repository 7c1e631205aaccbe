import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { credentialHost, directory, type Handler, run, secret } from "./credential-host.ts";

const basic = `Basic ${Buffer.from(`x-access-token:${secret}`).toString("base64")}`;

/** git's own server of its smart protocol, for whoever has the credential. */
function gitServer(root: string): Handler {
  return (request, response) => {
    if (request.headers.authorization !== basic) return void response.writeHead(401).end();
    const [path = "", query = ""] = (request.url ?? "").split("?", 2);
    const child = spawn("git", ["http-backend"], {
      env: {
        ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: "1", REMOTE_USER: "me" },
        ...{ REQUEST_METHOD: request.method, PATH_INFO: path, QUERY_STRING: query, REMOTE_ADDR: "127.0.0.1" },
        ...{
          CONTENT_TYPE: request.headers["content-type"] ?? "",
          GIT_PROTOCOL: request.headers["git-protocol"] as string,
        },
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      },
    });
    request.pipe(child.stdin);
    void buffer(child.stdout).then((bytes) => {
      const end = bytes.indexOf("\r\n\r\n");
      for (const line of bytes.subarray(0, end).toString().split("\r\n")) {
        const [name = "", value = ""] = line.split(": ", 2);
        if (name === "Status") response.statusCode = Number(value.slice(0, 3));
        else response.setHeader(name, value);
      }
      response.end(bytes.subarray(end + 4));
    });
  };
}

it("git clones, fetches and pushes over its smart protocol, large packs too, and knows nothing of the credential", async () => {
  const work = directory();
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", "project.git"], { cwd: work });
  execFileSync("git", ["-C", "project.git", "config", "http.receivepack", "true"], { cwd: work });
  const { site, ca, url, events } = await credentialHost({
    ...{ header: "authorization", scheme: "Basic", handler: gitServer(work) },
  });
  const env = { ...process.env, HTTPS_PROXY: url, https_proxy: url, NO_PROXY: "", no_proxy: "", GIT_SSL_CAINFO: ca };
  const git = (cwd: string, ...args: string[]) =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: join(work, cwd),
      env: { ...env, GIT_TERMINAL_PROMPT: "0" },
    });
  const remote = `https://git.test:${site}/project.git`;
  await git(".", "clone", "-q", remote, "one");
  // Above git's own buffer, so that it sends the pack in chunks.
  writeFileSync(join(work, "one/large.bin"), Buffer.from(Array.from({ length: 3_000_000 }, () => Math.random() * 256)));
  await git("one", "checkout", "-q", "-b", "main");
  await git("one", "add", ".");
  await git("one", "commit", "-q", "-m", "one");
  await git("one", "push", "-q", "origin", "main");
  await git(".", "clone", "-q", remote, "two");
  expect(readFileSync(join(work, "two/large.bin")).equals(readFileSync(join(work, "one/large.bin")))).toBe(true);
  expect(events.every(({ decision }) => decision === "allowed")).toBe(true);
  expect(JSON.stringify(events)).not.toContain(secret);
});

it("git-lfs asks for a batch, uploads, verifies and downloads, with the headers of its protocol", async () => {
  const objects = new Map<string, Buffer>();
  const handler = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization !== basic) return void response.writeHead(401).end();
    const body = await buffer(request);
    const id = request.url?.split("/").at(-1) ?? "";
    if (request.url?.endsWith("/objects/batch")) {
      const isLfs = [request.headers.accept, request.headers["content-type"]].every((type) =>
        type?.includes("git-lfs+json"),
      );
      const { operation, objects: requested } = JSON.parse(body.toString());
      const href = `https://git.test:${request.socket.localPort}/lfs/${requested[0].oid}`;
      return void response
        .writeHead(isLfs ? 200 : 406)
        .end(JSON.stringify({ objects: [{ actions: { [operation]: { href } } }] }));
    }
    if (request.method === "PUT") objects.set(id, body);
    const found = objects.get(id);
    response.writeHead(found ? 200 : 404).end(request.method === "GET" ? found : "");
  };
  const { site, curl } = await credentialHost({
    ...{ header: "authorization", scheme: "Basic", handler: (request, response) => void handler(request, response) },
  });
  const content = Buffer.alloc(2_000_000, "lfs");
  const oid = createHash("sha256").update(content).digest("hex");
  const file = join(directory(), "object");
  writeFileSync(file, content);
  const batch = async (operation: string) => {
    const type = "application/vnd.git-lfs+json";
    const requested = JSON.stringify({ operation, objects: [{ oid, size: content.length }] });
    const headers = ["-H", `accept: ${type}`, "-H", `content-type: ${type}; charset=utf-8`];
    const answer = await curl(
      ...headers,
      "-d",
      requested,
      `https://git.test:${site}/project.git/info/lfs/objects/batch`,
    );
    return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)).objects[0].actions[operation].href as string;
  };
  expect(await curl("-H", "content-type: application/octet-stream", "-T", file, await batch("upload"))).toMatch(
    / 200 /,
  );
  const download = await curl("-H", "range: bytes=0-", await batch("download"));
  expect(download.endsWith(content.toString())).toBe(true);
});

/** A registry for whoever has the token: what was published can be installed. */
function registry(): Handler {
  const documents = new Map<string, { readonly [key: string]: unknown }>();
  const tarballs = new Map<string, Buffer>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization !== `Bearer ${secret}`) return void response.writeHead(401).end();
    const path = decodeURIComponent(request.url ?? "").slice(1);
    if (request.method === "PUT") {
      const { _attachments: files, ...document } = JSON.parse((await buffer(request)).toString());
      for (const [name, { data }] of Object.entries<{ data: string }>(files))
        tarballs.set(`${document.name}/-/${name}`, Buffer.from(data, "base64"));
      documents.set(path, document);
      return void response.end("{}");
    }
    const found = documents.has(path) ? JSON.stringify(documents.get(path)) : tarballs.get(path);
    response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" }).end(found);
  };
  return (request, response) => void serve(request, response);
}

it("npm publishes and installs with a placeholder for its token", async () => {
  const { site, ca, url } = await credentialHost({ header: "authorization", scheme: "Bearer", handler: registry() });
  const work = directory();
  const base = `//git.test:${site}/`;
  for (const name of ["package", "project"]) {
    mkdirSync(join(work, name));
    writeFileSync(
      join(work, name, "package.json"),
      JSON.stringify({ name: `@corp/${name}`, version: "1.0.0", main: "index.js" }),
    );
    writeFileSync(join(work, name, ".npmrc"), `registry=https:${base}\n${base}:_authToken=placeholder\ncafile=${ca}\n`);
  }
  writeFileSync(join(work, "package/index.js"), "module.exports = 42;\n");
  const env = {
    ...{
      PATH: process.env.PATH,
      HOME: work,
      HTTPS_PROXY: url,
      https_proxy: url,
      npm_config_cache: join(work, "cache"),
    },
    ...{
      npm_config_proxy: url,
      npm_config_https_proxy: url,
      npm_config_update_notifier: "false",
      npm_config_audit: "false",
    },
  };
  const npm = (cwd: string, ...args: string[]) => run("npm", args, { cwd: join(work, cwd), env });
  await npm("package", "publish");
  expect((await npm("project", "view", "@corp/package", "version")).stdout.trim()).toBe("1.0.0");
  await npm("project", "install", "@corp/package");
  expect(readFileSync(join(work, "project/node_modules/@corp/package/index.js"), "utf8")).toContain("42");
});

it("pip reads an index, and GitHub's API is asked in its own version", async () => {
  const seen: IncomingMessage[] = [];
  const { site, ca, url, curl } = await credentialHost({
    ...{ header: "authorization", scheme: "Bearer" },
    handler: (request, response) => {
      seen.push(request);
      response.setHeader("content-type", "text/html");
      response.end(
        request.url === "/simple/demo/" ? '<a href="demo-1.0-py3-none-any.whl">demo-1.0-py3-none-any.whl</a>' : "{}",
      );
    },
  });
  // Of this machine's own configuration nothing may count.
  const env = { PATH: process.env.PATH, HOME: directory(), PIP_CONFIG_FILE: "/dev/null", PIP_NO_INPUT: "1" };
  const trusting = { ...env, PIP_CERT: ca, REQUESTS_CA_BUNDLE: ca, PIP_PROXY: url, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const index = ["index", "versions", "demo", "--index-url", `https://git.test:${site}/simple/`];
  const { stdout } = await run("python3", ["-m", "pip", ...index], { env: trusting });
  expect(stdout).toContain("demo (1.0)");
  await curl(
    ...[
      "-H",
      "accept: application/vnd.github+json",
      "-H",
      "x-github-api-version: 2022-11-28",
      "-H",
      "if-none-match: x",
    ],
    `https://git.test:${site}/repos/a/b/issues?state=open&per_page=100&page=2`,
  );
  expect(seen.at(-1)?.headers).toMatchObject({
    ...{ authorization: `Bearer ${secret}`, accept: "application/vnd.github+json", "if-none-match": "x" },
    "x-github-api-version": "2022-11-28",
  });
});
