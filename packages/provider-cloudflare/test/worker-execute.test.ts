import { createScriptedModel, type ScriptedModel } from "@glovebox/scripted-model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "./support/start-worker.ts";
import { WorkerClient } from "./support/worker-client.ts";

interface Answer {
  readonly success: boolean;
  readonly question: string;
  readonly code: string;
  readonly output: string;
  readonly error: string;
  readonly exitCode: number;
  readonly files: readonly { readonly path: string; readonly content: string; readonly encoding: string }[];
  readonly omitted: readonly string[];
}

const key = "sk-ant-api03-the-real-one";
const look = "env > env.txt; cat /proc/*/environ /proc/*/cmdline > processes.txt 2>/dev/null; exit 0";
const tries = [
  "curl -s -o /dev/null -w '%{http_code}\\n' http://192.0.2.1/v1/models",
  "curl -s -o /dev/null -w '%{http_code}\\n' -X POST http://192.0.2.1/v1/files",
  "curl -s -o /dev/null -w '%{http_code}\\n' -X DELETE http://192.0.2.1/v1/messages",
  "curl -s -o /dev/null -w '%{http_code}\\n' -X POST http://192.0.2.1/v1/../v1/organizations",
  "curl -s -m 5 -o /dev/null -w '%{http_code}\\n' https://api.anthropic.com/",
  "curl -s -m 5 -o /dev/null -w '%{http_code}\\n' http://example.com/",
].join("; ");

describe("POST /execute", () => {
  let model: ScriptedModel;
  let closeModel: () => Promise<void>;
  let worker: RunningWorker;
  let client: WorkerClient;
  beforeAll(async () => {
    model = createScriptedModel({
      expectKey: key,
      script: {
        turns: [
          {
            text: "A program, then.",
            tools: [
              { name: "Write", input: { file_path: "/workspace/fibonacci.py", content: "print(55)\n" } },
              { name: "Bash", input: { command: `printf '\\000\\377' > .bytes; ${look}` } },
            ],
          },
          { text: "The 10th is 55." },
        ],
      },
    });
    const listening = await model.listen();
    closeModel = listening.close;
    worker = await startWorker({ variables: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: listening.url } });
    client = new WorkerClient(worker);
  });
  afterAll(async () => {
    await worker?.[Symbol.asyncDispose]();
    await closeModel?.();
  });
  const execute = async (body: object) => {
    const reply = await client.call("POST", "/execute", body);
    return { status: reply.status, answer: reply.body as Answer };
  };

  it("runs the prompt with Claude Code, returns its files and removes the container", async () => {
    const { status, answer } = await execute({ question: "What is the 10th Fibonacci number?" });
    expect([status, answer.error]).toEqual([200, ""]);
    expect(answer).toMatchObject({
      success: true,
      question: "What is the 10th Fibonacci number?",
      output: "The 10th is 55.",
      exitCode: 0,
      omitted: [],
    });
    expect(answer.files.find(({ path }) => path === "fibonacci.py")?.content).toBe("print(55)\n");
    expect(answer.files.find(({ path }) => path === ".bytes")).toMatchObject({ encoding: "base64", content: "AP8=" });
    expect((await client.call("GET", "/v1/sandboxes")).body).toEqual({ sandboxes: [] });
    expect(model.requests.filter(({ kind }) => kind === "turn").length).toBeGreaterThanOrEqual(2);

    // The key is nowhere inside, and reached the model all the same: it takes no other.
    const inside = JSON.stringify(answer);
    expect(inside).toContain("ANTHROPIC_BASE_URL");
    expect(inside).not.toContain(key);
    expect(inside).not.toContain(worker.apiKey);
  });

  it.each(["/login page is broken: fix it", "/cost", "/clear", "/"])(
    "sends the question %j to the model, not to a command of Claude Code",
    async (question) => {
      const before = model.requests.length;
      const { answer } = await execute({ question });
      expect(answer).toMatchObject({ success: true, output: "The 10th is 55." });
      expect(model.requests.length).toBeGreaterThan(before);
    },
  );

  it("reports no success without a model request, and runs a command of the request", async () => {
    const before = model.requests.length;
    const files = [{ path: ".claude/commands/git/look.md", content: "Look: !`exit 3`" }];
    const { answer } = await execute({ question: "/git:look now", files });
    expect(answer).toMatchObject({ success: false, exitCode: 0, error: expect.stringContaining("No model was asked") });
    expect(answer.error).toContain("Shell command failed");
    expect(model.requests.length).toBe(before);
  });

  it("allows only message requests to leave the container", async () => {
    const { answer } = await execute({ command: tries });
    expect(answer.output).toBe("403\n403\n403\n403\n000\n000\n");
    const upgrade = "-H 'Connection: Upgrade' -H 'Upgrade: websocket'";
    await execute({ command: `curl -s -m 5 ${upgrade} -X POST -d '{}' http://192.0.2.1/v1/messages` });
    expect(model.requests.every(({ method }) => method === "POST" || method === "HEAD")).toBe(true);
    expect(model.requests.every(({ path }) => path.startsWith("/v1/messages") || path === "/")).toBe(true);
  });

  it("protects the supervisor with a token that programs cannot see", async () => {
    const { answer } = await execute({ command: "env; cat /proc/*/environ 2> /dev/null; true" });
    expect(answer.output).toContain("ANTHROPIC_BASE_URL");
    expect(answer.output).not.toContain("token");
  });

  it("reports a failure", async () => {
    const { status, answer } = await execute({ command: "echo out; echo err >&2; exit 3" });
    expect([status, answer]).toEqual([
      200,
      expect.objectContaining({ success: false, output: "out\n", error: "err\n" }),
    ]);
    expect(answer.exitCode).toBe(3);
  });

  it("stops a program at its timeout and returns its files", async () => {
    const { answer } = await execute({ command: "echo made > file; sleep 600", timeout: 1000 });
    expect(answer).toMatchObject({ success: false, exitCode: 124, error: expect.stringContaining("too long") });
    expect(answer.files).toEqual([{ path: "file", size: 5, content: "made\n", encoding: "utf8" }]);
  });

  it("writes the files of the request, only inside the workspace", async () => {
    const files = [
      { path: "a/b.txt", content: "text" },
      { path: "c.bin", content: "AAEC", encoding: "base64" },
    ];
    const { answer } = await execute({ command: "cat a/b.txt; od -An -tx1 c.bin", files });
    expect(answer.output).toBe("text 00 01 02\n");
    const { status } = await execute({ command: "true", files: [{ path: "../evil", content: "" }] });
    expect(status).toBe(400);
  });

  it("lists files that are too large to return", async () => {
    const { answer } = await execute({
      command: "head -c 20000000 /dev/zero > large; echo small > small; ln -s /etc/passwd link",
    });
    expect(answer.omitted).toEqual(["large"]);
    expect(answer.files.map(({ path }) => path)).toEqual(["small"]);
  });

  it("reports an image without Claude Code", async () => {
    const { answer } = await execute({ question: "2+2?", image: "bare" });
    expect(answer).toMatchObject({ success: false, exitCode: 127, error: expect.stringContaining("no Claude Code") });
  });

  it.each([{}, { question: " " }, { question: "a", timeout: 1 }, { question: "a", model: "--evil" }, { nope: 1 }])(
    "rejects %j",
    async (body) => {
      expect((await execute(body)).status).toBe(400);
    },
  );
});
