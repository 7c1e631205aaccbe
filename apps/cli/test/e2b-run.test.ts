import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import type { RunEvent } from "@glovebox/core";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningGateway, startGateway } from "../../../packages/provider-e2b/test/start-gateway.ts";
import { writeCatalog } from "./support/catalog.ts";
import { searchSandbox } from "./support/search-sandbox.ts";
import { everyApi, script, shell, writeRows } from "./support/several-agents.ts";
import { silentWay } from "./support/silent-way.ts";
import { type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

/** E2B's rules know no ports: where the model stands that sandboxes reach. */
const modelAddress = "127.77.1.1";

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway({ privateHosts: [`${modelAddress}:80`] });
  // As a user does once: every later run finds it.
  await using stage = await setStage({ turns: [] });
  const built = await stage.glovebox(["template", "build", "--provider", "e2b"], { env: where() }).done;
  expect(built.code, built.stderr).toBe(0);
  expect(built.stdout).toContain("was built");
}, 900_000);

afterAll(() => gateway[Symbol.asyncDispose]());

function where(): Record<string, string> {
  return { E2B_API_URL: gateway.url, E2B_SANDBOX_URL: gateway.url, E2B_API_KEY: gateway.apiKey };
}

/** The stage's model at an address of its own and at port 80. */
async function modelAtPort80(stage: Stage): Promise<AsyncDisposable> {
  const { hostname, port } = new URL(stage.modelUrl);
  const server = createServer((socket) => {
    const model = connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, model],
      [model, socket],
    ] as const) {
      one.on("error", () => other.destroy()).pipe(other);
    }
  }).listen(80, modelAddress);
  await once(server, "listening");
  return { [Symbol.asyncDispose]: async () => void server.close() };
}

const env = (): Record<string, string> => ({ ...where(), ANTHROPIC_BASE_URL: `http://${modelAddress}` });

/** The containers behind the gateway's sandboxes that run. */
async function gatewayContainers(): Promise<string[]> {
  const ids = (await listed()).map(({ sandboxID }) => sandboxID);
  const found = await new Docker().listContainers({ filters: { label: ["glovebox.owner"] } });
  return found.filter(({ Labels }) => ids.some((id) => JSON.stringify(Labels).includes(id))).map(({ Id }) => Id);
}

async function listed(): Promise<{ readonly sandboxID: string }[]> {
  const answer = await fetch(`${gateway.url}/v2/sandboxes`, { headers: { "x-api-key": gateway.apiKey } });
  return (await answer.json()) as { sandboxID: string }[];
}

