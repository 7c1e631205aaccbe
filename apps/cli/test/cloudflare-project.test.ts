import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "./support/cloudflare-dev.ts";
import { type Stage, setStage } from "./support/stage.ts";

interface Written {
  readonly name: string;
  readonly managedImage: boolean;
  readonly files: readonly { readonly path: string; readonly action: string }[];
}

async function init(stage: Stage, ...args: readonly string[]): Promise<Written> {
  const done = await stage.glovebox(["cloudflare", "init", "--json", ...args]).done;
  expect(done.code, done.stderr).toBe(0);
  return JSON.parse(done.stdout) as Written;
}

function actionsOf({ files }: Written): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ path, action }) => [path, action]));
}

const file = (stage: Stage, path: string) => join(stage.directory, "glovebox-cloudflare", path);

describe("glovebox cloudflare init", () => {
  it("writes a whole project, and a second time nothing", async () => {
    await using stage = await setStage({ turns: [] });
    const first = await init(stage);
    expect(first).toMatchObject({ name: "glovebox", managedImage: false });
    expect(new Set(first.files.map(({ action }) => action))).toEqual(new Set(["created"]));
    for (const path of ["wrangler.jsonc", "image/Dockerfile", "image/supervisor.cjs", ".gitignore", "README.md"]) {
      expect(existsSync(file(stage, path)), path).toBe(true);
    }
    const all = first.files.map(({ path }) => readFileSync(file(stage, path), "utf8")).join("\n");
    expect(all).not.toContain("{{");
    expect(all).toMatch(/HARNESS=@anthropic-ai\/claude-code@\d+\.\d+\.\d+\n/);
    const second = await init(stage);
    expect(new Set(second.files.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
  });

  it("keeps what was changed and shows how it differs, updates what was not, and writes over all with --force", async () => {
    await using stage = await setStage({ turns: [] });
    await init(stage);
    const mine = "# A tool of mine\nRUN apt-get install -y jq\n";
    appendFileSync(file(stage, "image/Dockerfile"), mine);
    // As an older version wrote it: the file and what is known of it agree.
    const older = "// An older Worker\n";
    writeFileSync(file(stage, "src/glovebox/worker.js"), older);
    const manifest = JSON.parse(readFileSync(file(stage, ".glovebox.json"), "utf8"));
    manifest.files["src/glovebox/worker.js"] = "5a6b5b5e6f1d"; // Not its hash: somebody's change.
    writeFileSync(file(stage, ".glovebox.json"), JSON.stringify(manifest));
    rmSync(file(stage, "image/supervisor.cjs"));
    expect(actionsOf(await init(stage))).toMatchObject({
      "image/Dockerfile": "kept",
      "src/glovebox/worker.js": "kept",
      "image/supervisor.cjs": "created",
      "wrangler.jsonc": "unchanged",
    });
    const sum = execFileSync("sha256sum", [file(stage, "src/glovebox/worker.js")], { encoding: "utf8" }).split(" ")[0];
    manifest.files["src/glovebox/worker.js"] = sum;
    writeFileSync(file(stage, ".glovebox.json"), JSON.stringify(manifest));
    const shown = await stage.glovebox(["cloudflare", "init"]).done;
    expect(shown).toMatchObject({ code: 0, stdout: "glovebox-cloudflare\n" });
    expect(shown.stderr).toMatch(/^kept +image\/Dockerfile$[\s\S]*^ +-RUN apt-get install -y jq$/m);
    expect(shown.stderr).toMatch(/^updated +src\/glovebox\/worker\.js$/m);
    expect(shown.stderr).toContain("Your changes were kept");
    expect(readFileSync(file(stage, "image/Dockerfile"), "utf8")).toContain(mine);
    expect(actionsOf(await init(stage, "--force"))).toMatchObject({ "image/Dockerfile": "replaced" });
    expect(readFileSync(file(stage, "image/Dockerfile"), "utf8")).not.toContain(mine);
  });

  it("changes to Cloudflare's own image and back, and remembers name and choice", async () => {
    await using stage = await setStage({ turns: [] });
    await init(stage, "--name", "my-sandboxes");
    const managed = await init(stage, "--managed-image");
    expect(managed).toMatchObject({ name: "my-sandboxes", managedImage: true });
    expect(actionsOf(managed)).toMatchObject({ "wrangler.jsonc": "updated" });
    const config = () => readFileSync(file(stage, "wrangler.jsonc"), "utf8");
    expect(config()).toContain('"base": "cloudflare/debian-trixie"');
    expect(config()).not.toContain("dockerfile");
    expect(await init(stage)).toMatchObject({ name: "my-sandboxes", managedImage: true });
    await init(stage, "--own-image");
    expect(config()).toContain('"dockerfile": "./image/Dockerfile"');
  });

  it("writes through no link, and refuses names that a Worker cannot have", async () => {
    await using stage = await setStage({ turns: [] });
    const outside = join(stage.directory, "outside");
    writeFileSync(outside, "mine");
    mkdirSync(join(stage.directory, "glovebox-cloudflare"));
    symlinkSync(outside, file(stage, "wrangler.jsonc"));
    const done = await stage.glovebox(["cloudflare", "init", "--force"]).done;
    expect(done).toMatchObject({ code: 2, stderr: expect.stringContaining("wrangler.jsonc exists and is not") });
    expect(readFileSync(outside, "utf8")).toBe("mine");

    const missing = join(stage.directory, "missing");
    const places = { "a-file": [".glovebox.json", missing], "a-directory": ["src", stage.temporary] } as const;
    for (const [directory, [path, target]] of Object.entries(places)) {
      mkdirSync(join(stage.directory, directory));
      symlinkSync(target, join(stage.directory, directory, path));
      const { code, stderr } = await stage.glovebox(["cloudflare", "init", directory, "--force"]).done;
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`${path} exists and is not`) });
    }
    expect(existsSync(missing)).toBe(false);
    expect(readdirSync(stage.temporary)).not.toContain("index.ts");
    for (const name of ["My Worker", "-x", "a".repeat(55), "x\u001b[2J", ""]) {
      const { code, stderr } = await stage.glovebox(["cloudflare", "init", "other", "--name", name]).done;
      expect(code).toBe(2);
      expect(stderr).not.toContain("\u001b");
      expect(existsSync(join(stage.directory, "other"))).toBe(false);
    }
  });
});

