import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";

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
