import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EgressPolicy, Secret, type Template } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, sandboxFixture, shell } from "./sandbox-fixture.ts";
import { hostAddress, type TlsServer, tlsFixture } from "./tls-fixture.ts";

const fixture = sandboxFixture();
const tls = tlsFixture();
let open: TlsServer;
let locked: TlsServer;

beforeAll(async () => {
  open = await tls.serve((_, response) => response.end("open"));
  locked = await tls.serve((request, response) => response.end(`locked ${request.headers["private-token"]}`));
});
afterAll(() => Promise.all([open.close(), locked.close()]));

/** One host that is tunnelled, with a company's certificate, and one whose TLS ends at the gateway. */
const egress = (): EgressPolicy => ({
  mode: "standard",
  models: [],
  allow: [{ host: hostAddress, port: open.port, source: "test" }],
  credentials: [
    { host: hostAddress, port: locked.port, header: "private-token", secret: new Secret("T", "olleh"), source: "test" },
  ],
});

/** An image on top of the default one; it is removed with what it was made from. */
async function withImage(lines: readonly string[], use: (template: Template) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-network-"));
  const path = join(directory, "Dockerfile");
  const label = `glovebox.test=${randomUUID()}`;
  writeFileSync(path, [`FROM ${fixture.template().reference}`, `LABEL ${label}`, "USER 0:0", ...lines, ""].join("\n"));
  // The certificates that a build trusts would lie in an image of their own.
  const base = { kind: "dockerfile", path } as const;
  const template = await tls.withoutTrust(() => fixture.provider.prepare({ base, layers: [] }));
  try {
    await use(template);
  } finally {
    const engine = fixture.engine();
    await engine.getImage(template.reference).remove({ force: true });
    for (const { Id } of await engine.listImages({ filters: { label: [label] } })) {
      await engine.getImage(Id).remove({ force: true });
    }
    rmSync(directory, { recursive: true });
  }
}

const bothAnswer = { stdout: "open locked *****", exitCode: 0 };
const fetchBoth = (): [string, ...string[]] => [
  "/opt/glovebox/bin/node",
  "-e",
  `const text = async (url) => (await fetch(url)).text();
   Promise.all([text("${open.url}"), text("${locked.url}")]).then((all) => process.stdout.write(all.join(" ")))`,
];

describe("the certificates in a sandbox", () => {
  it("are root's, beside the public ones, and hold no key", async () => {
    await using sandbox = await fixture.create({ egress: egress() });
    expect(await run(sandbox, fetchBoth())).toMatchObject(bothAnswer);
    const files = "/opt/glovebox/certificates.pem /etc/ssl/certs/ca-certificates.crt";
    const { stdout } = await shell(sandbox, `stat -c '%u %a' ${files}; cat ${files}`);
    expect(stdout.split("\n", 2)).toEqual(["0 644", "0 644"]);
    expect(stdout.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(200);
    expect(stdout).toContain(tls.authority().trim());
    expect(stdout).not.toMatch(/PRIVATE KEY/);
    for (const script of ["echo >> /opt/glovebox/certificates.pem", "rm -f /opt/glovebox/certificates.pem"]) {
      expect((await shell(sandbox, script)).exitCode, script).not.toBe(0);
    }
  });

  it("are trusted by programs that read no variable", async () => {
    await using sandbox = await fixture.create({ egress: egress() });
    const bare = await run(sandbox, ["env", "-i", "/usr/bin/curl", "-sS", "-x", "http://127.0.0.1:47821", open.url]);
    expect(bare).toMatchObject({ stdout: "open", exitCode: 0 });
  });

  it("come into an image that trusts nobody", async () => {
    await withImage(
      ["RUN rm -rf /etc/ssl /usr/share/ca-certificates /usr/local/share/ca-certificates"],
      async (template) => {
        await using sandbox = await fixture.create({ template, egress: egress() });
        expect(await run(sandbox, fetchBoth())).toMatchObject(bothAnswer);
        expect(
          await run(sandbox, ["env", "-i", "/usr/bin/curl", "-sS", "-x", "http://127.0.0.1:47821", open.url]),
        ).toMatchObject({
          stdout: "open",
        });
      },
    );
  });

  it("come into Fedora's places, whose directory is closed for writing", async () => {
    const store = "/etc/pki/ca-trust/extracted/pem";
    const lines = [
      `RUN mkdir -p ${store} /etc/pki/tls/certs && mv /etc/ssl/certs/ca-certificates.crt ${store}/tls-ca-bundle.pem`,
      `RUN ln -s ${store}/tls-ca-bundle.pem /etc/pki/tls/certs/ca-bundle.crt && chmod 444 ${store}/tls-ca-bundle.pem`,
      `RUN chmod 555 ${store}`,
    ];
    await withImage(lines, async (template) => {
      await using sandbox = await fixture.create({ template, egress: egress() });
      expect(await run(sandbox, fetchBoth())).toMatchObject(bothAnswer);
      const { stdout } = await shell(sandbox, `stat -c %a ${store}; cat /etc/pki/tls/certs/ca-bundle.crt; ls ${store}`);
      expect(stdout).toMatch(/^555\n/);
      expect(stdout).toContain(tls.authority().trim());
      expect(stdout).toMatch(/\ntls-ca-bundle\.pem\n$/);
    });
  });

  it("are written through no link and into no directory that the agent owns", async () => {
    const lines = [
      "RUN rm -rf /etc/ssl/certs && mkdir /etc/ssl/certs && chown 1000:1000 /etc/ssl/certs",
      "RUN ln -s /etc/passwd /etc/ssl/certs/ca-certificates.crt && cp /etc/passwd /etc/passwd.before",
    ];
    await withImage(lines, async (template) => {
      await using sandbox = await fixture.create({ template, egress: egress() });
      expect(await run(sandbox, fetchBoth())).toMatchObject(bothAnswer);
      expect((await shell(sandbox, "cmp /etc/passwd /etc/passwd.before")).exitCode).toBe(0);
    });
  });

  it("take over what the image's own variables name", async () => {
    const own = tls
      .authority()
      .trim()
      .split("\n")
      .map((line) => `echo ${line}`)
      .join("; ");
    const lines = [`RUN mkdir /own && (${own}) > /own/store.pem`, "ENV SSL_CERT_FILE=/own/store.pem"];
    await withImage(lines, (template) =>
      tls.withoutTrust(async () => {
        await using sandbox = await fixture.create({ template, egress: egress() });
        const answered = await run(sandbox, ["curl", "-sS", open.url]);
        expect(answered).toMatchObject({ stdout: "open", exitCode: 0 });
      }),
    );
  });
});

describe("the variables in a sandbox", () => {
  it("give way to the user's own, in either case of letters", async () => {
    const env = { PATH: "/usr/bin:/bin", HOME: "/home/agent", https_proxy: "http://mine.test:1" };
    await using sandbox = await fixture.create({ egress: egress(), env });
    const { stdout } = await shell(sandbox, "printenv https_proxy; printenv HTTPS_PROXY; printenv HTTP_PROXY");
    expect(stdout).toBe("http://mine.test:1\nhttp://127.0.0.1:47821\n");
  });

  it("are empty where there is no egress", async () => {
    await using sandbox = await fixture.create({ egress: { ...egress(), mode: "none" } });
    expect((await shell(sandbox, "env | grep -iE 'proxy|cert|GIT_'")).stdout).toBe("");
  });
});
