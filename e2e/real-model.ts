// One run against the model's real API. Spends a little money: runs only with GLOVEBOX_E2E=1.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownerLabel } from "../packages/core/src/provider/index.ts";
import { createDockerProvider } from "../packages/provider-docker/src/index.ts";

const variables = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];
const variable = variables.find((name) => process.env[name]);
const credential = process.env[variable ?? ""];
const { env } = process;
assert(env.GLOVEBOX_E2E === "1", "It calls a real API: set GLOVEBOX_E2E=1 to say that you want it");
assert(variable !== undefined && credential !== undefined, `Set one of ${variables.join(", ")}`);

const directory = mkdtempSync(join(tmpdir(), "glovebox-e2e-"));
const home = join(directory, "home");
try {
  const command = fileURLToPath(new URL("../tooling/glovebox", import.meta.url));
  const prompt = "Write the single word ready into the file answer.txt, without a line end, and stop.";
  const args = ["run", prompt, "--output", join(directory, "out"), "--max-turns", "5", "--max-budget-usd", "0.25"];
  const done = spawnSync(command, args, {
    cwd: directory,
    env: { ...env, GLOVEBOX_HOME: home, INIT_CWD: directory },
    encoding: "utf8",
  });
  process.stdout.write(done.stdout + done.stderr);
  assert.equal(done.status, 0);
  assert.equal(readFileSync(join(directory, "out/answer.txt"), "utf8").trim(), "ready");
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const path = join(directory, name);
    if (statSync(path).isFile()) assert(!readFileSync(path).includes(credential), `${name} holds the credential`);
  }
  assert(!(done.stdout + done.stderr).includes(credential), "the output holds the credential");
  const owner = readFileSync(join(home, "owner"), "utf8").trim();
  for await (const { id } of createDockerProvider().list({ labels: { [ownerLabel]: owner } }))
    assert.fail(`${id} is left`);
  process.stdout.write(`\nWith ${variable}: as it should be\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
