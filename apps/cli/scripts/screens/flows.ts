import type { Script, ScriptTurn } from "@glovebox/scripted-model";
import type { TypedAnswer } from "./run-in-terminal.ts";

/** A command of which a picture is taken. */
export interface Flow {
  readonly name: string;
  readonly command: string;
  readonly answers?: readonly TypedAnswer[];
  /** The flow that removes what this one leaves behind. */
  readonly removedBy?: string;
}

const tool = (name: string, input: Record<string, unknown>, text?: string): ScriptTurn => ({
  ...(text === undefined ? {} : { text }),
  tools: [{ name, input }],
  inputTokens: 420,
  cacheReadTokens: 17_500,
});

/** Every run of the pictures, recognized by its prompt. */
export const script: Script = {
  turns: [{ text: "Done." }],
  conversations: [
    {
      firstMessageIncludes: "failing test",
      turns: [
        tool("Bash", { command: "npm test", description: "Run the tests" }, "I'll run the tests first."),
        tool("Read", { file_path: "/workspace/sum.js" }, "`sum(2, 3)` returns -1. Let me look at it."),
        tool(
          "Edit",
          { file_path: "/workspace/sum.js", old_string: "a - b", new_string: "a + b" },
          "It subtracts where it should add.",
        ),
        tool("Bash", { command: "npm test", description: "Run the tests again" }),
        {
          text: "Fixed: `sum` subtracted its arguments. The test passes now.",
          inputTokens: 380,
          cacheReadTokens: 18_900,
        },
      ],
    },
    {
      firstMessageIncludes: "Download",
      turns: [
        tool("Bash", { command: "curl -sS -m 20 https://example.com", description: "Download the page" }),
        { text: "example.com is not allowed in this sandbox, so I could not download it." },
      ],
    },
  ],
};

/** The files of the project in the pictures. */
export const project: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "sum", "type": "module", "scripts": { "test": "node --test" } }\n',
  "sum.js": "export function sum(a, b) {\n  return a - b;\n}\n",
  "sum.test.js":
    'import assert from "node:assert";\nimport test from "node:test";\nimport { sum } from "./sum.js";\n\n' +
    'test("adds", () => assert.equal(sum(2, 3), 5));\n',
};

/** In this order: later ones look at the runs of earlier ones. */
export const flows: readonly Flow[] = [
  { name: "demo", command: "glovebox demo --scripted --output ../demo" },
  { name: "run", command: 'glovebox run "Fix the failing test" --workspace .' },
  { name: "diff", command: "glovebox diff | cat" },
  { name: "diff-stat", command: "glovebox diff --stat" },
  { name: "apply-asks", command: "glovebox apply", answers: [{ after: "?", keys: ["C-c"] }] },
  { name: "apply", command: "glovebox apply --yes && git diff" },
  { name: "refused", command: 'glovebox run "Download https://example.com" --output page' },
  { name: "network-log", command: "glovebox network log --denied" },
  { name: "apply-undo", command: "glovebox apply --undo --yes" },
  {
    name: "kept",
    command: 'glovebox run "Fix the failing test" --workspace . --keep --output ../kept',
    removedBy: "removed",
  },
  { name: "exec", command: "glovebox exec -- npm test" },
  { name: "stats", command: "glovebox stats" },
  { name: "removed", command: "glovebox rm 1" },
  { name: "ps", command: "glovebox ps" },
  { name: "logs", command: "glovebox logs 2" },
  { name: "dry-run", command: 'glovebox run "Fix the failing test" --workspace . --dry-run' },
  { name: "network-show", command: "glovebox network show" },
  { name: "doctor", command: "glovebox doctor" },
  { name: "help", command: "glovebox --help" },
  { name: "run-help", command: "glovebox run --help" },
  { name: "error-unquoted", command: "glovebox run fix the test" },
  { name: "error-provider", command: 'glovebox run "Fix it" --provider dokcer' },
  { name: "error-command", command: "glovebox stpo" },
  { name: "error-run", command: "glovebox logs 99" },
];
