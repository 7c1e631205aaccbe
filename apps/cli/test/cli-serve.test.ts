import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage, until } from "./support/stage.ts";
import { untilListening } from "./support/team-server.ts";

it("serve is the server's own command line, under this command's name", async () => {
  await using stage = await setStage({ turns: [] });
  const help = await stage.glovebox(["serve", "--help"]).done;
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toMatch(/^Usage: glovebox serve [\s\S]*--no-e2b/);
  const wrong = await stage.glovebox(["serve", "--port", "x"]).done;
  expect(wrong).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("A port is a number") });
});

it("serve answers until it is stopped", async () => {
  await using stage = await setStage({ turns: [] });
  const server = stage.glovebox(["serve", "--no-e2b", "--port", "0"]);
  const said = await new Promise<string>((resolve) =>
    server.process.stdout?.once("data", (text) => resolve(String(text))),
  );
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
  server.process.kill("SIGTERM");
  expect((await server.done).code).toBe(0);
});

it("serve --demo shows a finished run that cost nothing, to who follows its link", { timeout: 300_000 }, async () => {
  await using stage = await setStage({ turns: [] });
  const server = stage.glovebox(["serve", "--demo", "--port", "0"], { env: { ANTHROPIC_API_KEY: undefined } });
  const url = await untilListening(server);
  const stateDir = join(stage.home, "server-demo");
  const env = { GLOVEBOX_SERVER_TOKEN: readFileSync(join(stateDir, "api-key"), "utf8").trim() };
  const listed = () => stage.glovebox(["--server", url, "ps", "--json"], { env }).done;
  await until("the demo run has ended", async () => (await listed()).stdout.includes('"outcome":"succeeded"'), 240_000);
  const [, code = ""] = readFileSync(join(stateDir, "login-link"), "utf8").trim().split("#");
  const login = () =>
    fetch(`${url}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ code }),
    });
  expect((await login()).status).toBe(201);
  expect((await login()).status).toBe(401);
  expect(stage.model.requests).toEqual([]);
  server.process.kill("SIGTERM");
  expect((await server.done).code).toBe(0);
});
