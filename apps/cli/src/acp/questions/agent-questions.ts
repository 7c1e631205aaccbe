import type { PermissionQuestion } from "@glovebox/core/harness";
import { safeName } from "@glovebox/core/text";
import type { DirectoryPaths } from "../directory-paths.ts";
import type { Choice, Editor } from "../editor.ts";
import { toolCallId, toolCallOf } from "../updates/tool-call.ts";
import { askedContent } from "./asked-content.ts";

type Answer = "allow" | "always" | "reject";

/** Asks in the editor for what the agent of a session wants to do. The questions come from the sandbox. */
export class AgentQuestions {
  readonly #editor: Editor;
  readonly #paths: DirectoryPaths;
  /** The tools that the user allowed for the whole session. */
  readonly #allowed = new Set<string>();
  #count = 0;

  constructor(editor: Editor, paths: DirectoryPaths) {
    this.#editor = editor;
    this.#paths = paths;
  }

  /** Whether the agent of this run may do it. */
  async permit({ callId, name, input }: PermissionQuestion, runId: string, signal: AbortSignal): Promise<boolean> {
    if (this.#allowed.has(name)) return true;
    this.#count += 1;
    const id = toolCallId(runId, callId ?? `question-${this.#count}`);
    const call = toolCallOf({ toolCallId: id, name, input }, this.#paths);
    const choices: readonly Choice<Answer>[] = [
      { optionId: "allow", name: "Allow", kind: "allow_once" },
      { optionId: "always", name: `Allow ${safeName(name)} in this session`, kind: "allow_always" },
      { optionId: "reject", name: "Reject", kind: "reject_once" },
    ];
    const changes = call.content ?? [];
    const content = [...changes, ...askedContent(input, changes)];
    const answer = await this.#editor.ask({ ...call, content, status: "pending" }, choices, signal);
    if (answer === "always") this.#allowed.add(name);
    return answer === "allow" || answer === "always";
  }
}
