import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Done, type Stage, setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

const description = `
name: web
files:
  - { from: conf, to: /etc/web }
setup:
  - echo "built for $STAGE" > /etc/web/stage
env:
  STAGE: test
start:
  command: echo starting; exec python3 -m http.server 3000 --bind 127.0.0.1
  ready: { port: 3000 }
  timeout: 30s
`;

function describe(stage: Stage, text = description): void {
  mkdirSync(join(stage.directory, "conf"), { recursive: true });
  writeFileSync(join(stage.directory, "conf/app.toml"), "port = 3000\n");
  writeFileSync(join(stage.directory, "glovebox.template.yaml"), text);
}

function succeeded({ code, stderr, stdout }: Done): Done {
  expect(code, `${stderr}\n${stdout}`).toBe(0);
  return { code, stderr, stdout } as Done;
}

async function build(stage: Stage, ...args: string[]) {
  const { stdout } = succeeded(await stage.glovebox(["template", "build", ...args, "--json"]).done);
  return JSON.parse(stdout.trim()) as { readonly id: string; readonly reference: string; readonly reused: boolean };
}

it("builds a description once, and gives any change another name", async () => {
  await using stage = await setStage({ turns: [] });
  describe(stage);
  const first = await build(stage);
  const again = await build(stage);
  expect(again).toMatchObject({ id: first.id, reference: first.reference, reused: true });
  writeFileSync(join(stage.directory, "conf/app.toml"), "port = 3001\n");
  const other = await build(stage);
  expect(other.id).toMatch(/^web-[0-9a-f]{12}$/);
  expect(other.id).not.toBe(first.id);
  expect(other.reference).not.toBe(first.reference);

  const { stdout } = succeeded(await stage.glovebox(["template", "list", "--json"]).done);
  const listed = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; sizeBytes: number; usedBy: string[] });
  expect(listed.map(({ id }) => id)).toEqual([other.id, first.id]);
  expect(listed[0]).toMatchObject({ usedBy: [], sizeBytes: expect.any(Number) });
  const shown = succeeded(await stage.glovebox(["template", "inspect", "web"]).done).stdout;
  expect(shown).toContain(other.reference);
  expect(shown).toContain("built for $STAGE");

  succeeded(await stage.glovebox(["template", "remove", first.id, other.id]).done);
  for (const { reference } of [first, other]) {
    await expect(stage.docker.getImage(reference).inspect()).rejects.toMatchObject({ statusCode: 404 });
  }
  // The build contexts are gone with their templates.
  expect(readdirSync(join(stage.home, "templates"))).toEqual([]);
});

it("runs the agent in a template with its files, its environment and its start command", async () => {
  await using stage = await setStage({
    turns: [
      bash(
        "cat /etc/web/app.toml /etc/web/stage; echo $STAGE; curl -s -o page.html -w '%{http_code}' http://127.0.0.1:3000/",
      ),
      say("Done."),
    ],
  });
  describe(stage);
  const run = await stage.glovebox(["run", "Look", "--template", "glovebox.template.yaml", "--output", "out", "--json"])
    .done;
  expect(run.code, run.stderr).toBe(0);
  const [look] = run.events.filter((event) => event.type === "tool.end");
  expect(look).toMatchObject({ status: "ok", output: "port = 3000\nbuilt for test\ntest\n200" });
  expect(existsSync(join(stage.directory, "out/page.html"))).toBe(true);

  const unknown = await stage.glovebox(["run", "Look", "--template", "wep"]).done;
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("glovebox template build")]);
  const { id } = await build(stage);
  const kept = await stage.glovebox(["run", "Look", "--template", "web", "--keep", "--output", "kept", "--json"]).done;
  expect(kept.code, kept.stderr).toBe(0);
  const refused = await stage.glovebox(["template", "remove", "web"]).done;
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("is in use by")]);
  succeeded(await stage.glovebox(["template", "remove", id, "--force"]).done);
});

it("ends the run before the agent starts when the start command fails or is not ready in time", async () => {
  await using stage = await setStage({ turns: [say("Done.")] });
  const start = (text: string) => describe(stage, `name: web\nstart:\n${text}`);
  start("  command: echo no database here >&2; exit 7\n  ready: { file: /tmp/ready }\n");
  const failed = await stage.glovebox(["run", "Look", "--template", "./glovebox.template.yaml", "--output", "a"]).done;
  expect(failed.code).toBe(4);
  expect(failed.stderr).toContain("The start command failed: exit code 7");
  expect(failed.stderr).toContain("no database here");
  start("  command: echo waiting; sleep 60\n  ready: { command: test -e /tmp/ready }\n  timeout: 500ms\n");
  const slow = await stage.glovebox(["run", "Look", "--template", "./glovebox.template.yaml", "--output", "b"]).done;
  expect(slow.code).toBe(4);
  expect(slow.stderr).toContain("not ready within 0.5 s: `test -e /tmp/ready` does not exit with 0");
  expect(slow.stderr).toContain("waiting");
  expect(stage.model.requests).toEqual([]);
  expect(await stage.containers()).toEqual([]);
});
