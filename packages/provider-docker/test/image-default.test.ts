import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostCertificates } from "@glovebox/core/host-certificates";
import type { PrepareProgress } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { listImages, removeImages } from "../src/index.ts";
import { claudeLayer, failureOf, imageFixture } from "./image-fixture.ts";

const images = imageFixture();

describe("the default image", () => {
  it("runs claude as user 1000, with the tools and directories that were promised", async () => {
    const { reference, digest } = await images.prepare({ kind: "default" });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const script = [
      "id -un; id -u; id -g; pwd; echo $PATH",
      "claude --version",
      "npm config get prefix",
      "readlink /output; touch /output/x && ls /workspace",
      "stat -c '%U %a' /run/glovebox /opt/glovebox/supervisor.cjs /opt/glovebox/bin/node",
      "touch /opt/glovebox/x 2>/dev/null || echo read-only",
      "/opt/glovebox/bin/node /opt/glovebox/supervisor.cjs",
      "for tool in bash git jq rg curl python3 pip3 pipx make gcc npm node; do command -v $tool > /dev/null || echo no $tool; done",
      "python3 -m venv --help > /dev/null && echo venv",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that expands it.
      "LIST=(a b); [[ ${#LIST[@]} == 2 ]] && echo a shell for hooks",
      "command -v uvx > /dev/null || grep -q PyPI /opt/glovebox/absent/uvx && echo uv or a reason",
    ].join("\n");
    const said = await images.run(reference, ["/bin/sh", "-c", script]);
    expect(said.split("\n")).toEqual([
      ...["agent", "1000", "1000", "/workspace", expect.stringMatching("^/home/agent/.npm-global/bin:")],
      `${claudeLayer.npmVersion} (Claude Code)`,
      "/home/agent/.npm-global",
      ...["/workspace", "x"],
      ...["root 700", "root 644", "root 711"],
      "read-only",
      "a supervisor",
      ...["venv", "a shell for hooks", "uv or a reason", ""],
    ]);
  });

  it("holds the harness's program once", async () => {
    const { reference } = await images.prepare({ kind: "default" });
    const command = "find -L /opt/glovebox/harness -xtype f -size +50M -printf '%n\\n' | sort | uniq -c";
    expect((await images.run(reference, ["/bin/sh", "-c", command])).trim()).toBe("1 1");
  });

  it("is found again without work, by processes at once too", async () => {
    const messages: PrepareProgress[] = [];
    const onProgress = (one: PrepareProgress) => messages.push(one);
    const first = await images.prepare({ kind: "default" });
    const again = await Promise.all([1, 2, 3].map(() => images.prepare({ kind: "default" }, { onProgress })));
    expect(again).toEqual([1, 2, 3].map(() => ({ ...first, reused: true })));
    expect(messages).toEqual([]);
  });

  it("is another one when the supervisor or a layer changes, and only what changed is built", async () => {
    const first = await images.prepare({ kind: "default" });
    const supervisorFile = join(images.directory, "other-supervisor.cjs");
    await writeFile(supervisorFile, `// other ${images.label}`);
    const steps: string[] = [];
    const onProgress = ({ output = "" }: PrepareProgress) => steps.push(output);
    const other = await images.prepare({ kind: "default" }, { supervisorFile, onProgress });
    expect(other).toMatchObject({ reused: false });
    expect(other.digest).not.toBe(first.digest);
    expect(steps.filter((output) => output.includes("Setting up ") || output.includes("added "))).toEqual([]);
    const layers = [{ ...claudeLayer, check: { argv: ["claude", "--help"], prints: "Usage" } }];
    expect((await images.prepare({ kind: "default" }, { layers })).digest).not.toBe(first.digest);
  });

  it("comes out the same for builds at once", async () => {
    const supervisorFile = join(images.directory, "at-once.js");
    await writeFile(supervisorFile, `// at once ${images.label}`);
    const created = await Promise.all([1, 2, 3].map(() => images.prepare({ kind: "default" }, { supervisorFile })));
    expect(new Set(created.map(({ reference }) => reference)).size).toBe(1);
    expect(await images.run(created[0]?.reference ?? "", ["claude", "--version"])).toContain(claudeLayer.npmVersion);
  });

  it("gets no name when a layer's check fails", async () => {
    const layers = [{ ...claudeLayer, check: { argv: ["claude", "--version"], prints: "9.9.9" } }];
    // Twice, because one that had a name would be found by it.
    for (const attempt of [1, 2]) {
      const error = await failureOf(images.prepare({ kind: "default" }, { layers }));
      expect(error.code, `attempt ${attempt}`).toBe("template");
      expect(error.message).toMatch(/9\.9\.9.*code 0\n2\.1\.328/s);
    }
    const missing = [{ ...claudeLayer, check: { argv: ["no-such-program"], prints: "x" } }];
    expect((await failureOf(images.prepare({ kind: "default" }, { layers: missing }))).message).toContain("code 127");
  });

  it("refuses a layer that is no package at one version", async () => {
    const layers = [{ ...claudeLayer, npmVersion: "1.0.0; rm -rf /" }];
    expect((await failureOf(images.prepare({ kind: "default" }, { layers }))).code).toBe("invalid-options");
  });

  it("says what is missing where there is no supervisor", async () => {
    const error = await failureOf(images.prepare({ kind: "default" }, { supervisorFile: "/nowhere/supervisor.cjs" }));
    expect(error).toMatchObject({ code: "template", hint: expect.stringContaining("build") });
  });

  it("is asked for nothing when the call was aborted before", async () => {
    const error = await failureOf(images.prepare({ kind: "default" }, { signal: AbortSignal.abort() }));
    expect(error.code).toBe("aborted");
  });
});

