import type {
  ComponentNames,
  ComponentSet,
  ComponentSupport,
  HarnessCommand,
  HarnessDialogue,
  HarnessLine,
  HarnessTask,
} from "@glovebox/core/harness";
import { claudeCodeCommand } from "../claude-code-command.ts";
import { ComponentProof, serverStartMs } from "./component-proof.ts";
import { readControlAnswer } from "./control-answer.ts";
import { answerToolQuestion, isResultLine, readToolQuestion } from "./tool-question.ts";

/**
 * Starts Claude Code with its input open and asks it, before it has a prompt, which agents, commands and skills it has,
 * what its settings say and how its MCP servers do. The process that answers is the one that gets the prompt.
 */
export function claudeCodeComponents(binary: string): ComponentSupport {
  return { command: (task, components) => openCommand(task, components, binary), start };
}

function openCommand(
  task: HarnessTask,
  { expected, plugins = [] }: Pick<ComponentSet, "expected" | "plugins">,
  binary: string,
): HarnessCommand {
  const { argv, env, cwd } = claudeCodeCommand(task, binary);
  const [program, ...flags] = argv;
  return {
    argv: [program, "--input-format", "stream-json", ...pluginFlags(task, plugins), ...flags],
    stdin: new Uint8Array(),
    env: expected.mcpServers.length === 0 ? env : { ...env, MCP_TIMEOUT: String(serverStartMs) },
    cwd,
  };
}

function pluginFlags({ workspaceDir }: HarnessTask, plugins: readonly string[]): string[] {
  return plugins.flatMap((directory) => ["--plugin-dir", `${workspaceDir}/${directory}`]);
}

async function* start(
  dialogue: HarnessDialogue,
  task: HarnessTask,
  expected: ComponentNames,
): AsyncGenerator<HarnessLine> {
  const proof = new ComponentProof(dialogue, task, expected);
  const answers = new Set<Promise<void>>();
  await proof.begin();
  for await (const line of dialogue.lines) {
    const answer = line.stream === "stdout" ? readControlAnswer(line.line) : undefined;
    if (answer !== undefined) {
      await proof.hear(answer);
      continue;
    }
    yield line;
    if (task.asksPermission && line.stream === "stdout") await hearAgent(line.line, dialogue, answers);
  }
}

/**
 * How many questions may have no answer yet, before no more is read: half of them may wait for the user, the others for a program that
 * does not read.
 */
const mostAnswers = 64;

/** Answers a question of the agent, beside the lines that follow it, and ends the input after the result. */
async function hearAgent(line: string, dialogue: HarnessDialogue, answers: Set<Promise<void>>): Promise<void> {
  if (isResultLine(line)) await dialogue.closeInput().catch(() => {});
  const question = readToolQuestion(line);
  if (question === undefined) return;
  const answer = answerToolQuestion(question, dialogue).finally(() => answers.delete(answer));
  answers.add(answer);
  if (answers.size >= mostAnswers) await Promise.race(answers);
}