describe("glovebox run --provider e2b", () => {
  it("streams, uses components, brings the files back and leaves nothing", { timeout: 300_000 }, async () => {
    await using stage = await setStage({
      turns: [
        write("hello.txt", "from a sandbox"),
        bash("id -un > who.txt; mkdir -p deep/er; echo x > deep/er/x; sudo -n true || echo no sudo > sudo.txt"),
        say("Done."),
      ],
    });
    await using _model = await modelAtPort80(stage);
    writeCatalog(join(stage.directory, "catalog"));
    const heard: string[] = [];
    const components = ["--components-source", "house=./catalog", "--agent", "house:dev/reviewer"];
    const done = await stage.glovebox(["run", "Write a file", "--provider", "e2b", "--json", ...components], {
      env: env(),
      onEvent: (event) => heard.push(event.type),
    }).done;
    expect(done.code, done.stderr).toBe(0);
    const { runId } = stage.result();
    expect(stage.file(`sandbox-${runId}/hello.txt`)).toBe("from a sandbox");
    expect(stage.file(`sandbox-${runId}/who.txt`)).toBe("agent\n");
    expect(stage.file(`sandbox-${runId}/deep/er/x`)).toBe("x\n");
    expect(stage.file(`sandbox-${runId}/sudo.txt`)).toBe("no sudo\n");
    expect(heard).toEqual(expect.arrayContaining(["sandbox.created", "tool.start", "run.end"]));
    expect(done.events.find((event) => event.type === "harness.session")).toMatchObject({
      agents: expect.arrayContaining(["reviewer"]),
    });
    expect(stage.result().cleanup.state).toBe("clean");
    expect(await listed()).toEqual([]);
    const turn = stage.model.requests.find((request) => request.kind === "turn");
    expect(turn?.headers["x-api-key"], "the model is given the key outside").toBe(stage.key);
    for (const text of [done.stdout, done.stderr]) {
      expect(text).not.toContain(stage.key);
      expect(text).not.toContain(gateway.apiKey);
    }
  });

  it("runs three agents beside each other, each in its own template", { timeout: 900_000 }, async () => {
    await using stage = await setStage(script([shell("echo made > made.txt; env"), { text: "Done." }]));
    await using _model = await modelAtPort80(stage);
    const all = { ...env(), ...everyApi(stage, `http://${modelAddress}`) };
    for (const harness of ["codex", "gemini"]) {
      const built = await stage.glovebox(["template", "build", "--provider", "e2b", "--harness", harness], { env: all })
        .done;
      expect(built.code, built.stderr).toBe(0);
    }
    const models = { "claude-code": "claude-sonnet-5", codex: "gpt-6.1-sol", gemini: "gemini-2.5-pro" };
    writeRows(
      stage,
      Object.entries(models).map(([harness, model]) => ({ harness, model })),
    );
    const args = ["batch", "batch.json", "--provider", "e2b", "--trust-file", "--concurrency", "3", "--output", "out"];
    const done = await stage.glovebox([...args, "--json"], { env: all }).done;
    expect(done.code, done.stdout + done.stderr).toBe(0);
    for (const harness of Object.keys(models)) expect(stage.file(`out/${harness}/made.txt`)).toBe("made\n");
    // The model accepts the real key only, and the sandboxes do not have it.
    expect(done.stdout + done.stderr).not.toContain(stage.key);
    expect(await listed()).toEqual([]);
  });

  it("continues there what ran on Docker, and on Docker what ran there", { timeout: 300_000 }, async () => {
    await using stage = await setStage({
      turns: [
        write("one.txt", "on docker"),
        say("One."),
        bash("cat one.txt > two.txt; echo e2b >> two.txt"),
        say("Two."),
        bash("cat two.txt > three.txt"),
        say("Three."),
      ],
    });
    await using _model = await modelAtPort80(stage);
    const run = (...args: string[]) => stage.glovebox(args, { env: env() }).done;
    const results: unknown[] = [];
    for (const args of [
      ["run", "Begin", "--provider", "docker"],
      ["resume", "1", "Continue", "--provider", "e2b"],
      ["resume", "1", "End", "--provider", "docker"],
    ]) {
      const done = await run(...args);
      expect(done.code, done.stderr).toBe(0);
      results.push(stage.result().providerId);
    }
    expect(results).toEqual(["docker", "e2b", "docker"]);
    expect(stage.file(`sandbox-${stage.result().runId}/three.txt`)).toBe("on dockere2b\n");
    expect(await listed()).toEqual([]);
  });

  it("has neither the model's key nor E2B's inside", { timeout: 300_000 }, async () => {
    await using stage = await setStage({
      turns: [
        write("planted.txt", "needle-in-the-workspace"),
        bash("while test ! -e searched; do sleep 0.1; done"),
        say("Done."),
      ],
    });
    await using _model = await modelAtPort80(stage);
    let working = false;
    const onEvent = (event: RunEvent): void => {
      working ||= event.type === "tool.start" && event.name === "Bash";
    };
    const running = stage.glovebox(["run", "Try", "--provider", "e2b", "--output", "out", "--json"], {
      env: env(),
      onEvent,
    });
    await until("the agent works", () => working, 120_000);
    const [container] = await gatewayContainers();
    if (container === undefined) throw new Error("there is no container");
    expect(searchSandbox(container, "needle-in-the-workspace")).toContain("/workspace/planted.txt");
    for (const key of [stage.key, gateway.apiKey]) expect(searchSandbox(container, key)).toEqual([]);
    const exec = await stage.docker
      .getContainer(container)
      .exec({ Cmd: ["touch", "/workspace/searched"], User: "1000" });
    await exec.start({ hijack: true });
    const done = await running.done;
    expect(done.code, done.stderr).toBe(0);
  });

  it("builds a described template, runs in it with its start command, and removes it", {
    timeout: 400_000,
  }, async () => {
    const look =
      "cat /etc/web/app.toml /etc/web/stage; echo $STAGE; curl -s -o /dev/null -w '%{http_code}' 127.0.0.1:3000/";
    await using stage = await setStage({ turns: [bash(look), say("Done.")] });
    await using _model = await modelAtPort80(stage);
    mkdirSync(join(stage.directory, "conf"));
    writeFileSync(join(stage.directory, "conf/app.toml"), "port = 3000\n");
    const description = {
      name: "web",
      files: [{ from: "conf", to: "/etc/web" }],
      setup: ['echo "built for  $STAGE" > /etc/web/stage'],
      env: { STAGE: "test" },
      start: { command: "exec python3 -m http.server 3000 --bind 127.0.0.1", ready: { port: 3000 } },
    };
    writeFileSync(join(stage.directory, "glovebox.template.json"), JSON.stringify(description));
    const at = ["--provider", "e2b"];
    const built = await stage.glovebox(["template", "build", ...at, "--json"], { env: env() }).done;
    expect(built.code, built.stderr).toBe(0);
    const { id, reference } = JSON.parse(built.stdout) as { readonly id: string; readonly reference: string };
    const run = await stage.glovebox(["run", "Look", ...at, "--template", "web", "--output", "out", "--json"], {
      env: env(),
    }).done;
    expect(run.code, run.stderr).toBe(0);
    const [seen] = run.events.filter((event) => event.type === "tool.end");
    expect(seen).toMatchObject({ status: "ok", output: "port = 3000\nbuilt for  test\ntest\n200" });
    const listed = await stage.glovebox(["template", "list", "--json"], { env: env() }).done;
    expect(JSON.parse(listed.stdout)).toMatchObject({ id, provider: "e2b", reference, usedBy: [] });
    const removed = await stage.glovebox(["template", "remove", id], { env: env() }).done;
    expect(removed.code, removed.stderr).toBe(0);
    const left = await fetch(`${gateway.url}/templates`, { headers: { "x-api-key": gateway.apiKey } });
    expect(await left.text()).not.toContain(reference);
  });

  it("says what is wrong with the key, and warns of one on the command line", async () => {
    await using stage = await setStage({ turns: [] });
    const run = async (args: string[], variables: Record<string, string>) =>
      stage.glovebox(["doctor", "--provider", "e2b", ...args], { env: variables }).done;
    const [none, wrong, flagged] = [
      await run([], { E2B_API_URL: gateway.url }),
      await run([], { ...where(), E2B_API_KEY: "e2b_another" }),
      await run(["--e2b-api-key", gateway.apiKey], { E2B_API_URL: gateway.url }),
    ];
    expect([none.code, wrong.code, flagged.code]).toEqual([3, 3, 0]);
    expect(none.stdout).toContain("E2B_API_KEY");
    expect(wrong.stdout).toContain("refused the API key");
    expect(flagged.stderr).toContain("--e2b-api-key is visible");
    for (const { stdout, stderr } of [none, wrong, flagged])
      expect(stdout + stderr).not.toMatch(/e2b_(another|[0-9a-f]{40})/);
  });
});

