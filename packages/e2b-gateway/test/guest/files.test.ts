import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StartedEnvd, startEnvd } from "./start-envd.ts";

let envd: StartedEnvd;

beforeAll(async () => {
  envd = await startEnvd();
});
afterAll(() => envd[Symbol.asyncDispose]());

const at = (name: string): string => join(envd.home, name);
const url = (path: string, more = ""): string => `${envd.url}/files?path=${encodeURIComponent(path)}${more}`;
const octets = { "content-type": "application/octet-stream" };

function upload(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  more = "",
): Promise<Response> {
  return fetch(url(path, more), { method: "POST", body, headers: { ...octets, ...headers } });
}

describe("uploads", () => {
  test("a file and the directories above it are the user's", async () => {
    const response = await upload("deep/er/file.txt", "text");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual([{ path: at("deep/er/file.txt"), name: "file.txt", type: "file" }]);
    for (const path of ["deep", "deep/er", "deep/er/file.txt"]) {
      const { uid, gid, mode } = statSync(at(path));
      expect([uid, gid, mode & 0o777]).toEqual([1000, 1000, path.endsWith("txt") ? 0o644 : 0o755]);
    }
  });

  test("a file that is there keeps its rights and its other names", async () => {
    writeFileSync(at("tool.sh"), "before, and longer");
    chmodSync(at("tool.sh"), 0o755);
    linkSync(at("tool.sh"), at("other-name.sh"));
    expect((await upload("tool.sh", "after")).status).toBe(200);
    expect(readFileSync(at("other-name.sh"), "utf8")).toBe("after");
    expect(statSync(at("tool.sh")).mode & 0o777).toBe(0o755);
  });

  test("a form with many files, each to its own path; one path twice is refused", async () => {
    const form = new FormData();
    form.append("file", new Blob(["one"]), "form/one.txt");
    form.append("note", "no file");
    form.append("file", new Blob([Buffer.alloc(3_000_000, "x")]), at("form/two.bin"));
    form.append("file", new Blob([]), 'form/quo"te ü.txt');
    const response = await fetch(`${envd.url}/files`, { method: "POST", body: form });
    expect(((await response.json()) as { path: string }[]).map(({ path }) => path)).toEqual([
      at("form/one.txt"),
      at("form/two.bin"),
      at("form/quo%22te ü.txt"),
    ]);
    expect(statSync(at("form/two.bin")).size).toBe(3_000_000);
    const twice = new FormData();
    for (const text of ["first", "second"]) twice.append("file", new Blob([text]), "twice.txt");
    const refused = await fetch(`${envd.url}/files`, { method: "POST", body: twice });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain("multiple files to the same path");
    expect(readFileSync(at("twice.txt"), "utf8")).toBe("first");
  });

  test("gzip is unpacked; what is no gzip is refused and leaves what was there", async () => {
    expect((await upload("packed.txt", gzipSync("unpacked"), { "content-encoding": "gzip" })).status).toBe(200);
    expect(readFileSync(at("packed.txt"), "utf8")).toBe("unpacked");
    expect((await upload("packed.txt", "no gzip", { "content-encoding": "gzip" })).status).toBe(400);
    expect((await upload("fresh.txt", "no gzip", { "content-encoding": "gzip" })).status).toBe(400);
    expect((await upload("packed.txt", "x", { "content-encoding": "br" })).status).toBe(400);
    expect(readFileSync(at("packed.txt"), "utf8")).toBe("unpacked");
    expect(existsSync(at("fresh.txt"))).toBe(false);
  });

  test.each([
    { name: "there.txt", form: false },
    { name: "not-there.txt", form: false },
    { name: "not-there.txt", form: true },
  ])("one that breaks off leaves $name as it was (in a form: $form)", async ({ name, form }) => {
    mkdirSync(at("broken"), { recursive: true });
    if (name === "there.txt") writeFileSync(at(`broken/${name}`), "before");
    const before = readdirSync(at("broken"));
    const type = form ? "multipart/form-data; boundary=b" : octets["content-type"];
    const sent = request(url(`broken/${name}`), {
      method: "POST",
      headers: { "content-type": type, "content-length": "1000000" },
    });
    if (form) sent.write('--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n');
    sent.on("error", () => {});
    sent.write(Buffer.alloc(200_000));
    if (name !== "there.txt") await until(() => existsSync(at(`broken/${name}`)));
    sent.destroy();
    await until(() => readdirSync(at("broken")).length === before.length);
    expect(readdirSync(at("broken"))).toEqual(before);
    if (name === "there.txt") expect(readFileSync(at(`broken/${name}`), "utf8")).toBe("before");
  });

  test.each([
    { name: "a directory", path: "", status: 400 },
    { name: "the home of another", path: "~root/x", status: 400 },
    { name: "a path below a file", path: "/etc/passwd/x", status: 500 },
    { name: "a zero byte", path: "a\0b", status: 400 },
  ])("$name is refused, after a body that is larger than any buffer too", async ({ path, status }) => {
    const response = await upload(path, Buffer.alloc(8_000_000));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code: status, message: expect.any(String) });
  });

  test("a full disk is reported as such, and nothing is left on it", async () => {
    const response = await upload("/mnt/large", Buffer.alloc(8_000_000));
    expect(response.status).toBe(507);
    expect(await response.json()).toEqual({ code: 507, message: "not enough disk space available" });
    expect((await fetch(url("/mnt/large"))).status).toBe(404);
  });

  test("other types and no path are refused", async () => {
    expect((await upload("x", "x", { "content-type": "text/plain" })).status).toBe(400);
    expect((await fetch(`${envd.url}/files`, { method: "POST", body: "x", headers: octets })).status).toBe(400);
    expect((await upload("x", "x", { "content-type": "multipart/form-data" })).status).toBe(400);
    expect((await upload("x", "x", {}, "&username=nobody-here")).status).toBe(401);
  });

  test("compose puts files together and takes them away", async () => {
    for (const name of ["a", "b", "c"]) writeFileSync(at(`part-${name}`), name.repeat(100_000));
    const compose = (body: object) =>
      fetch(`${envd.url}/files/compose`, { method: "POST", body: JSON.stringify(body) });
    const source_paths = ["part-b", "part-a", "part-c"];
    const response = await compose({ source_paths, destination: "whole/file" });
    expect(await response.json()).toEqual({ path: at("whole/file"), name: "file", type: "file" });
    expect(readFileSync(at("whole/file"), "utf8")).toBe(["b", "a", "c"].map((name) => name.repeat(100_000)).join(""));
    expect(existsSync(at("part-a"))).toBe(false);
    expect((await compose({ source_paths, destination: "x" })).status).toBe(404);
    expect((await compose({ source_paths: [], destination: "x" })).status).toBe(400);
    expect((await compose({ source_paths: ["whole/file"], destination: "whole/file" })).status).toBe(400);
  });
});