describe("a project that cannot be used", () => {
  it.each([
    ["is not there", (stage: Stage) => rmSync(file(stage, "wrangler.jsonc")), "glovebox cloudflare init"],
    ["is half made", (stage: Stage) => rmSync(file(stage, "src/glovebox/worker.js")), "is incomplete"],
    ["lacks its Dockerfile", (stage: Stage) => rmSync(file(stage, "image/Dockerfile")), "is incomplete"],
    ["is not JSONC", (stage: Stage) => writeFileSync(file(stage, "wrangler.jsonc"), '{\n"name": \n'), "line 3"],
    ["has no containers", (stage: Stage) => writeFileSync(file(stage, "wrangler.jsonc"), "{}"), "wrangler.jsonc: "],
  ])("because it %s is reported", async (_, spoil, said) => {
    await using stage = await setStage({ turns: [] });
    await init(stage);
    spoil(stage);
    for (const command of ["dev", "deploy"]) {
      const done = await stage.glovebox(["cloudflare", command]).done;
      expect(done).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(said) });
    }
  });
});

describe("glovebox cloudflare dev that cannot start", () => {
  it("says that its port is in use, that no engine answers, and what wrangler does not like", async () => {
    await using stage = await setStage({ turns: [] });
    await init(stage);
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const busy = await stage.glovebox(["cloudflare", "dev", "--port", String(port)]).done;
    expect(busy).toMatchObject({ code: 2, stderr: expect.stringContaining(`Port ${port} is in use`) });
    await new Promise((resolve) => server.close(resolve));
    const args = ["cloudflare", "dev", "--port", String(port)];
    const noEngine = await stage.glovebox(args, { env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } }).done;
    expect(noEngine).toMatchObject({ code: 3, stdout: "" });
    expect(noEngine.stderr).toContain("/nowhere/docker.sock");
    writeFileSync(file(stage, "src/index.ts"), "this is no TypeScript");
    const broken = await stage.glovebox(args).done;
    expect(broken).toMatchObject({ code: 3, stdout: "" });
    expect(broken.stderr).toContain("src/index.ts");
    expect((await stage.glovebox(["cloudflare", "dev", "--port", "70000"]).done).code).toBe(2);
    await init(stage, "--managed-image", "--force");
    const config = readFileSync(file(stage, "wrangler.jsonc"), "utf8");
    const nowhere = "registry.example.test/none:1";
    writeFileSync(file(stage, "wrangler.jsonc"), config.replace("cloudflare/debian-trixie", nowhere));
    const lacking = await stage.glovebox(args).done;
    expect(lacking).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringContaining(`Cannot pull ${nowhere}`),
    });
  }, 180_000);
});

