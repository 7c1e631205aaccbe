import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDockerProvider } from "@glovebox/provider-docker";
import { createScriptedModel } from "@glovebox/scripted-model";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../../../packages", import.meta.url));
const readme = readFileSync(join(packages, "core/README.md"), "utf8");
const programs = [...readme.matchAll(/^```ts\n(import [\s\S]*?)^```$/gm)].map(([, program = ""]) => program);
const model = createScriptedModel({
  script: {
    turns: [
      { text: "A haiku, then.", tools: [{ name: "Write", input: { file_path: "haiku.txt", content: "Gloves\n" } }] },
      { text: "Written." },
    ],
  },
});
let project: string;
let listening: Awaited<ReturnType<typeof model.listen>>;

beforeAll(async () => {
  listening = await model.listen();
  project = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-readme-")));
  mkdirSync(join(project, "node_modules/@glovebox"), { recursive: true });
  for (const name of readdirSync(packages)) {
    symlinkSync(join(packages, name), join(project, "node_modules/@glovebox", name));
  }
});

afterAll(async () => {
  await listening.close();
  rmSync(project, { recursive: true, force: true });
});

/** Runs a program of the README in a project of its own. */
async function runProgram(containing: string): Promise<string> {
  const program = programs.find((text) => text.includes(containing)) ?? "";
  expect(program.split("\n").filter((line) => line !== "")).toHaveLength(5);
  writeFileSync(join(project, "hello.mts"), program);
  const { stdout } = await execa(process.execPath, ["--conditions=@glovebox/source", "hello.mts"], {
    cwd: project,
    env: {
      GLOVEBOX_HOME: join(project, "home"),
      ANTHROPIC_API_KEY: "sk-ant-readme-0000",
      ANTHROPIC_BASE_URL: listening.url,
      ANTHROPIC_AUTH_TOKEN: undefined,
      CLAUDE_CODE_OAUTH_TOKEN: undefined,
    },
    timeout: 300_000,
  });
  return stdout;
}

it("runs a program in a sandbox in five lines, and leaves no sandbox behind", async () => {
  expect(await runProgram("createSandbox")).toBe("Hello from inside");
  const owner = readFileSync(join(project, "home/owner"), "utf8").trim();
  for await (const { id } of createDockerProvider().list({ labels: { "glovebox.owner": owner } }))
    expect(id).toBe("gone");
});

it("runs a prompt in five lines, and brings the files back", async () => {
  const printed = await runProgram("run({");
  expect(printed).toContain("outcome: 'succeeded'");
  expect(printed).toContain("message: 'Written.'");
  const [output = ""] = readdirSync(project).filter((name) => name.startsWith("sandbox-"));
  expect(readFileSync(join(project, output, "haiku.txt"), "utf8")).toBe("Gloves\n");
});