describe("downloads", () => {
  test("ranges, and what has not changed", async () => {
    writeFileSync(at("range.txt"), "0123456789");
    const get = (headers: Record<string, string>) => fetch(url("range.txt"), { headers });
    const part = await get({ range: "bytes=2-4" });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await (await get({ range: "bytes=-3" })).text()).toBe("789");
    expect((await get({ range: "bytes=10-" })).status).toBe(416);
    const whole = await get({});
    expect([whole.status, whole.headers.get("content-length"), whole.headers.get("content-type")]).toEqual([
      200,
      "10",
      "text/plain; charset=utf-8",
    ]);
    expect((await get({ "if-modified-since": whole.headers.get("last-modified") ?? "" })).status).toBe(304);
  });

  test("gzip for who asks for it alone", async () => {
    writeFileSync(at("zip-me.txt"), "x".repeat(10_000));
    const raw = await new Promise<Buffer>((resolve) => {
      request(url("zip-me.txt"), { headers: { "accept-encoding": "gzip" } }, (response) => {
        expect(response.headers["content-encoding"]).toBe("gzip");
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => resolve(Buffer.concat(chunks)));
      }).end();
    });
    expect(gunzipSync(raw).toString()).toBe("x".repeat(10_000));
    const plain = await fetch(url("zip-me.txt"), { headers: { "accept-encoding": "gzip, deflate, br" } });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect((await fetch(url("zip-me.txt"), { headers: { "accept-encoding": "identity;q=0" } })).status).toBe(406);
  });

  test("what is not there, a directory and a pipe are refused", async () => {
    expect((await fetch(url("not-there"))).status).toBe(404);
    expect(await (await fetch(url("not-there"))).json()).toEqual({
      code: 404,
      message: `path '${at("not-there")}' does not exist`,
    });
    expect((await fetch(url(""))).status).toBe(400);
    expect(await (await fetch(url("/proc/self/status"))).text()).toContain("VmRSS");
    expect((await fetch(url("/dev/zero"))).status).toBe(400);
  });
});