describe("an E2B that accepts connections and says nothing", () => {
  it("ends the run after two Ctrl-C, which says what is left; reap removes it later", {
    timeout: 400_000,
  }, async () => {
    await using stage = await setStage({ turns: [write("kept.txt", "kept"), bash("sleep 1000")] });
    await using _model = await modelAtPort80(stage);
    using way = await silentWay(gateway.url);
    const done = await stage.glovebox(["run", "Try", "--provider", "e2b", "--output", "out", "--json"], {
      env: { ...env(), E2B_API_URL: way.url, E2B_SANDBOX_URL: way.url },
      onEvent: (event, { process }) => {
        if (event.type !== "tool.start" || event.name !== "Bash") return;
        way.freeze();
        process.kill("SIGINT");
        // Past the time in which two signals are taken for one.
        setTimeout(() => process.kill("SIGINT"), 200);
      },
    }).done;
    expect(done.code, done.stderr).toBe(130);
    expect(stage.result()).toMatchObject({ outcome: "cancelled", cleanup: { state: "left" } });
    expect(done.events.at(-1)).toMatchObject({ type: "run.end" });
    const reaped = await stage.glovebox(["reap", "1"], { env: env() }).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(stage.file("out/kept.txt")).toBe("kept");
    expect(await listed()).toEqual([]);
  });

  it("ends the run with what failed, where it never answered", { timeout: 400_000 }, async () => {
    await using stage = await setStage({ turns: [] });
    using way = await silentWay(gateway.url);
    way.freeze();
    const done = await stage.glovebox(["run", "Try", "--provider", "e2b"], {
      env: { ...env(), E2B_API_URL: way.url, E2B_SANDBOX_URL: way.url },
    }).done;
    expect([3, 4], done.stderr).toContain(done.code);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(done.stderr).toMatch(/E2B took longer than \d+ s/);
  });
});
