import type { Remedy } from "../errors/remedy.ts";
import type { HarnessEvent, HarnessResultEvent } from "../events/harness-event.ts";
import type { PluginCommands } from "../plugin/plugin-command.ts";
import type { PluginHost } from "../plugin/plugin-host.ts";
import type { ModelApi, PathRule } from "../provider/egress-policy.ts";
import type { ModelPrices } from "../provider/model-prices.ts";
import type { ProcessExit, SandboxProcess } from "../provider/sandbox-process.ts";
import type { TemplateLayer } from "../provider/template.ts";
import type { ComponentParts } from "./component-parts.ts";
import type { ComponentPlaces } from "./component-places.ts";
import type { ComponentSupport } from "./component-support.ts";
import type { HostSessions } from "./host-sessions.ts";
import type { InteractiveSupport } from "./interactive-support.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { LoginProgram } from "./login-program.ts";

/** A model's API that a harness speaks to. */
export interface ModelEndpoint {
  /** Names the route: `anthropic`. */
  readonly id: string;
  /** Where requests go unless the host's own `baseUrlVariable` says otherwise. */
  readonly upstream: string;
  /** The variable that moves the base URL: on the host it chooses the upstream, inside it points to the route. */
  readonly baseUrlVariable: string;
  /** The only requests that a run makes. */
  readonly paths: readonly PathRule[];
  /** Whose API it is: what lets the gateway read the usage as it passes. */
  readonly api?: ModelApi;
  /** What it costs, unless the user's configuration says otherwise. */
  readonly prices?: ModelPrices;
  /** The header, lower case, in which the harness names the sub-agent whose request it is. Absent: it does not. */
  readonly agentHeader?: string;
}

/** A credential that a harness can use; the first one that is set on the host is taken. */
export interface CredentialSpec {
  /** The variable that holds it on the host, and its placeholder inside. */
  readonly variable: string;
  readonly kind: "api-key" | "auth-token" | "oauth-token";
  /** The endpoint it is for. */
  readonly endpointId: string;
  /** How the host sends it: `x-api-key`, or `authorization` with the scheme `Bearer`. */
  readonly header: string;
  readonly scheme?: string;
  /** What the sandbox holds instead. Of the same form, and worth nothing. */
  readonly placeholder: string;
  /** The program whose login on the host gives such a credential: what `glovebox login --from` accepts. */
  readonly login?: LoginProgram;
}

/** A cloud through which a harness reaches its models. The host signs each request; the cloud's keys never enter the sandbox. */
export interface CloudSpec {
  readonly id: "amazon-bedrock" | "google-vertex";
  /** For people: `Amazon Bedrock`. */
  readonly name: string;
  /** The variable that chooses the cloud: on the host by any value but `0` and `false`, inside by `1`. */
  readonly variable: string;
  /** The endpoint it serves. */
  readonly endpointId: string;
  /** What the harness gets inside, so that it authenticates nothing itself. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the host that the harness reads as well: region, project, names of models. None is a secret. */
  readonly hostVariables: readonly string[];
}

/** What a harness is asked to do. */
export interface HarnessTask {
  readonly prompt: string;
  readonly model?: string;
  readonly maxTurns?: number;
  readonly maxBudgetUsd?: number;
  readonly allowedTools?: readonly string[];
  readonly appendSystemPrompt?: string;
  /**
   * What the final answer has to match: a JSON Schema of an object, of at most 64 KiB, in what draft-07 and 2020-12 have in
   * common. A `format` is not compared. The run checks the answer on the host, and fails without one that matches. The
   * harness has to give structured answers.
   */
  readonly jsonSchema?: JsonSchema;
  /** Directories in the sandbox, absolute, that the agent may use beside the workspace. The harness has to take them. */
  readonly addedDirectories?: readonly string[];
  /** The session to continue, whose files are in the sandbox again. */
  readonly resumeSessionId?: string;
  /** The agent asks before it acts, and `HarnessDialogue.permit` has the answer. The harness has to have `asksPermission`. */
  readonly asksPermission?: true;
  /** Continues `resumeSessionId` as a session with an id of its own. */
  readonly forkSession?: boolean;
  /** What the run's components are made of, for a harness with `places`: it puts them into its own files. */
  readonly components?: ComponentParts;
  /** Passed on as they are, after everything else. */
  readonly extraArgs?: readonly string[];
  readonly workspaceDir: string;
}

/** A file that a harness needs before it starts. */
export interface HarnessFile {
  /** Absolute, in the sandbox, outside of the workspace. */
  readonly path: string;
  /** Never a secret. */
  readonly content: string;
}