describe("who may", () => {
  const accessToken = "the-token";
  let secured: StartedEnvd;
  beforeAll(async () => {
    secured = await startEnvd({ accessToken, envVars: { A: "1" } });
  });
  afterAll(() => secured[Symbol.asyncDispose]());
  const token = { "x-access-token": accessToken };
  const ask = async (path: string, init: RequestInit = {}) => (await fetch(`${secured.url}${path}`, init)).status;

  test("everything but health asks for the token", async () => {
    expect(await ask("/health")).toBe(204);
    for (const path of ["/envs", "/metrics", "/files?path=x", "/nothing"]) {
      expect(await ask(path)).toBe(401);
      expect(await ask(path, { headers: { "x-access-token": "another" } })).toBe(401);
    }
    expect(await ask("/process.Process/List", { method: "POST", body: "{}" })).toBe(401);
    expect(await ask("/files/compose", { method: "POST", body: "{}" })).toBe(401);
    expect(await ask("/init", { method: "POST", body: '{"accessToken":"mine"}' })).toBe(401);
    expect(await ask("/nothing", { headers: token })).toBe(404);
  });

  test("init adds variables and changes the token for who knows it", async () => {
    const init = (body: object, headers = {}) => ask("/init", { method: "POST", body: JSON.stringify(body), headers });
    expect(await init({ envVars: { B: "2" }, timestamp: "2026-01-01T00:00:00Z" }, token)).toBe(204);
    expect(await init({ accessToken })).toBe(204);
    const envs = await (await fetch(`${secured.url}/envs`, { headers: token })).json();
    expect(envs).toMatchObject({ A: "1", B: "2", E2B_SANDBOX_ID: "sandbox" });
    expect(await ask("/init", { method: "POST", body: "[", headers: token })).toBe(400);
  });

  test("metrics have the fields of E2B's", async () => {
    const response = await fetch(`${secured.url}/metrics`, { headers: token });
    const metrics = (await response.json()) as Record<string, number>;
    const names = ["cpu_count", "cpu_used_pct", "disk_total", "disk_used", "mem_cache", "mem_total", "mem_total_mib"];
    expect(Object.keys(metrics).sort()).toEqual([...names, "mem_used", "mem_used_mib", "ts"]);
    expect(metrics.mem_used).toBeLessThanOrEqual(metrics.mem_total ?? 0);
  });

  test("a signature opens one path for one operation, until it ends", async () => {
    const sign = (...parts: (string | number)[]) =>
      `v1_${createHash("sha256").update(parts.join(":")).digest("base64").replace(/=+$/, "")}`;
    const signed = (path: string, signature: string, expiration?: number) =>
      `/files?path=${path}&signature=${encodeURIComponent(signature)}${expiration ? `&signature_expiration=${expiration}` : ""}`;
    const post = { method: "POST", body: "signed", headers: octets };
    const [soon, gone] = [60, -60].map((seconds) => Math.floor(Date.now() / 1_000) + seconds) as [number, number];
    expect(await ask(signed("s.txt", sign("s.txt", "write", "", accessToken)), post)).toBe(200);
    expect(await ask(signed("s.txt", sign("s.txt", "read", "", accessToken)))).toBe(200);
    expect(await ask(signed("s.txt", sign("s.txt", "read", "", accessToken, soon), soon))).toBe(200);
    expect(await ask(signed("s.txt", sign("s.txt", "read", "", accessToken, gone), gone))).toBe(401);
    expect(await ask(signed("s.txt", sign("s.txt", "read", "", accessToken, soon), soon + 1))).toBe(401);
    expect(await ask(signed("s.txt", sign("s.txt", "write", "", accessToken)))).toBe(401);
    expect(await ask(signed("other.txt", sign("s.txt", "read", "", accessToken)))).toBe(401);
    expect(await ask(signed("s.txt", sign("s.txt", "read", "", "wrong")))).toBe(401);
    expect(await ask(`${signed("s.txt", sign("s.txt", "read", "root", accessToken))}&username=root`)).toBe(404);
  });
});

test("nothing that a client sends ends it", async () => {
  const rpc = (body: string | Buffer, type = "application/json", path = "/process.Process/List") =>
    fetch(`${envd.url}${path}`, { method: "POST", body, headers: { "content-type": type } });
  expect((await rpc("{")).status).toBe(400);
  expect((await rpc("[]")).status).toBe(400);
  expect((await rpc("{}", "application/proto")).status).toBe(415);
  const huge = Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]);
  const cut = Buffer.from([0, 0, 0, 0, 9, 1]);
  for (const body of [huge, cut, Buffer.from([1, 0, 0, 0, 0])]) {
    const response = await rpc(body, "application/connect+json", "/process.Process/Start");
    expect(await response.text()).toContain('"error"');
  }
  for (const path of [
    "/files?path=%ff%fe",
    "/files?path=%",
    "//",
    "/__proto__",
    "/files?path=x&signature_expiration=x",
  ]) {
    expect((await fetch(`${envd.url}${path}`)).status).toBeGreaterThanOrEqual(400);
  }
  const garbage = request(envd.url, { headers: { "x-long": "x".repeat(100_000) } }).end();
  const [response] = await once(garbage, "response");
  expect(response.statusCode).toBe(431);
  expect((await fetch(`${envd.url}/health`)).status).toBe(204);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
