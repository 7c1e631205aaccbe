import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import type { RunEvent } from "@glovebox/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "../../../packages/provider-cloudflare/test/support/start-worker.ts";
import { searchSandbox } from "./support/search-sandbox.ts";
import { silentWay } from "./support/silent-way.ts";
import { setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

let worker: RunningWorker;

beforeAll(async () => {
  worker = await startWorker();
}, 300_000);

afterAll(() => worker[Symbol.asyncDispose]());

function where(): Record<string, string> {
  return { GLOVEBOX_CLOUDFLARE_URL: worker.url, GLOVEBOX_CLOUDFLARE_API_KEY: worker.apiKey };
}

/** What this machine needs to reach its npm registry. */
function wayToRegistry(): Record<string, string | undefined> {
  const { npm_config_registry, NODE_EXTRA_CA_CERTS } = process.env;
  return { npm_config_registry, NODE_EXTRA_CA_CERTS };
}

/** The containers of sandboxes, without those of the runtime's own beside them. */
async function sandboxContainers(): Promise<string[]> {
  const found = await worker.engine.listContainers({ filters: { name: [worker.name] } });
  return found.filter(({ Names }) => !Names.some((name) => name.endsWith("-proxy"))).map(({ Id }) => Id);
}

async function listed(): Promise<unknown[]> {
  const answer = await worker.fetch("/v1/sandboxes");
  return ((await answer.json()) as { sandboxes: unknown[] }).sandboxes;
}

/** A way to the Worker whose connections can be cut. */
async function wayToWorker(url: string): Promise<Disposable & { readonly url: string; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((inner) => {
    const outer = connect(Number(new URL(url).port), "127.0.0.1");
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    inner.pipe(outer).pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    [Symbol.dispose]() {
      cut();
      server.close();
    },
  };
}

describe("glovebox run --provider cloudflare", () => {
  it("streams, brings the files back and leaves nothing", { timeout: 300_000 }, async () => {
    await using stage = await setStage({
      turns: [
        write("hello.txt", "from a container"),
        bash("uname -s > system.txt; mkdir -p deep/er; echo x > deep/er/x"),
        say("Done."),
      ],
    });
    const heard: string[] = [];
    const done = await stage.glovebox(
      ["run", "Write a file", "--provider", "cloudflare", "--output", "out", "--json"],
      {
        env: where(),
        onEvent: (event) => heard.push(event.type),
      },
    ).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/hello.txt")).toBe("from a container");
    expect(stage.file("out/system.txt")).toBe("Linux\n");
    expect(stage.file("out/deep/er/x")).toBe("x\n");
    expect(heard).toEqual(expect.arrayContaining(["sandbox.created", "tool.start", "run.end"]));
    expect(stage.result().cleanup.state).toBe("clean");
    expect(await listed()).toEqual([]);
    expect(await sandboxContainers()).toEqual([]);
    const turn = stage.model.requests.find((request) => request.kind === "turn");
    expect(turn?.headers["x-api-key"], "the model is given the key outside").toBe(stage.key);
    for (const text of [done.stdout, done.stderr]) {
      expect(text).not.toContain(stage.key);
      expect(text).not.toContain(worker.apiKey);
    }
  });

  it("has neither the model's key nor the Worker's inside", { timeout: 300_000 }, async () => {
    await using stage = await setStage({
      turns: [
        write("planted.txt", "needle-in-the-workspace"),
        bash("while test ! -e searched; do sleep 0.1; done"),
        say("Done."),
      ],
    });
    let working = false;
    const onEvent = (event: RunEvent) => {
      working ||= event.type === "tool.start" && event.name === "Bash";
    };
    const args = ["run", "Try", "--provider", "cloudflare", "--output", "out", "--json"];
    const running = stage.glovebox(args, { env: where(), onEvent });
    await until("the agent works", () => working, 120_000);
    const [container] = await sandboxContainers();
    if (container === undefined) throw new Error("there is no container");
    expect(searchSandbox(container, "needle-in-the-workspace")).toContain("/workspace/planted.txt");
    for (const key of [stage.key, worker.apiKey]) expect(searchSandbox(container, key)).toEqual([]);
    const exec = await worker.engine
      .getContainer(container)
      .exec({ Cmd: ["touch", "/workspace/searched"], User: "1000" });
    await exec.start({ hijack: true });
    const done = await running.done;
    expect(done.code, done.stderr).toBe(0);
  });

  it("puts the agent into an image without one, once", { timeout: 600_000 }, async () => {
    await using stage = await setStage({ turns: [bash("command -v claude > where.txt"), say("Done.")] });
    const run = (output: string) =>
      stage.glovebox(["run", "Try", "--provider", "cloudflare", "--image", "bare", "--output", output], {
        env: { ...wayToRegistry(), ...where() },
      }).done;
    const [first, second] = [await run("first"), await run("second")];
    expect([first.code, second.code], first.stderr + second.stderr).toEqual([0, 0]);
    expect(first.stderr).toContain("installing @anthropic-ai/claude-code");
    expect(second.stderr).not.toContain("installing");
    expect(stage.file("second/where.txt")).toBe("/home/agent/.npm-global/bin/claude\n");
    expect(await listed()).toEqual([]);
  });

  it("continues where connections drop, as a deploy of the Worker drops them", { timeout: 300_000 }, async () => {
    await using stage = await setStage({
      turns: [write("a.txt", "a"), bash("sleep 3; echo after > after.txt"), say("Done.")],
    });
    using way = await wayToWorker(worker.url);
    const done = await stage.glovebox(["run", "Try", "--provider", "cloudflare", "--output", "out", "--json"], {
      env: { ...where(), GLOVEBOX_CLOUDFLARE_URL: way.url },
      onEvent: (event) => {
        if (event.type === "tool.start" && event.name === "Bash") way.cut();
      },
    }).done;
    expect(done.events).toContainEqual(expect.objectContaining({ type: "warning", code: "reconnecting" }));
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/after.txt")).toBe("after\n");
    expect(await listed()).toEqual([]);
  });

  it("says what is wrong with a key or an address", async () => {
    await using stage = await setStage({ turns: [] });
    const other = createServer((_request, response) => response.end("<h1>Welcome</h1>"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const run = async (env: Record<string, string>) =>
      stage.glovebox(["run", "Try", "--provider", "cloudflare"], { env }).done;
    const [none, wrongKey, wrongPlace] = [
      await run({}),
      await run({ ...where(), GLOVEBOX_CLOUDFLARE_API_KEY: "another-key" }),
      await run({ ...where(), GLOVEBOX_CLOUDFLARE_URL: elsewhere }),
    ];
    expect(none.stderr).toContain("GLOVEBOX_CLOUDFLARE_URL");
    expect(wrongKey.stderr).toContain("GLOVEBOX_CLOUDFLARE_API_KEY must be the key");
    expect(wrongPlace.stderr).toContain("does not come from a Glovebox Worker");
    for (const { code, stderr } of [none, wrongKey, wrongPlace]) {
      expect(code).not.toBe(0);
      expect(stderr).not.toContain("another-key");
    }
    other.close();
  });
});

it("a run whose process was killed is brought back by its own provider, and another one's reap says where it was", async () => {
  await using stage = await setStage({ turns: [write("made.txt", "made"), bash("sleep 300")] });
  const killed = stage.glovebox(["run", "Try", "--provider", "cloudflare", "--output", "out", "--json"], {
    env: where(),
    onEvent: (event, { process }) => {
      if (event.type === "tool.start" && event.name === "Bash") process.kill("SIGKILL");
    },
  });
  await killed.done;
  expect((await stage.glovebox(["reap"]).done).stderr).toMatch(/^\S+ ran on cloudflare, not on docker: /m);
  const reaped = await stage.glovebox(["reap", "1"], { env: where() }).done;
  expect(reaped.code, reaped.stderr).toBe(0);
  expect(stage.file("out/made.txt")).toBe("made");
  expect(await listed()).toEqual([]);
});

describe.concurrent("a Worker that accepts connections and says nothing", () => {
  it("ends the run after two Ctrl-C, which says what is left; reap removes it later", {
    timeout: 400_000,
  }, async () => {
    await using stage = await setStage({ turns: [write("kept.txt", "kept"), bash("sleep 1000")] });
    using way = await silentWay(worker.url);
    const done = await stage.glovebox(["run", "Try", "--provider", "cloudflare", "--output", "out", "--json"], {
      env: { ...where(), GLOVEBOX_CLOUDFLARE_URL: way.url },
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
    const reaped = await stage.glovebox(["reap", "1"], { env: where() }).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(stage.file("out/kept.txt")).toBe("kept");
    expect(await listed()).toEqual([]);
  });

  it("ends the run with what failed, where it never answered", { timeout: 400_000 }, async () => {
    await using stage = await setStage({ turns: [] });
    using way = await silentWay(worker.url);
    way.freeze();
    const done = await stage.glovebox(["run", "Try", "--provider", "cloudflare"], {
      env: { ...where(), GLOVEBOX_CLOUDFLARE_URL: way.url },
    }).done;
    expect([3, 4], done.stderr).toContain(done.code);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(done.stderr).toMatch(/Cloudflare Worker timed out/);
  });
});