describe("the images that Glovebox made", () => {
  it("are listed with what uses them, and removed unless a container does", async () => {
    const engine = images.engine();
    const { reference } = await images.prepare({ kind: "default" });
    const find = async () => (await listImages(engine)).find((image) => image.reference === reference);
    const found = await find();
    expect(found).toMatchObject({ kind: "sandbox", containers: 0 });
    expect(found?.sizeBytes).toBeGreaterThan(100_000_000);
    const container = await engine.createContainer({ Image: reference, Cmd: ["x"] });
    try {
      expect(await removeImages(engine, { references: [reference] })).toMatchObject({
        removed: [],
        inUse: [{ reference, containers: 1 }],
      });
    } finally {
      await container.remove({ force: true });
    }
    expect((await removeImages(engine, { references: [reference] })).removed).toMatchObject([{ reference }]);
    expect(await find()).toBeUndefined();
  });

  it("are the only ones that can be removed", async () => {
    const error = await failureOf(removeImages(images.engine(), { references: ["node:24-bookworm-slim"] }));
    expect(error).toMatchObject({ code: "invalid-options", hint: expect.stringContaining("image ls") });
  });
});

describe("certificates of this host's own", () => {
  // A certificate authority made for this test, valid until 2126; its key was thrown away.
  const authority = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUSlsXaqriLEKCYYVyubiK3YJlieswCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXR2xvdmVib3ggdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIwMDkx
NDUxWhgPMjEyNjEwMjcwOTE0NTFaMCIxIDAeBgNVBAMMF0dsb3ZlYm94IHRlc3Qg
YXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8wGGiI6Jj3hmIEiH
4KWEfmFNz3C4l71uNo9z8bAnnPojVqxfCs8DX3y0t66PsoFqHFhm5Xcsai4jotHl
4/748KNTMFEwHQYDVR0OBBYEFLtxurSVp8ZvDtWWO94lY60VwRQXMB8GA1UdIwQY
MBaAFLtxurSVp8ZvDtWWO94lY60VwRQXMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSAAwRQIhAJzPlZpT5h0a9bIRwu/5u0pJyght8tTTqvIGurWR51V/AiBH
kAdFNau1l4J2bx4M4vMA3OSbzEJmAwHxpwZt5kkRDA==
-----END CERTIFICATE-----`;

  it("are found in the files that the usual variables name, and bundled with the public ones", async () => {
    const file = join(images.directory, "company.pem");
    await writeFile(file, authority);
    const found = hostCertificates({ HOME: images.directory, SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: file });
    expect(found?.sources).toEqual(expect.arrayContaining(["NODE_EXTRA_CA_CERTS"]));
    expect(found?.bundle).toContain(authority);
    expect(found?.bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(100);
  });
});
