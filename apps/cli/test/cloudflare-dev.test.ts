import { readdirSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type DevWorker, startDevWorker } from "./support/cloudflare-dev.ts";
import { searchSandbox } from "./support/search-sandbox.ts";
import { type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

describe("glovebox cloudflare dev", { timeout: 400_000 }, () => {
  it("serves runs of the real agent, whose files come back, and Ctrl-C leaves nothing", async () => {
    await using stage = await setStage({
      turns: [
        write("index.html", "<h1>from a container</h1>"),
        bash("while test ! -e searched; do sleep 0.1; done; curl -fsS -m 5 http://example.com || echo shut > shut.txt"),
        say("The page is there."),
      ],
    });
    const tags = await devImages(stage);
    await using worker = await startDevWorker(stage);
    const vars = join(stage.directory, "glovebox-cloudflare/.dev.vars");
    expect(readFileSync(vars, "utf8")).toBe(`GLOVEBOX_API_KEY=${worker.key}\n`);
    expect(statSync(vars).mode & 0o777).toBe(0o600);
    const heard: string[] = [];
    const args = ["--sandbox", "cloudflare", "--prompt", "Build a page", "--yes", "--output", "out", "--json"];
    const running = stage.glovebox([...args, "--network", "sealed"], {
      env: worker.env,
      onEvent: (event) => heard.push(event.type === "tool.start" ? `tool ${event.name}` : event.type),
    });
    await until("the agent works", () => heard.includes("tool Bash"), 180_000);
    const [container] = await sandboxes(worker);
    if (container === undefined) throw new Error("there is no container");
    expect(searchSandbox(container, "from a container")).toContain("/workspace/index.html");
    for (const key of [stage.key, worker.key]) expect(searchSandbox(container, key)).toEqual([]);
    const exec = await stage.docker
      .getContainer(container)
      .exec({ Cmd: ["touch", "/workspace/searched"], User: "1000" });
    await exec.start({ hijack: true });
    for (const path of ["/cdn-cgi/explorer/", "/cdn-cgi/local/explorer/api/do/namespaces", "/cdn-cgi/explorer/api"]) {
      const answer = await fetch(`${worker.url}${path}`);
      expect([path, answer.status >= 400], await answer.text()).toEqual([path, true]);
    }
    const done = await running.done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/index.html")).toBe("<h1>from a container</h1>");
    expect(stage.file("out/shut.txt")).toBe("shut\n");
    expect(heard.indexOf("tool Write")).toBeLessThan(heard.indexOf("run.end"));
    await until("its container is gone", async () => (await sandboxes(worker)).length === 0);
    const status = await stage.glovebox(["cloudflare", "status", "--json"], { env: worker.env }).done;
    expect(JSON.parse(status.stdout)).toMatchObject({ url: worker.url, protocol: 1, images: ["base"], sandboxes: [] });
    worker.command.process.kill("SIGINT");
    expect((await worker.command.done).code).toBe(0);
    await expect(fetch(`${worker.url}/health`)).rejects.toThrow();
    const directories = () => readdirSync(stage.temporary).filter((name) => name.startsWith("glovebox-dev-"));
    await until("what the Worker stored is gone", () => directories().length === 0);
    expect(await devImages(stage)).toEqual(tags);
    expect(readdirSync(stage.temporary).filter((name) => name.startsWith("glovebox"))).toEqual([]);
  });

  it("does not outlive the command, however that ends", async () => {
    await using stage = await setStage({ turns: [] });
    await using worker = await startDevWorker(stage);
    const body = JSON.stringify({ idempotencyKey: "a-key-of-this-test", ttlMs: 60_000 });
    const headers = { authorization: `Bearer ${worker.key}` };
    // As the provider does it: a key that is asked for again finds what it made.
    let answer = new Response();
    await until("a sandbox is made", async () => {
      answer = await fetch(`${worker.url}/v1/sandboxes`, { method: "POST", headers, body });
      return answer.ok;
    });
    const { sandbox } = (await answer.json()) as { readonly sandbox: { readonly id: string } };
    expect(await sandboxes(worker)).toHaveLength(1);
    const snapshot = await fetch(`${worker.url}/v1/sandboxes/${sandbox.id}/snapshot`, { method: "POST", headers });
    expect(snapshot.status).toBe(200);
    worker.command.process.kill("SIGKILL");
    await until("its containers are gone", async () => (await worker.containers()).length === 0);
    await expect(fetch(`${worker.url}/health`)).rejects.toThrow();
    const directories = () => readdirSync(stage.temporary).filter((name) => name.startsWith("glovebox-dev-"));
    await until("what the Worker stored is gone", () => directories().length === 0);
    const left = { label: [`glovebox.cloudflare.session=${hostname()}/${worker.command.process.pid}`] };
    const images = async () => (await stage.docker.listImages({ filters: left })).length;
    // The sandbox's, the network proxy's and the snapshot.
    expect(await images()).toBe(3);
    // The next session removes what a killed one had no time for.
    await using _ = await startDevWorker(stage);
    expect(await images()).toBe(0);
  });

  it("ends a sandbox that still runs when it is ended itself", async () => {
    await using stage = await setStage({ turns: [bash("sleep 300")] });
    await using worker = await startDevWorker(stage);
    let works = false;
    const running = stage.glovebox(["run", "Try", "--provider", "cloudflare", "--output", "out", "--json"], {
      env: worker.env,
      onEvent: (event) => {
        works ||= event.type === "tool.start";
      },
    });
    await until("the agent works", () => works, 180_000);
    worker.command.process.kill("SIGTERM");
    expect((await worker.command.done).code).toBe(0);
    expect(await worker.containers()).toEqual([]);
    const done = await running.done;
    // The agent may get to its end while everything around it ends; then it is the files that are missing.
    expect([4, 5]).toContain(done.code);
  });
});

/** Without what the runtime puts beside each. */
async function sandboxes(worker: DevWorker): Promise<readonly string[]> {
  return (await worker.containers()).filter((id) => !id.startsWith("proxy"));
}

async function devImages({ docker }: Stage): Promise<string[]> {
  const images = await docker.listImages();
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith("cloudflare-dev/"));
}
