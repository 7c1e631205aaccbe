import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEngine, ensureEngine, resolveEngineEndpoint } from "../src/index.ts";

/**
 * Runs a module in a world of its own (processes, network, mounts, an empty /run and store), in which no engine is
 * there yet, and gives what it printed as JSON lines.
 */
async function inEmptyWorld(prelude: string, body: string): Promise<readonly unknown[]> {
  const index = fileURLToPath(new URL("../src/index.ts", import.meta.url));
  const script = join(directory, "script.mts");
  await writeFile(script, `import { ensureEngine, stopEngine } from ${JSON.stringify(index)};\n${body}`);
  const world = [
    "ip link set lo up",
    "mount -t tmpfs tmpfs /run",
    "mount -t tmpfs tmpfs /var/lib/docker",
    prelude,
    // Not in the shell's place: as the first process of this world it has to see its orphans off.
    `${process.execPath} --conditions=@glovebox/source ${script}; true`,
  ].join("; ");
  const isolated = ["--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc"];
  const env = {
    DOCKER_HOST: undefined,
    DOCKER_CONTEXT: undefined,
    DOCKER_CONFIG: directory,
    ANTHROPIC_API_KEY: "sk-not-for-engines",
  };
  const { stdout } = await execa("unshare", [...isolated, "sh", "-ec", world], { env, stderr: "inherit" });
  return stdout.split("\n").map((line) => JSON.parse(line));
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "glovebox-install-"));
});
afterAll(() => rm(directory, { recursive: true }));

describe("preparing an engine", () => {
  it("asks nothing and starts nothing where one answers", async () => {
    const consent = () => Promise.reject(new Error("it asked"));
    expect(await ensureEngine({ consent })).toEqual({ started: false, installed: false });
  });

  it("says where it looked, and asks nothing, where a user's own choice of engine does not answer", async () => {
    const endpoint = await resolveEngineEndpoint({ host: "unix:///nowhere/docker.sock" });
    const error = await ensureEngine({ endpoint, consent: () => Promise.resolve(true) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("unix:///nowhere/docker.sock"),
    });
  });

  it("starts one with consent, finds it again, and stops what it started, with nothing left", async () => {
    const said = await inEmptyWorld(
      // What a machine that lost its power leaves: pid files whose numbers belong to others.
      "mkdir -p /run/docker/containerd; echo 1 > /run/docker.pid; echo $$ > /run/docker/containerd/containerd.pid",
      `
      import { readdirSync, readFileSync } from "node:fs";
      const programs = () => readdirSync("/proc").filter((name) => /^\\d+$/.test(name))
        .map((pid) => { try { return readFileSync(\`/proc/\${pid}/comm\`, "utf8").trim(); } catch { return ""; } })
        .filter((name) => /dockerd|containerd/.test(name)).sort();
      const print = (value) => console.log(JSON.stringify(value));
      print(await ensureEngine({ consent: async () => false }).catch((error) => error.code));
      let asked = 0;
      const consent = async () => { asked++; return true; };
      print(await Promise.all([ensureEngine({ consent }), ensureEngine({ consent })]));
      print([await ensureEngine({ consent }), asked, programs()]);
      const [pid] = readFileSync("/run/glovebox-engine/engine", "utf8").split(" ");
      print(readFileSync(\`/proc/\${pid}/environ\`, "utf8").includes("sk-not-for-engines"));
      print([await stopEngine(), programs()]);
      print(readdirSync("/run", { recursive: true }).filter((name) => /\\.(sock|pid|ttrpc)$|glovebox/.test(name)));
      print(await stopEngine());
      `,
    );
    expect(said).toEqual([
      "unavailable",
      [
        { started: true, installed: false },
        { started: true, installed: false },
      ],
      [{ started: false, installed: false }, 2, ["containerd", "dockerd"]],
      false,
      [{ stopped: true }, []],
      [],
      { stopped: false },
    ]);
  });

  it("leaves an engine alone whose number in the state is another process's", async () => {
    const said = await inEmptyWorld(
      "mkdir -p /run/glovebox-engine; echo '1 12345 some-other-boot' > /run/glovebox-engine/engine",
      `console.log(JSON.stringify(await stopEngine()));`,
    );
    expect(said).toEqual([{ stopped: false }]);
  });

  it("tells the end of the engine's log when it does not come up", async () => {
    const said = await inEmptyWorld(
      "mkdir -p /etc/docker; mount -t tmpfs tmpfs /etc/docker; echo '{ \"no-such-option\": 1 }' > /etc/docker/daemon.json",
      `console.log(JSON.stringify(await ensureEngine({ consent: async () => true }).catch((error) => error.message)));`,
    );
    expect(said).toEqual([expect.stringMatching(/ended at once\n.*no-such-option/s)]);
  });

  it("leaves this machine's engine as it is", async () => {
    const engine = createEngine(await resolveEngineEndpoint());
    expect(String(await engine.ping())).toBe("OK");
  });
});