/** The program that a harness starts in the sandbox for a task. */
export interface HarnessCommand {
  readonly argv: readonly [string, ...string[]];
  readonly stdin: Uint8Array;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Written as the sandbox's user before the program starts. */
  readonly files?: readonly HarnessFile[];
  /**
   * For a program that takes its model's address as an argument or from a file: what replaces the fields above once the
   * sandbox is there. `modelUrls`: the address of each endpoint's route, by the endpoint's id.
   */
  readonly withRoutes?: (
    modelUrls: Readonly<Record<string, string>>,
  ) => Partial<Pick<HarnessCommand, "argv" | "env" | "files">>;
}

/** What another run needs to continue a conversation. */
export interface HarnessSessions {
  /**
   * The directory in the sandbox, absolute, that holds the conversations of its workspace and nothing secret. It comes back
   * beside the files, unopened, and goes into the sandbox of the run that continues this one, whose task has
   * `resumeSessionId`.
   */
  readonly directory: string;
  /** Whether a file of the directory, by its path in it, belongs to a conversation. Absent: all of them do. */
  isOf?(path: string, sessionId: string): boolean;
  /** How a conversation continues in the program on the host. Absent: it cannot. */
  readonly onHost?: HostSessions;
}

/** One line of a harness's output, decoded, without its line end. */
export interface HarnessLine {
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

/** Whether a harness did its task, and why not. */
export interface HarnessOutcome {
  readonly ok: boolean;
  readonly reason: HarnessResultEvent["reason"] | "no-result";
  /** One line for a user. */
  readonly message: string;
  readonly hint?: string;
  /** What would help, for programs. */
  readonly remedy?: Remedy;
  readonly warning?: string;
}

/** The program that drives a model in the sandbox. Making one does no I/O. */
export interface Harness {
  readonly specificationVersion: 1;
  /** A short name: `claude-code`. */
  readonly id: string;
  readonly endpoints: readonly ModelEndpoint[];
  readonly credentials: readonly CredentialSpec[];
  /** Credentials that only the `login` of a program on the host gives: no variable of the host is read for them. */
  readonly logins?: readonly CredentialSpec[];
  /** How to get a credential, in one sentence. */
  readonly credentialHint?: string;
  /** Clouds that it can use instead of a credential. */
  readonly clouds?: readonly CloudSpec[];
  /** Variables of the host that choose a cloud which cannot be used: its signing keys would have to enter the sandbox. By cloud. */
  readonly unsupportedClouds?: Readonly<Record<string, string>>;
  /** Where it keeps conversations. Absent: a run cannot be continued by another one. */
  readonly sessions?: HarnessSessions;
  /** Its result has a structured answer where the task has a `jsonSchema`. Absent: such a task is refused. */
  readonly structuredOutput?: true;
  /** It tells its agent of the task's `addedDirectories`. Absent: such a task is refused. */
  readonly addedDirectories?: true;
  /** Its agent can ask before it acts. Absent: a task with `asksPermission` is refused. Needs `components`. */
  readonly asksPermission?: true;
  /** What must be in the template. */
  template(): TemplateLayer;
  /** The prompt travels on standard input: never in argv or the environment, which other users of a host could read. */
  command(task: HarnessTask): HarnessCommand;
  /**
   * Turns lines into events. Lines it does not know become `harness.raw`. Every `tool.start` gets its `tool.end`, at the
   * end of the input a synthetic `interrupted` one. At most one `harness.result`.
   */
  parse(lines: AsyncIterable<HarnessLine>): AsyncIterable<HarnessEvent>;
  /**
   * Whether a line says only that the program still runs: it is no activity, so that an idle time-out ends a tool that hangs.
   * Absent: every line is activity. Does not throw.
   */
  isHeartbeat?(line: HarnessLine): boolean;
  /** Success only with a terminal event that says so; an exit that disagrees is a warning. */
  outcome(result: HarnessResultEvent | undefined, exit: ProcessExit, stderrTail: string): HarnessOutcome;
  /** Asks it to stop and to report its final result. Resolves when asked, not when it has stopped. */
  interrupt(process: SandboxProcess): Promise<void>;
  /** How it is started where it proves what it has loaded. Absent: `command` starts it. */
  readonly components?: ComponentSupport;
  /** Where it has places for components, without a proof. Without `components` and `places` it takes none. */
  readonly places?: ComponentPlaces;
  /** How it is started for a user at a terminal. Absent: a run of it cannot be interactive. */
  readonly interactive?: InteractiveSupport;
}

/** What a harness's package exports as `harness`, so that it can be loaded by the package's name. */
export interface HarnessPlugin {
  readonly specificationVersion: 1;
  readonly kind: "harness";
  /** Parses the settings strictly; unknown keys are `invalid-options`. Does no I/O. */
  create(settings: Readonly<Record<string, unknown>>, host?: PluginHost): Harness;
  /** The commands that the package's manifest lists, each loaded when it is used. */
  readonly commands?: PluginCommands;
}
