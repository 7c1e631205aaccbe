import { readHostText } from "@glovebox/core/host-files";
import { stateDirectory } from "@glovebox/core/state";
import { parseJsonc } from "../config/parse-jsonc.ts";
import { userConfigPath } from "../config/user-config-path.ts";
import type { Terminal } from "../terminal.ts";
import { dayMs } from "./day-ms.ts";
import { isNewer } from "./is-newer.ts";
import { latestRelease } from "./latest-release.ts";
import { UpdateState } from "./update-state.ts";

/** The registry has this long, and no longer than the command takes. */
const longestMs = 2000;
/** When a command ended before the answer, or there was none, another one asks after this time. */
const againMs = 60 * 60_000;

export interface UpdateNoticeOptions {
  readonly terminal: Terminal;
  readonly packageName: string;
  readonly version: string;
  readonly now?: () => number;
}

/**
 * Looks for a newer release while a command runs, at most once a day, and mentions it after the command, at most once a day.
 * Never delays a command and never fails: what goes wrong is passed over.
 */
export class UpdateNotice {
  readonly #options: UpdateNoticeOptions;
  readonly #now: () => number;
  readonly #state: UpdateState;
  readonly #ended = new AbortController();
  /** Whether the user's configuration was read and does not forbid it. */
  #isWanted = false;

  constructor(options: UpdateNoticeOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#state = new UpdateState(stateDirectory(options.terminal.env));
  }

  /** Reads the configuration, and asks the registry when it is time. Resolves, also to an error, when that is over. */
  async look(): Promise<void> {
    try {
      if (!this.#state.isThere || !(await this.#isAllowed())) return;
      this.#isWanted = true;
      const facts = this.#state.read(this.#now());
      if (facts.askAt > this.#now()) return;
      // Written first: commands at the same time do not all ask.
      this.#state.write({ ...facts, askAt: this.#now() + againMs });
      const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(longestMs)]);
      const latest = await latestRelease(this.#options.packageName, { env: this.#options.terminal.env, signal });
      if (latest === undefined || this.#ended.signal.aborted) return;
      this.#state.write({ ...this.#state.read(this.#now()), askAt: this.#now() + dayMs, latest });
    } catch {
      // No network, no right to write, a damaged configuration: the command itself reports what matters to it.
    }
  }

  /** Abandons the question, and prints the line if a newer release is known. */
  end(): void {
    this.#ended.abort();
    if (!this.#isWanted) return;
    const { terminal, packageName, version } = this.#options;
    try {
      const facts = this.#state.read(this.#now());
      if (facts.latest === undefined || facts.showAt > this.#now() || !isNewer(facts.latest, version)) return;
      this.#state.write({ ...facts, showAt: this.#now() + dayMs });
      const { dim } = terminal.stderr.colors;
      terminal.stderr.line(
        dim(`Glovebox ${facts.latest} is available, this is ${version}: npm install -g ${packageName}`),
      );
    } catch {
      // A line that could not be kept to once a day is not shown.
    }
  }

  async #isAllowed(): Promise<boolean> {
    const path = userConfigPath(stateDirectory(this.#options.terminal.env));
    const config = parseJsonc((await readHostText(path)) ?? "{}", path) as { readonly updateCheck?: unknown } | null;
    return config?.updateCheck !== false;
  }
}
