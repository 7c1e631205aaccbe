import type { PrepareProgress } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { decodeBuildKitTrace } from "./buildkit-trace.ts";

interface Step {
  name: string;
  output: string;
  error: string;
  announced: boolean;
}

const tailChars = 4000;
const tailLines = 40;

/** Follows the messages of one build, of either builder: reports steps and output, and remembers what failed. */
export class BuildLog {
  readonly #onProgress: ((progress: PrepareProgress) => void) | undefined;
  readonly #steps = new Map<string, Step>();
  #current: Step | undefined;
  #error: string | undefined;
  /** The id of the image that was built, once it is known. */
  imageId: string | undefined;

  constructor(onProgress: ((progress: PrepareProgress) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  /** Takes one message of the engine's progress stream. */
  take(message: Record<string, unknown>): void {
    const aux = message.aux;
    if (message.id === "moby.buildkit.trace" && typeof aux === "string") this.#trace(aux);
    else if (typeof aux === "object" && aux !== null && typeof (aux as { ID?: unknown }).ID === "string") {
      this.imageId = (aux as { ID: string }).ID;
    } else if (typeof message.stream === "string") this.#classic(message.stream);
    const detail = message.errorDetail as { message?: unknown } | undefined;
    if (typeof message.error === "string") this.#error = message.error;
    else if (typeof detail?.message === "string") this.#error = detail.message;
  }

  /** What went wrong: the step and the end of its own output. `undefined` when nothing did. */
  failure(): string | undefined {
    if (this.#error === undefined) return undefined;
    const failed = [...this.#steps.values()].filter((step) => step.error !== "");
    // BuildKit cancels the steps that run beside the failing one; their errors say nothing.
    const step =
      failed.find((one) => !/context canceled/.test(one.error)) ?? (this.#steps.size === 0 ? this.#current : undefined);
    if (step === undefined) return tail(this.#error);
    const reason = step.error || this.#error;
    const said = tail(step.output);
    return `step ${step.name} failed: ${safeLine(reason, 300)}${said === "" ? "" : `\n${said}`}`;
  }

  #classic(text: string): void {
    const step = /^Step (\d+)\/(\d+) : (.*)/.exec(text);
    if (step !== null) {
      const name = `[${step[1]}/${step[2]}] ${safeLine(step[3] ?? "", 300)}`;
      this.#current = { name, output: "", error: "", announced: true };
      this.#onProgress?.({ message: safeLine(step[3] ?? "", 300), done: Number(step[1]) - 1, total: Number(step[2]) });
    } else if (this.#current !== undefined) this.#output(this.#current, text);
  }

  #trace(aux: string): void {
    const { vertexes, logs } = decodeBuildKitTrace(aux);
    for (const vertex of vertexes) {
      const step = this.#steps.get(vertex.digest) ?? { name: vertex.name, output: "", error: "", announced: false };
      this.#steps.set(vertex.digest, step);
      step.name = safeLine(vertex.name, 300) || step.name;
      step.error = vertex.error || step.error;
      if (vertex.started && !step.announced) this.#notify(step);
    }
    for (const log of logs) {
      const step = this.#steps.get(log.vertex);
      if (step !== undefined) this.#output(step, log.text);
    }
  }

  #notify(step: Step): void {
    step.announced = true;
    this.#current = step;
    const counted = /^\[(?:.*\s)?(\d+)\/(\d+)\] (.*)/.exec(step.name);
    if (counted === null) return;
    this.#onProgress?.({ message: counted[3] ?? "", done: Number(counted[1]) - 1, total: Number(counted[2]) });
  }

  #output(step: Step, text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes of the step's program
    const plain = text.replace(/\u001b\[[0-9;]*m/g, "");
    step.output = (step.output + plain).slice(-2 * tailChars);
    for (const line of plain.split("\n")) {
      if (line.trim() !== "")
        this.#onProgress?.({ message: step.name.replace(/^\[[^\]]*\] /, ""), output: line.trimEnd() });
    }
  }
}

function tail(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .filter((line) => !/^ ?---> |^Removing intermediate container /.test(line))
    .slice(-tailLines)
    .join("\n")
    .slice(-tailChars);
}