describe("glovebox cloudflare status", () => {
  it.each([
    [{}, "The URL of the Worker is not set", 2],
    [{ GLOVEBOX_CLOUDFLARE_URL: "https://glovebox.example.test" }, "The API key of the Worker is not set", 2],
    [{ GLOVEBOX_CLOUDFLARE_URL: "http://example.test", GLOVEBOX_CLOUDFLARE_API_KEY: "a-key" }, "must use https", 2],
    [
      { GLOVEBOX_CLOUDFLARE_URL: "http://127.0.0.1:1", GLOVEBOX_CLOUDFLARE_API_KEY: "a-key" },
      "Cannot reach the Worker",
      3,
    ],
  ])("with %j says what is missing or wrong", async (env, said, code) => {
    await using stage = await setStage({ turns: [] });
    const done = await stage.glovebox(["cloudflare", "status"], { env }).done;
    expect(done).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(said) });
    expect(done.stderr).not.toContain("a-key");
  });

  it("sends the key of one Worker to no other address", async () => {
    await using stage = await setStage({ turns: [] });
    mkdirSync(stage.home, { recursive: true });
    const cloudflare = { url: "https://glovebox.example.test", apiKey: "the-key-of-that-worker" };
    writeFileSync(join(stage.home, "config.json"), JSON.stringify({ providers: { cloudflare } }));
    const done = await stage.glovebox(["cloudflare", "status", "--url", "https://other.example.test"]).done;
    expect(done).toMatchObject({ code: 2, stderr: expect.stringContaining("The API key of the Worker is not set") });
  });
});

describe("glovebox template build --provider cloudflare", () => {
  it("adds the image of a description to the Worker's project, once", async () => {
    await using stage = await setStage({ turns: [] });
    const description = { name: "web", setup: ["touch /etc/web"], files: [{ from: "a.txt", to: "/etc/a.txt" }] };
    writeFileSync(join(stage.directory, "a.txt"), "a\n");
    writeFileSync(join(stage.directory, "glovebox.template.json"), JSON.stringify(description));
    const build = () => stage.glovebox(["template", "build", "--provider", "cloudflare", "--json"]).done;
    const without = await build();
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining("glovebox cloudflare init")]);
    await init(stage);
    const first = await build();
    expect(first.code, first.stderr).toBe(0);
    const { reference, reused } = JSON.parse(first.stdout) as { readonly reference: string; readonly reused: boolean };
    expect(reused).toBe(false);
    const config = readFileSync(file(stage, "wrangler.jsonc"), "utf8");
    expect(config).toContain("// The Worker that manages Glovebox's sandboxes.");
    expect(config).toContain(`"dockerfile": "./image-${reference}/Dockerfile"`);
    const lines = readFileSync(file(stage, `image-${reference}/Dockerfile`), "utf8").split("\n");
    expect(lines[0]).toBe("ARG GLOVEBOX_BASE=glovebox");
    expect(lines.filter((line) => line.startsWith("FROM "))).toEqual([
      `FROM \${BASE} AS glovebox`,
      `FROM \${GLOVEBOX_BASE}`,
    ]);
    expect(existsSync(file(stage, `image-${reference}/files/0/a.txt`))).toBe(true);
    expect(JSON.parse((await build()).stdout)).toMatchObject({ reference, reused: true });
    expect(readFileSync(file(stage, "wrangler.jsonc"), "utf8")).toBe(config);
  });
});
