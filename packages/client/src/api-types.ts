// Generated from the server's OpenAPI document by scripts/write-api-types.ts. Do not edit.
export interface paths {
    readonly "/v1/runs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a run */
        readonly get: operations["getRun"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a run, its events and its files
         * @description A run that is running gets 409: stop it first. A queued one is removed from the queue.
         */
        readonly delete: operations["deleteRun"];
        readonly options?: never;
        readonly head?: never;
        /** Rename a run, or change the priority of a queued one */
        readonly patch: operations["changeRun"];
        readonly trace?: never;
    };
    readonly "/v1/runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List runs
         * @description Newest first, in pages.
         */
        readonly get: operations["listRuns"];
        readonly put?: never;
        /**
         * Start a run
         * @description The run is queued, and starts when a worker has room for it. `place` is its place in the queue.
         */
        readonly post: operations["createRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/fork": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Continue a run in several directions at once */
        readonly post: operations["forkRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Follow the events of a run
         * @description Server-sent events by default: `id` is the event's number, `event` its type, `data` the event. The stream ends with the run; then a request with the last id gets 204, which ends an `EventSource`. With `Accept: application/x-ndjson`, the events so far, a line each; with `follow=true` to the end of the run.
         */
        readonly get: operations["getEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Continue a run with another prompt
         * @description A new run that starts with the files and the conversation of this one.
         */
        readonly post: operations["resumeRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/input": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Type into the terminal of an interactive run */
        readonly post: operations["sendInput"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/stop": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop a run
         * @description The agent is stopped and the files are collected. A queued run is cancelled and never starts.
         */
        readonly post: operations["stopRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/archive": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Download all files as .tar.gz */
        readonly get: operations["getArchive"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/bundle": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Download the agent's commits as a git bundle */
        readonly get: operations["getBundle"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/files/{path}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Download a file
         * @description The path may have slashes. A browser neither shows nor runs it at this address.
         */
        readonly get: operations["getFile"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/journal": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Download all events as NDJSON */
        readonly get: operations["getJournal"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/manifest": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the files of a run */
        readonly get: operations["getManifest"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/patch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Download the changes as a git patch */
        readonly get: operations["getPatch"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/processes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the processes in a running run's sandbox
         * @description Measured in the sandbox, which may say anything.
         */
        readonly get: operations["getProcesses"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/ports": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Get an address of a port in a running run's sandbox */
        readonly post: operations["openPort"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/terminal": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Attach to the terminal of an interactive run (WebSocket)
         * @description Subprotocol `glovebox.terminal.v1`. Binary messages are bytes of the terminal, both ways. Text messages are JSON: the client sends `{"type":"resize","columns":80,"rows":24}`, the server `{"type":"exit","exitCode":0}` before it closes with 1000. A browser without a cookie passes its token as a second subprotocol, `glovebox.token.TOKEN`.
         */
        readonly get: operations["openTerminal"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/links": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the links of a run */
        readonly get: operations["listLinks"];
        readonly put?: never;
        /**
         * Share a run by a link
         * @description Whoever has the link reads this run, and nothing else, until the link expires or is revoked.
         */
        readonly post: operations["createLink"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/runs/{id}/links/{linkId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Revoke a link */
        readonly delete: operations["revokeLink"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/uploads": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Upload a project
         * @description A tar archive, compressed with gzip or not. It can be used by runs until it expires.
         */
        readonly post: operations["createUpload"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/batches": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List batches */
        readonly get: operations["listBatches"];
        readonly put?: never;
        /** Start a batch of runs */
        readonly post: operations["createBatch"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/batches/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a batch
         * @description Its runs are `GET /v1/runs?batch=ID`.
         */
        readonly get: operations["getBatch"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/batches/{id}/report": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Report what came of a batch */
        readonly get: operations["getBatchReport"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/batches/{id}/stop": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop a batch
         * @description Cancels its queued runs and stops its running ones.
         */
        readonly post: operations["stopBatch"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sandboxes/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a sandbox */
        readonly get: operations["getSandbox"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove a sandbox
         * @description One that a running run uses gets 409: stop the run.
         */
        readonly delete: operations["deleteSandbox"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sandboxes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the sandboxes of the server's runs */
        readonly get: operations["listSandboxes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/components": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Search components
         * @description In the server's catalogs. Best match first; tolerates typos.
         */
        readonly get: operations["listComponents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/providers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List providers with their health, and harnesses */
        readonly get: operations["listProviders"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/templates": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List templates */
        readonly get: operations["listTemplates"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/workers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List workers */
        readonly get: operations["listWorkers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/cost": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Sum up what runs have cost */
        readonly get: operations["getCost"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the audit log
         * @description For admins. Newest first, in pages.
         */
        readonly get: operations["listAudit"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Change or disable a user */
        readonly patch: operations["changeUser"];
        readonly trace?: never;
    };
    readonly "/v1/session": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign in
         * @description Sets the session's cookie.
         */
        readonly post: operations["createSession"];
        /** Sign out */
        readonly delete: operations["deleteSession"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/tokens": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List your tokens
         * @description Admins may name a user, or `all`.
         */
        readonly get: operations["listTokens"];
        readonly put?: never;
        /**
         * Create a token
         * @description Its text is in this response and nowhere else.
         */
        readonly post: operations["createToken"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List users */
        readonly get: operations["listUsers"];
        readonly put?: never;
        /**
         * Add a user
         * @description For admins. Give the user a token, or an OIDC subject.
         */
        readonly post: operations["createUser"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get the user or the share link that the request comes from */
        readonly get: operations["getMe"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/session/methods": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the ways to sign in */
        readonly get: operations["getSessionMethods"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/tokens/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Revoke a token */
        readonly delete: operations["revokeToken"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly RunEvent: ({
            /** @enum {string} */
            readonly type: "harness.session";
            readonly sessionId: string;
            readonly model?: string;
            readonly version?: string;
            readonly tools: readonly string[];
            readonly agents: readonly string[];
            readonly commands: readonly string[];
            readonly skills: readonly string[];
            readonly mcpServers: readonly {
                readonly name: string;
                readonly status: string;
            }[];
        } | {
            /** @enum {string} */
            readonly type: "text.delta" | "reasoning.delta";
            readonly messageId: string;
            readonly text: string;
            readonly parentCallId?: string;
        } | {
            /** @enum {string} */
            readonly type: "message.end";
            readonly messageId: string;
            /** @enum {string} */
            readonly role: "assistant" | "user";
            readonly text: string;
            readonly parentCallId?: string;
        } | {
            /** @enum {string} */
            readonly type: "tool.start";
            readonly callId: string;
            readonly name: string;
            readonly input?: unknown;
            readonly parentCallId?: string;
        } | {
            /** @enum {string} */
            readonly type: "tool.end";
            readonly callId: string;
            /** @enum {string} */
            readonly status: "ok" | "error" | "interrupted";
            readonly output: string;
            readonly parentCallId?: string;
        } | {
            /** @enum {string} */
            readonly type: "usage";
            readonly model: string;
            readonly messageId?: string;
            readonly input: number;
            readonly output: number;
            readonly cacheRead: number;
            readonly cacheWrite: number;
            readonly costUsd?: number;
            /** @enum {string} */
            readonly source: "harness" | "gateway";
            readonly parentCallId?: string;
            readonly agentId?: string;
            readonly budget?: readonly {
                /** @enum {string} */
                readonly kind: "shared" | "run" | "agent";
                readonly name: string;
                readonly spentUsd: number;
                readonly maxUsd?: number;
                readonly spentTokens: number;
                readonly maxTokens?: number;
            }[];
        } | {
            /** @enum {string} */
            readonly type: "harness.retry";
            readonly attempt: number;
            readonly delayMs?: number;
            readonly apiStatus?: number;
            readonly message: string;
        } | {
            /** @enum {string} */
            readonly type: "harness.compaction";
            readonly message: string;
        } | {
            /** @enum {string} */
            readonly type: "harness.result";
            readonly ok: boolean;
            /** @enum {string} */
            readonly reason: "done" | "max-turns" | "max-budget" | "api-error" | "aborted" | "error";
            readonly apiStatus?: number;
            readonly message: string;
            readonly turns?: number;
            readonly costUsd?: number;
            readonly sessionId?: string;
            readonly structuredOutput?: unknown;
        } | {
            /** @enum {string} */
            readonly type: "harness.raw";
            /** @enum {string} */
            readonly stream: "stdout" | "stderr";
            readonly line: string;
        } | {
            /** @enum {string} */
            readonly type: "run.state";
            /** @enum {string} */
            readonly from?: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
            /** @enum {string} */
            readonly to: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
        } | {
            /** @enum {string} */
            readonly type: "run.progress";
            /** @enum {string} */
            readonly stage: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
            readonly message: string;
            readonly done?: number;
            readonly total?: number;
            readonly output?: string;
        } | {
            /** @enum {string} */
            readonly type: "sandbox.created";
            readonly providerId: string;
            readonly sandboxId: string;
            readonly expiresAt: string;
        } | {
            /** @enum {string} */
            readonly type: "terminal.start";
            readonly processId: string;
        } | {
            /** @enum {string} */
            readonly type: "terminal.end";
            readonly processId: string;
            readonly exitCode: number | null;
        } | {
            /** @enum {string} */
            readonly type: "components.installed";
            readonly components: readonly {
                readonly kind: string;
                readonly name: string;
                readonly source: string;
                readonly revision: string;
                readonly sha256: string;
            }[];
            readonly files: readonly string[];
        } | {
            /** @enum {string} */
            readonly type: "network.policy";
            /** @enum {string} */
            readonly mode: "none" | "sealed" | "standard" | "open";
            readonly models: readonly {
                readonly id: string;
                readonly upstream: string;
            }[];
            readonly allow: readonly {
                readonly host: string;
                readonly port?: number | "any";
                readonly mayBePrivate?: boolean;
                readonly source: string;
            }[];
            readonly credentials: readonly {
                readonly host: string;
                readonly port?: number;
                readonly header: string;
                readonly scheme?: string;
                readonly secret: string;
                readonly source: string;
            }[];
            readonly maxCostUsd?: number;
            readonly budget?: readonly {
                /** @enum {string} */
                readonly kind: "shared" | "run" | "agent";
                readonly name: string;
                readonly spentUsd: number;
                readonly maxUsd?: number;
                readonly spentTokens: number;
                readonly maxTokens?: number;
            }[];
        } | {
            /** @enum {string} */
            readonly type: "network.request";
            readonly host: string;
            readonly port: number;
            readonly routeId?: string;
            readonly method: string;
            readonly path?: string;
            /** @enum {string} */
            readonly decision: "allowed" | "denied" | "failed";
            readonly rule?: string;
            readonly status: number;
            readonly reason?: string;
            /** @enum {string} */
            readonly failure?: "unreachable" | "broken" | "silent" | "unauthenticated" | "left";
            readonly remedy?: {
                /** @enum {string} */
                readonly raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
            } | {
                readonly allowHost: string;
            } | {
                /** @enum {string} */
                readonly set: "image" | "model" | "overwrite" | "workspace";
            } | {
                /** @enum {string} */
                readonly set: "network";
                /** @enum {string} */
                readonly value: "standard" | "open";
            } | {
                /** @enum {string} */
                readonly do: "set-up" | "build-template";
            };
            readonly requestBytes: number;
            readonly responseBytes: number;
            readonly durationMs: number;
        } | {
            /** @enum {string} */
            readonly type: "network.refused";
            readonly count: number;
            readonly since: string;
            readonly hosts: readonly string[];
        } | {
            /** @enum {string} */
            readonly type: "run.stalled";
            /** @enum {string} */
            readonly state: "begin" | "end";
            readonly silentMs: number;
            readonly stopsInMs?: number;
        } | {
            /** @enum {string} */
            readonly type: "files.collected";
            readonly count: number;
            readonly bytes: number;
            readonly created: number;
            readonly changed: number;
            readonly deleted: number;
            readonly skipped: number;
            readonly directory: string;
        } | {
            /** @enum {string} */
            readonly type: "warning";
            readonly code: string;
            readonly message: string;
            readonly remedy?: {
                /** @enum {string} */
                readonly raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
            } | {
                readonly allowHost: string;
            } | {
                /** @enum {string} */
                readonly set: "image" | "model" | "overwrite" | "workspace";
            } | {
                /** @enum {string} */
                readonly set: "network";
                /** @enum {string} */
                readonly value: "standard" | "open";
            } | {
                /** @enum {string} */
                readonly do: "set-up" | "build-template";
            };
        } | {
            /** @enum {string} */
            readonly type: "error";
            readonly code: string;
            readonly message: string;
            readonly retryable: boolean;
            readonly hint?: string;
            readonly remedy?: {
                /** @enum {string} */
                readonly raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
            } | {
                readonly allowHost: string;
            } | {
                /** @enum {string} */
                readonly set: "image" | "model" | "overwrite" | "workspace";
            } | {
                /** @enum {string} */
                readonly set: "network";
                /** @enum {string} */
                readonly value: "standard" | "open";
            } | {
                /** @enum {string} */
                readonly do: "set-up" | "build-template";
            };
        } | {
            /** @enum {string} */
            readonly type: "run.end";
            /** @enum {string} */
            readonly outcome: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
            readonly reason: string;
            readonly exitCode: number;
            readonly cleanup: {
                /** @enum {string} */
                readonly state: "clean";
            } | {
                /** @enum {string} */
                readonly state: "kept";
                readonly providerId: string;
                readonly sandboxId: string;
            } | {
                /** @enum {string} */
                readonly state: "left";
                readonly providerId: string;
                readonly sandboxId?: string;
                readonly reason: string;
            };
        }) & {
            /** @enum {number} */
            readonly v: 1;
            readonly seq: number;
            readonly time: string;
            readonly runId: string;
        } & Record<string, never>;
        readonly Run: {
            readonly id: string;
            /** @description Who started it. */
            readonly userId: string;
            /** @enum {string} */
            readonly state: "queued" | "running" | "ended";
            /** @enum {string} */
            readonly phase?: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
            /** @enum {string} */
            readonly outcome?: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
            /** @description Why it ended so, in one line. */
            readonly reason?: string;
            readonly exitCode?: number;
            readonly name?: string;
            readonly promptPreview: string;
            readonly harness: string;
            readonly provider: string;
            readonly model?: string;
            readonly template?: string;
            readonly labels: {
                readonly [key: string]: string;
            };
            /** @description Whether it has a terminal, at `/v1/runs/{id}/terminal`. */
            readonly interactive: boolean;
            readonly batchId?: string;
            readonly rowId?: string;
            /** @description The run that it continues. */
            readonly continues?: string;
            readonly forkOf?: string;
            readonly priority: number;
            /** @description Its place in the queue, from 1, while it is queued. */
            readonly place?: number;
            readonly workerId?: string;
            readonly sandboxId?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly endedAt?: string;
            readonly durationMs?: number;
            readonly costUsd?: number;
            readonly tokens?: {
                readonly input: number;
                readonly output: number;
                readonly cacheRead: number;
                readonly cacheWrite: number;
            };
            readonly filesCount?: number;
            readonly filesBytes?: number;
            readonly lastEventSeq: number;
            /**
             * Format: date-time
             * @description Since when it makes no progress.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly stalledSince?: string;
        };
        readonly Problem: {
            /** @description A URI that names the problem: `urn:glovebox:problem:CODE`. */
            readonly type: string;
            /** @description The problem in a few words, the same for every occurrence of the code. */
            readonly title: string;
            readonly status: number;
            /**
             * @description For programs; docs/errors.md explains each.
             * @enum {string}
             */
            readonly code: "not-found" | "stopped" | "authentication" | "forbidden" | "quota" | "rate-limited" | "capability-unsupported" | "invalid-options" | "template" | "component" | "timeout" | "unavailable" | "lost" | "aborted" | "process" | "file" | "internal" | "method-not-allowed" | "payload-too-large" | "unsupported-media-type" | "conflict" | "carried-elsewhere" | "range-not-satisfiable" | "misdirected-request";
            /** @description What went wrong this time, in one line. */
            readonly detail: string;
            /** @description The id of the request, as in the server's log. */
            readonly requestId: string;
            /** @description What is invalid, by its place in the request. */
            readonly errors?: readonly {
                readonly path: string;
                readonly message: string;
            }[];
            readonly retryAfterMs?: number;
        };
        readonly RunChange: {
            readonly name?: string;
            /** @description Only of a run that is queued. */
            readonly priority?: number;
        };
        readonly RunRequest: {
            /** @description What the agent should do. Only an interactive run may have an empty one. */
            readonly prompt: string;
            /** @description A name for people. */
            readonly name?: string;
            readonly model?: string;
            readonly maxTurns?: number;
            /** @description The tools that the agent may use. Default: all. */
            readonly allowedTools?: readonly string[];
            readonly appendSystemPrompt?: string;
            /** @description Further arguments of the agent's program. */
            readonly extraArgs?: readonly string[];
            /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
            readonly jsonSchema?: {
                readonly [key: string]: unknown;
            };
            readonly labels?: {
                readonly [key: string]: string;
            };
            /** @description The time limit, in milliseconds. */
            readonly timeoutMs?: number;
            /** @description The limit of time without activity. */
            readonly idleTimeoutMs?: number;
            /** @description What the models may cost, in US dollars. */
            readonly maxCostUsd?: number;
            /** @description How many tokens the models may use. */
            readonly maxTokens?: number;
            readonly maxCostPerAgentUsd?: number;
            readonly maxTokensPerAgent?: number;
            readonly strictBudget?: boolean;
            /** @description Default: 5. A higher one is started first. */
            readonly priority?: number;
            /** @description The coding agent, by the name that the server knows. Default: the server's. */
            readonly harness?: string;
            /** @description Where the sandbox runs. One of `GET /v1/providers`. Default: the server's. */
            readonly provider?: string;
            /** @description A template of the server: one of `GET /v1/templates`. */
            readonly template?: string;
            /** @description The image to start from. */
            readonly image?: string;
            /** @description Components to install, from `GET /v1/components`. */
            readonly components?: readonly components["schemas"]["ComponentRequest"][];
            readonly workspace?: components["schemas"]["Workspace"];
            readonly network?: {
                /**
                 * @description Default: `sealed`.
                 * @enum {string}
                 */
                readonly mode?: "none" | "sealed" | "standard" | "open";
                /**
                 * @description Hosts that may be reached, as --allow-host accepts them.
                 * @example [
                 *       "example.com:8443"
                 *     ]
                 */
                readonly allow?: readonly string[];
            };
            /** @description Environment variables in the sandbox. They are kept with the run: do not put secrets into them. */
            readonly env?: {
                readonly [key: string]: string;
            };
            readonly resources?: {
                readonly cpus?: number;
                readonly memoryMiB?: number;
                readonly pids?: number;
                readonly diskMiB?: number;
                readonly openFiles?: number;
                readonly tmpMiB?: number;
                readonly shmMiB?: number;
            };
            /** @description Files to leave out of the result, in .gitignore syntax. */
            readonly ignore?: readonly string[];
            /** @description The largest file, and the total, that come back. */
            readonly limits?: {
                readonly fileBytes?: number;
                readonly totalBytes?: number;
            };
            /** @description Let apt and sudo work in the sandbox, if the server allows it. */
            readonly rootInside?: boolean;
            /** @description Start the agent in a terminal, which users attach to. */
            readonly interactive?: boolean;
            /** @description Leave the sandbox running at the end, until its lease ends. */
            readonly keep?: boolean;
            readonly keepSnapshot?: boolean;
        };
        /**
         * @example {
         *       "kind": "agent",
         *       "name": "frontend-developer"
         *     }
         */
        readonly ComponentRequest: {
            /** @enum {string} */
            readonly kind: "agent" | "command" | "mcp" | "setting" | "hook" | "skill" | "plugin" | "loop";
            readonly name: string;
        };
        readonly Workspace: {
            /** @description The `uploadId` of `POST /v1/uploads`. */
            readonly upload: string;
        } | {
            readonly git: {
                /**
                 * @description An https URL. It must not contain a user name or a password.
                 * @example https://github.com/honojs/hono
                 */
                readonly url: string;
                /** @description A branch, tag or commit. Default: the repository's default branch. */
                readonly ref?: string;
                readonly subdirectory?: string;
            };
        };
        readonly RunList: {
            readonly runs: readonly components["schemas"]["Run"][];
        };
        readonly ForkRequest: {
            readonly prompts: readonly string[];
            /** @description A name for people. */
            readonly name?: string;
            readonly model?: string;
            readonly maxTurns?: number;
            /** @description The tools that the agent may use. Default: all. */
            readonly allowedTools?: readonly string[];
            readonly appendSystemPrompt?: string;
            /** @description Further arguments of the agent's program. */
            readonly extraArgs?: readonly string[];
            /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
            readonly jsonSchema?: {
                readonly [key: string]: unknown;
            };
            readonly labels?: {
                readonly [key: string]: string;
            };
            /** @description The time limit, in milliseconds. */
            readonly timeoutMs?: number;
            /** @description The limit of time without activity. */
            readonly idleTimeoutMs?: number;
            /** @description What the models may cost, in US dollars. */
            readonly maxCostUsd?: number;
            /** @description How many tokens the models may use. */
            readonly maxTokens?: number;
            readonly maxCostPerAgentUsd?: number;
            readonly maxTokensPerAgent?: number;
            readonly strictBudget?: boolean;
            /** @description Default: 5. A higher one is started first. */
            readonly priority?: number;
        };
        readonly RunDetail: components["schemas"]["Run"] & {
            readonly request: components["schemas"]["RunRequest"];
            /** @description Of a run that has ended. */
            readonly result?: {
                /** @enum {number} */
                readonly v: 1;
                readonly runId: string;
                /** @enum {string} */
                readonly outcome: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
                readonly reason: string;
                readonly hint?: string;
                readonly remedy?: {
                    /** @enum {string} */
                    readonly raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
                } | {
                    readonly allowHost: string;
                } | {
                    /** @enum {string} */
                    readonly set: "image" | "model" | "overwrite" | "workspace";
                } | {
                    /** @enum {string} */
                    readonly set: "network";
                    /** @enum {string} */
                    readonly value: "standard" | "open";
                } | {
                    /** @enum {string} */
                    readonly do: "set-up" | "build-template";
                };
                readonly exitCode: number;
                readonly cleanup: {
                    /** @enum {string} */
                    readonly state: "clean";
                } | {
                    /** @enum {string} */
                    readonly state: "kept";
                    readonly providerId: string;
                    readonly sandboxId: string;
                } | {
                    /** @enum {string} */
                    readonly state: "left";
                    readonly providerId: string;
                    readonly sandboxId?: string;
                    readonly reason: string;
                };
                readonly providerId: string;
                readonly sandboxId?: string;
                readonly harnessId: string;
                readonly sessionId?: string;
                readonly startedAt: string;
                readonly durationMs: number;
                readonly message?: string;
                readonly structuredOutput?: unknown;
                readonly turns?: number;
                readonly costUsd?: number;
                readonly maxCostUsd?: number;
                readonly maxTokens?: number;
                readonly tokens?: {
                    readonly input: number;
                    readonly output: number;
                    readonly cacheRead: number;
                    readonly cacheWrite: number;
                };
            };
        };
        readonly RunPage: {
            readonly runs: readonly components["schemas"]["Run"][];
            /** @description Absent on the last page. */
            readonly nextCursor?: string;
        };
        readonly ResumeRequest: {
            readonly prompt: string;
            /** @description A name for people. */
            readonly name?: string;
            readonly model?: string;
            readonly maxTurns?: number;
            /** @description The tools that the agent may use. Default: all. */
            readonly allowedTools?: readonly string[];
            readonly appendSystemPrompt?: string;
            /** @description Further arguments of the agent's program. */
            readonly extraArgs?: readonly string[];
            /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
            readonly jsonSchema?: {
                readonly [key: string]: unknown;
            };
            readonly labels?: {
                readonly [key: string]: string;
            };
            /** @description The time limit, in milliseconds. */
            readonly timeoutMs?: number;
            /** @description The limit of time without activity. */
            readonly idleTimeoutMs?: number;
            /** @description What the models may cost, in US dollars. */
            readonly maxCostUsd?: number;
            /** @description How many tokens the models may use. */
            readonly maxTokens?: number;
            readonly maxCostPerAgentUsd?: number;
            readonly maxTokensPerAgent?: number;
            readonly strictBudget?: boolean;
            /** @description Default: 5. A higher one is started first. */
            readonly priority?: number;
        };
        readonly InputRequest: {
            readonly text: string;
        };
        readonly StopRequest: {
            /** @description Remove the sandbox at once; files that were not collected are lost. */
            readonly force?: boolean;
        };
        readonly Manifest: {
            /** @description Always empty: the files are on the server. */
            readonly directory: string;
            /** @description False when the collection broke off. */
            readonly complete: boolean;
            readonly bytes: number;
            readonly manifest: readonly components["schemas"]["ManifestEntry"][];
            readonly skipped: readonly {
                readonly path: string;
                readonly reason: string;
                readonly pastLimit?: boolean;
            }[];
            /** @description Files that can make a computer execute something. */
            readonly executable: readonly string[];
            /** @description Absent without a patch; see `/v1/runs/{id}/patch`. */
            readonly patch?: string;
            /** @description Absent without commits; see `/v1/runs/{id}/bundle`. */
            readonly bundle?: string;
            /** @description What the bundle holds, by name. */
            readonly refs?: readonly string[];
            readonly repositories?: readonly {
                readonly path: string;
                /** @enum {string} */
                readonly state: "restored" | "bundle" | "archive";
                readonly file?: string;
            }[];
            /** @description What went into the sandbox, for programs that apply the changes. */
            readonly baseline?: {
                readonly [key: string]: unknown;
            };
        };
        readonly ManifestEntry: {
            readonly path: string;
            /** @enum {string} */
            readonly kind: "file" | "directory" | "symlink";
            /** @description Permission bits in octal: `0644`. */
            readonly mode: string;
            /** @description In bytes. */
            readonly size?: number;
            readonly sha256?: string;
            /** @description Where a symbolic link points. */
            readonly target?: string;
            /** @enum {string} */
            readonly change: "created" | "changed" | "unchanged" | "deleted";
        };
        readonly Processes: {
            /** @description Processor time of all processes since they started. */
            readonly cpuMs: number;
            readonly memoryBytes: number;
            readonly disk?: {
                readonly usedBytes: number;
                readonly totalBytes: number;
            };
            readonly processes: readonly {
                readonly pid: number;
                /** @description Chosen by the process itself. */
                readonly name: string;
                readonly cpuMs: number;
                readonly memoryBytes: number;
            }[];
        };
        readonly PortPreview: {
            /** @description On an origin of its own, with a token that opens this port only. */
            readonly url: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt: string;
        };
        readonly PortRequest: {
            readonly port: number;
        };
        readonly NewShareLink: components["schemas"]["ShareLink"] & {
            readonly url: string;
        };
        readonly ShareLink: {
            readonly id: string;
            readonly runId: string;
            readonly createdBy: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly revokedAt?: string;
        };
        readonly ShareLinkRequest: {
            /** @description Default: a week. At most 90 days. */
            readonly expiresInMs?: number;
        };
        readonly ShareLinkList: {
            readonly links: readonly components["schemas"]["ShareLink"][];
        };
        readonly Upload: {
            readonly uploadId: string;
            readonly bytes: number;
            readonly sha256: string;
            /**
             * Format: date-time
             * @description Until when a run can be started from it.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt: string;
        };
        readonly Batch: {
            readonly id: string;
            readonly userId: string;
            readonly name?: string;
            /** @enum {string} */
            readonly state: "running" | "ended";
            readonly counts: {
                readonly total: number;
                readonly queued: number;
                readonly running: number;
                readonly succeeded: number;
                /** @description With every other outcome. */
                readonly failed: number;
            };
            readonly costUsd: number;
            readonly maxCostUsd?: number;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly endedAt?: string;
        };
        readonly BatchRequest: {
            readonly name?: string;
            readonly rows: readonly components["schemas"]["BatchRow"][];
            /** @description What all rows have in common. */
            readonly run?: {
                /** @description A name for people. */
                readonly name?: string;
                readonly model?: string;
                readonly maxTurns?: number;
                /** @description The tools that the agent may use. Default: all. */
                readonly allowedTools?: readonly string[];
                readonly appendSystemPrompt?: string;
                /** @description Further arguments of the agent's program. */
                readonly extraArgs?: readonly string[];
                /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
                readonly jsonSchema?: {
                    readonly [key: string]: unknown;
                };
                readonly labels?: {
                    readonly [key: string]: string;
                };
                /** @description The time limit, in milliseconds. */
                readonly timeoutMs?: number;
                /** @description The limit of time without activity. */
                readonly idleTimeoutMs?: number;
                /** @description What the models may cost, in US dollars. */
                readonly maxCostUsd?: number;
                /** @description How many tokens the models may use. */
                readonly maxTokens?: number;
                readonly maxCostPerAgentUsd?: number;
                readonly maxTokensPerAgent?: number;
                readonly strictBudget?: boolean;
                /** @description Default: 5. A higher one is started first. */
                readonly priority?: number;
                /** @description The coding agent, by the name that the server knows. Default: the server's. */
                readonly harness?: string;
                /** @description Where the sandbox runs. One of `GET /v1/providers`. Default: the server's. */
                readonly provider?: string;
                /** @description A template of the server: one of `GET /v1/templates`. */
                readonly template?: string;
                /** @description The image to start from. */
                readonly image?: string;
                /** @description Components to install, from `GET /v1/components`. */
                readonly components?: readonly components["schemas"]["ComponentRequest"][];
                readonly workspace?: components["schemas"]["Workspace"];
                readonly network?: {
                    /**
                     * @description Default: `sealed`.
                     * @enum {string}
                     */
                    readonly mode?: "none" | "sealed" | "standard" | "open";
                    /**
                     * @description Hosts that may be reached, as --allow-host accepts them.
                     * @example [
                     *       "example.com:8443"
                     *     ]
                     */
                    readonly allow?: readonly string[];
                };
                /** @description Environment variables in the sandbox. They are kept with the run: do not put secrets into them. */
                readonly env?: {
                    readonly [key: string]: string;
                };
                readonly resources?: {
                    readonly cpus?: number;
                    readonly memoryMiB?: number;
                    readonly pids?: number;
                    readonly diskMiB?: number;
                    readonly openFiles?: number;
                    readonly tmpMiB?: number;
                    readonly shmMiB?: number;
                };
                /** @description Files to leave out of the result, in .gitignore syntax. */
                readonly ignore?: readonly string[];
                /** @description The largest file, and the total, that come back. */
                readonly limits?: {
                    readonly fileBytes?: number;
                    readonly totalBytes?: number;
                };
                /** @description Let apt and sudo work in the sandbox, if the server allows it. */
                readonly rootInside?: boolean;
                /** @description Start the agent in a terminal, which users attach to. */
                readonly interactive?: boolean;
                /** @description Leave the sandbox running at the end, until its lease ends. */
                readonly keep?: boolean;
                readonly keepSnapshot?: boolean;
            };
            /** @description What the batch may cost: it starts no further run past it. */
            readonly maxCostUsd?: number;
        };
        readonly BatchRow: {
            /** @description Default: its number. */
            readonly id?: string;
            readonly prompt: string;
            readonly model?: string;
            readonly harness?: string;
            readonly provider?: string;
            readonly labels?: {
                readonly [key: string]: string;
            };
        };
        readonly BatchReport: {
            readonly id: string;
            readonly name?: string;
            readonly isComplete: boolean;
            readonly total: {
                readonly name: string;
                readonly rows: number;
                readonly passed: number;
                /** @description With its 95% interval. Absent before a row has ended. */
                readonly passRate?: {
                    readonly rate: number;
                    readonly low: number;
                    readonly high: number;
                };
                readonly costUsd: number;
                readonly tokens: number;
                readonly durationMs: number;
            };
            /** @description By what the rows differ in. */
            readonly slices: readonly {
                /** @enum {string} */
                readonly by: "model" | "harness" | "provider";
                readonly slices: readonly {
                    readonly name: string;
                    readonly rows: number;
                    readonly passed: number;
                    /** @description With its 95% interval. Absent before a row has ended. */
                    readonly passRate?: {
                        readonly rate: number;
                        readonly low: number;
                        readonly high: number;
                    };
                    readonly costUsd: number;
                    readonly tokens: number;
                    readonly durationMs: number;
                }[];
            }[];
            readonly rows: readonly {
                readonly rowId: string;
                readonly runId: string;
                readonly state: string;
                readonly outcome?: string;
                readonly promptPreview: string;
                readonly model?: string;
                readonly harness: string;
                readonly provider: string;
                readonly costUsd?: number;
                readonly durationMs?: number;
                readonly filesCount?: number;
            }[];
        };
        readonly BatchPage: {
            readonly batches: readonly components["schemas"]["Batch"][];
            /** @description Absent on the last page. */
            readonly nextCursor?: string;
        };
        readonly Sandbox: {
            readonly id: string;
            readonly provider: string;
            /** @enum {string} */
            readonly state: "starting" | "running" | "paused" | "stopped" | "unknown";
            readonly runId: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it stops by itself.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly leaseEndsAt?: string;
            readonly rootInside: boolean;
            readonly resources?: {
                readonly [key: string]: number;
            };
        };
        readonly SandboxList: {
            readonly sandboxes: readonly components["schemas"]["Sandbox"][];
            /** @description Providers that could not be asked. */
            readonly problems: readonly {
                readonly provider: string;
                readonly detail: string;
            }[];
        };
        readonly ComponentList: {
            readonly components: readonly components["schemas"]["Component"][];
            readonly total: number;
        };
        readonly Component: {
            /** @enum {string} */
            readonly kind: "agent" | "command" | "mcp" | "setting" | "hook" | "skill" | "plugin" | "loop";
            readonly name: string;
            readonly category?: string;
            readonly description?: string;
            readonly source: string;
        };
        readonly ProviderList: {
            readonly providers: readonly components["schemas"]["Provider"][];
            readonly harnesses: readonly {
                readonly name: string;
                readonly isDefault: boolean;
                readonly hasCredential: boolean;
            }[];
        };
        readonly Provider: {
            readonly name: string;
            readonly isDefault: boolean;
            readonly ready: boolean;
            readonly findings: readonly {
                readonly name: string;
                /** @enum {string} */
                readonly status: "ok" | "notice" | "problem";
                readonly message: string;
            }[];
            readonly capabilities: {
                readonly [key: string]: boolean | string | readonly string[];
            };
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly checkedAt: string;
        };
        readonly TemplateList: {
            readonly templates: readonly components["schemas"]["Template"][];
        };
        readonly Template: {
            readonly name: string;
            readonly provider: string;
            /** @description What the provider calls it. */
            readonly reference?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly builtAt?: string;
            readonly bytes?: number;
        };
        readonly WorkerList: {
            readonly workers: readonly components["schemas"]["Worker"][];
        };
        readonly Worker: {
            readonly id: string;
            readonly host: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly startedAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastSeenAt: string;
            readonly providers: readonly string[];
            /** @description How many runs it carries at once. */
            readonly capacity: number;
            readonly running: number;
        };
        readonly Cost: {
            /** @enum {string} */
            readonly by: "day" | "user" | "model" | "harness";
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly from: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly to: string;
            readonly totalUsd: number;
            readonly entries: readonly {
                /** @description The day as `2026-01-31`, or the id of the user, the model, the harness. */
                readonly key: string;
                readonly costUsd: number;
                readonly runs: number;
                readonly tokens: number;
            }[];
        };
        readonly AuditPage: {
            readonly entries: readonly components["schemas"]["AuditEntry"][];
            /** @description Absent on the last page. */
            readonly nextCursor?: string;
        };
        readonly AuditEntry: {
            readonly id: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly at: string;
            readonly userId?: string;
            readonly tokenId?: string;
            /** @example run.create */
            readonly action: string;
            readonly target?: string;
            readonly detail: {
                readonly [key: string]: unknown;
            };
            readonly address: string;
            readonly requestId: string;
        };
        readonly User: {
            readonly id: string;
            readonly name: string;
            readonly role: components["schemas"]["Role"];
            readonly limits: components["schemas"]["UserLimits"];
            readonly oidcSubject?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly disabledAt?: string;
        };
        /** @enum {string} */
        readonly Role: "viewer" | "runner" | "admin";
        readonly UserLimits: {
            readonly concurrentRuns?: number;
            readonly budgetUsdPerDay?: number;
        };
        readonly UserChange: {
            readonly role?: components["schemas"]["Role"];
            readonly limits?: components["schemas"]["UserLimits"];
            /** @description A disabled user cannot sign in, and none of its tokens is valid. */
            readonly disabled?: boolean;
        };
        readonly Session: {
            readonly user: components["schemas"]["User"];
            readonly role: components["schemas"]["Role"];
            /** @description For `x-csrf-token`: required with every request that changes something. */
            readonly csrf: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt: string;
        };
        readonly SessionRequest: {
            /** @description The code of a one-time link. */
            readonly code: string;
        } | {
            readonly token: string;
        };
        readonly NewToken: components["schemas"]["Token"] & {
            readonly token: string;
        };
        readonly Token: {
            readonly id: string;
            readonly userId: string;
            readonly name: string;
            /** @description The first characters of its text. */
            readonly prefix: string;
            readonly role?: components["schemas"]["Role"] & unknown;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastUsedAt?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly revokedAt?: string;
        };
        readonly NewTokenRequest: {
            readonly name: string;
            readonly role?: components["schemas"]["Role"] & unknown;
            /** @description Default: it does not expire. */
            readonly expiresInMs?: number;
            /** @description For another user: admins only. */
            readonly userId?: string;
        };
        readonly NewUser: {
            readonly name: string;
            readonly role: components["schemas"]["Role"];
            readonly limits?: components["schemas"]["UserLimits"];
            readonly oidcSubject?: string;
        };
        readonly Me: {
            readonly user?: components["schemas"]["User"];
            readonly role: components["schemas"]["Role"];
            readonly link?: {
                readonly runId: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly expiresAt: string;
            };
            /** @description For `x-csrf-token`, with a session cookie. */
            readonly csrf?: string;
            readonly server: {
                readonly version: string;
            };
        };
        readonly SessionMethods: {
            readonly oidc: {
                readonly name: string;
            } | null;
        };
        readonly TokenList: {
            readonly tokens: readonly components["schemas"]["Token"][];
        };
        readonly UserList: {
            readonly users: readonly components["schemas"]["User"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The run */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RunChange"];
            };
        };
        readonly responses: {
            /** @description The run */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listRuns: {
        readonly parameters: {
            readonly query?: {
                /** @description Default: 50. */
                readonly limit?: number;
                /** @description `nextCursor` of the page before. */
                readonly cursor?: string;
                readonly state?: "queued" | "running" | "ended";
                readonly outcome?: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
                /** @description The id of a user, or `me`. */
                readonly user?: string;
                readonly harness?: string;
                readonly provider?: string;
                readonly batch?: string;
                /** @description `NAME=VALUE` or `NAME`; repeatable. */
                readonly label?: string;
                /** @description Words of the name, the prompt or the id. */
                readonly q?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of runs */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RunPage"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                readonly "idempotency-key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RunRequest"];
            };
        };
        readonly responses: {
            /** @description The run, which is queued */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly forkRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                readonly "idempotency-key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ForkRequest"];
            };
        };
        readonly responses: {
            /** @description The new runs, one for each prompt */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description Only events with a higher number. */
                readonly after?: number | null;
                readonly follow?: "true" | "false";
            };
            readonly header?: {
                readonly "last-event-id"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                    readonly "application/x-ndjson": string;
                };
            };
            /** @description The run has ended, and the client has every event */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resumeRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                readonly "idempotency-key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ResumeRequest"];
            };
        };
        readonly responses: {
            /** @description The new run */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly sendInput: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["InputRequest"];
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly stopRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["StopRequest"];
            };
        };
        readonly responses: {
            /** @description The run, which is stopping */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getArchive: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The archive */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/gzip": string;
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBundle: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The bundle */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-git-bundle": string;
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getFile: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly range?: string;
            };
            readonly path: {
                readonly id: string;
                readonly path: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The file */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": string;
                };
            };
            /** @description The range that was asked for */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": string;
                };
            };
            /** @description The client has this version */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getJournal: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The journal */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-ndjson": string;
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getManifest: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The files */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Manifest"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getPatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The patch */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/x-diff": string;
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getProcesses: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The processes */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Processes"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly openPort: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PortRequest"];
            };
        };
        readonly responses: {
            /** @description The address */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PortPreview"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly openTerminal: {
        readonly parameters: {
            readonly query?: {
                readonly columns?: number;
                readonly rows?: number;
                /** @description Only watch. */
                readonly readOnly?: "true" | "false";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The terminal */
            readonly 101: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listLinks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The links */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ShareLinkList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["ShareLinkRequest"];
            };
        };
        readonly responses: {
            /** @description The link */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewShareLink"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly revokeLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly linkId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createUpload: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-tar": string;
                readonly "application/gzip": string;
            };
        };
        readonly responses: {
            /** @description The upload */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listBatches: {
        readonly parameters: {
            readonly query?: {
                /** @description Default: 50. */
                readonly limit?: number;
                /** @description `nextCursor` of the page before. */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of batches */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BatchPage"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createBatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                readonly "idempotency-key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["BatchRequest"];
            };
        };
        readonly responses: {
            /** @description The batch */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The batch */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBatchReport: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The report */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BatchReport"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly stopBatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The batch */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSandbox: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sandbox */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sandbox"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteSandbox: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSandboxes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sandboxes */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SandboxList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listComponents: {
        readonly parameters: {
            readonly query?: {
                readonly kind?: "agent" | "command" | "mcp" | "setting" | "hook" | "skill" | "plugin" | "loop";
                /** @description Words of the name, the category or the description. */
                readonly q?: string;
                /** @description Default: 50. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The components */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ComponentList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listProviders: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The providers */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ProviderList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listTemplates: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The templates */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TemplateList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listWorkers: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The workers */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WorkerList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCost: {
        readonly parameters: {
            readonly query?: {
                /** @description Default: `day`. */
                readonly by?: "day" | "user" | "model" | "harness";
                /** @description Default: 30 days ago. */
                readonly from?: string;
                /** @description Default: now. */
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The cost */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Cost"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAudit: {
        readonly parameters: {
            readonly query?: {
                /** @description Default: 50. */
                readonly limit?: number;
                /** @description `nextCursor` of the page before. */
                readonly cursor?: string;
                readonly user?: string;
                readonly action?: string;
                readonly target?: string;
                readonly from?: string;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of the log */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["UserChange"];
            };
        };
        readonly responses: {
            /** @description The user */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SessionRequest"];
            };
        };
        readonly responses: {
            /** @description The session */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listTokens: {
        readonly parameters: {
            readonly query?: {
                readonly user?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tokens */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewTokenRequest"];
            };
        };
        readonly responses: {
            /** @description The token */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewToken"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listUsers: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The users */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewUser"];
            };
        };
        readonly responses: {
            /** @description The user */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getMe: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Who is asking */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSessionMethods: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The ways */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SessionMethods"];
                };
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly revokeToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
