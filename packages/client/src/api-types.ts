// Generated from the server's OpenAPI document by scripts/write-api-types.ts. Do not edit.
/** Every path of the API. */
export interface paths {
    "/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a run */
        get: operations["getRun"];
        put?: never;
        post?: never;
        /**
         * Delete a run, its events and its files
         * @description A run that is running gets 409: stop it first. A queued one is removed from the queue.
         */
        delete: operations["deleteRun"];
        options?: never;
        head?: never;
        /** Change the priority of a queued run */
        patch: operations["changeRun"];
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description Newest first, in pages.
         */
        get: operations["listRuns"];
        put?: never;
        /**
         * Start a run
         * @description The run is queued, and starts when a worker has room for it. `place` is its place in the queue.
         */
        post: operations["createRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Continue a run in several directions at once */
        post: operations["forkRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the events of a run
         * @description Server-sent events by default: `id` is the event's number, `event` its type, `data` the event. The stream ends with the run; then a request with the last id gets 204, which ends an `EventSource`. With `Accept: application/x-ndjson`, the events so far, a line each; with `follow=true` to the end of the run.
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Continue a run with another prompt
         * @description A new run that starts with the files and the conversation of this one.
         */
        post: operations["resumeRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Type into the terminal of an interactive run */
        post: operations["sendInput"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a run
         * @description The agent is stopped and the files are collected. A queued run is cancelled and never starts.
         */
        post: operations["stopRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download all files as .tar.gz */
        get: operations["getArchive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the agent's commits as a git bundle */
        get: operations["getBundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a file
         * @description The path may have slashes. A browser neither shows nor runs it at this address.
         */
        get: operations["getFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download all events as NDJSON */
        get: operations["getJournal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files of a run */
        get: operations["getManifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/patch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the changes as a git patch */
        get: operations["getPatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/processes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the processes in a running run's sandbox
         * @description Measured in the sandbox, which may say anything.
         */
        get: operations["getProcesses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/ports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get an address of a port in a running run's sandbox */
        post: operations["openPort"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/terminal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Attach to the terminal of an interactive run (WebSocket)
         * @description Subprotocol `glovebox.terminal.v1`. Binary messages are bytes of the terminal, both ways. Text messages are JSON: the client sends `{"type":"resize","columns":80,"rows":24}`, the server `{"type":"exit","exitCode":0}` before it closes with 1000. A browser without a cookie passes its token as a second subprotocol, `glovebox.token.TOKEN`.
         */
        get: operations["openTerminal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the links of a run */
        get: operations["listLinks"];
        put?: never;
        /**
         * Share a run by a link
         * @description Whoever has the link reads this run, and nothing else, until the link expires or is revoked.
         */
        post: operations["createLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/links/{linkId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a link */
        delete: operations["revokeLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a project
         * @description A tar archive, compressed with gzip or not. It can be used by runs until it expires.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List batches */
        get: operations["listBatches"];
        put?: never;
        /** Start a batch of runs */
        post: operations["createBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a batch
         * @description Its runs are `GET /v1/runs?batch=ID`.
         */
        get: operations["getBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Report what came of a batch */
        get: operations["getBatchReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a batch
         * @description Cancels its queued runs and stops its running ones.
         */
        post: operations["stopBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sandboxes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a sandbox */
        get: operations["getSandbox"];
        put?: never;
        post?: never;
        /**
         * Remove a sandbox
         * @description One that a running run uses gets 409: stop the run.
         */
        delete: operations["deleteSandbox"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sandboxes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the sandboxes of the server's runs */
        get: operations["listSandboxes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/components": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search components
         * @description In the server's catalogs. Best match first; tolerates typos.
         */
        get: operations["listComponents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List providers with their health, and harnesses */
        get: operations["listProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List templates */
        get: operations["listTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workers */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sum up what runs have cost */
        get: operations["getCost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit log
         * @description For admins. Newest first, in pages.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change or disable a user */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Sets the session's cookie.
         */
        post: operations["createSession"];
        /** Sign out */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your tokens
         * @description Admins may name a user, or `all`.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Create a token
         * @description Its text is in this response and nowhere else.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users */
        get: operations["listUsers"];
        put?: never;
        /**
         * Add a user
         * @description For admins. Give the user a token, or an OIDC subject.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the user or the share link that the request comes from */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the ways to sign in */
        get: operations["getSessionMethods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        RunEvent: ({
            /** @enum {string} */
            type: "harness.session";
            sessionId: string;
            model?: string;
            version?: string;
            tools: string[];
            agents: string[];
            commands: string[];
            skills: string[];
            mcpServers: {
                name: string;
                status: string;
            }[];
        } | {
            /** @enum {string} */
            type: "text.delta" | "reasoning.delta";
            messageId: string;
            text: string;
            parentCallId?: string;
        } | {
            /** @enum {string} */
            type: "message.end";
            messageId: string;
            /** @enum {string} */
            role: "assistant" | "user";
            text: string;
            parentCallId?: string;
        } | {
            /** @enum {string} */
            type: "tool.start";
            callId: string;
            name: string;
            input?: unknown;
            parentCallId?: string;
        } | {
            /** @enum {string} */
            type: "tool.end";
            callId: string;
            /** @enum {string} */
            status: "ok" | "error" | "interrupted";
            output: string;
            parentCallId?: string;
        } | {
            /** @enum {string} */
            type: "usage";
            model: string;
            messageId?: string;
            input: number;
            output: number;
            cacheRead: number;
            cacheWrite: number;
            costUsd?: number;
            /** @enum {string} */
            source: "harness" | "gateway";
            parentCallId?: string;
            agentId?: string;
            budget?: {
                /** @enum {string} */
                kind: "shared" | "run" | "agent";
                name: string;
                spentUsd: number;
                maxUsd?: number;
                spentTokens: number;
                maxTokens?: number;
            }[];
        } | {
            /** @enum {string} */
            type: "harness.retry";
            attempt: number;
            delayMs?: number;
            apiStatus?: number;
            message: string;
        } | {
            /** @enum {string} */
            type: "harness.compaction";
            message: string;
        } | {
            /** @enum {string} */
            type: "harness.result";
            ok: boolean;
            /** @enum {string} */
            reason: "done" | "max-turns" | "max-budget" | "api-error" | "aborted" | "error";
            apiStatus?: number;
            message: string;
            turns?: number;
            costUsd?: number;
            sessionId?: string;
            structuredOutput?: unknown;
        } | {
            /** @enum {string} */
            type: "harness.raw";
            /** @enum {string} */
            stream: "stdout" | "stderr";
            line: string;
        } | {
            /** @enum {string} */
            type: "run.state";
            /** @enum {string} */
            from?: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
            /** @enum {string} */
            to: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
        } | {
            /** @enum {string} */
            type: "run.progress";
            /** @enum {string} */
            stage: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
            message: string;
            done?: number;
            total?: number;
            output?: string;
        } | {
            /** @enum {string} */
            type: "sandbox.created";
            providerId: string;
            sandboxId: string;
            expiresAt: string;
        } | {
            /** @enum {string} */
            type: "terminal.start";
            processId: string;
        } | {
            /** @enum {string} */
            type: "terminal.end";
            processId: string;
            exitCode: number | null;
        } | {
            /** @enum {string} */
            type: "components.installed";
            components: {
                kind: string;
                name: string;
                source: string;
                revision: string;
                sha256: string;
            }[];
            files: string[];
        } | {
            /** @enum {string} */
            type: "network.policy";
            /** @enum {string} */
            mode: "none" | "sealed" | "standard" | "open";
            models: {
                id: string;
                upstream: string;
            }[];
            allow: {
                host: string;
                port?: number | "any";
                mayBePrivate?: boolean;
                source: string;
            }[];
            credentials: {
                host: string;
                port?: number;
                header: string;
                scheme?: string;
                secret: string;
                source: string;
            }[];
            maxCostUsd?: number;
            budget?: {
                /** @enum {string} */
                kind: "shared" | "run" | "agent";
                name: string;
                spentUsd: number;
                maxUsd?: number;
                spentTokens: number;
                maxTokens?: number;
            }[];
        } | {
            /** @enum {string} */
            type: "network.request";
            host: string;
            port: number;
            routeId?: string;
            method: string;
            path?: string;
            /** @enum {string} */
            decision: "allowed" | "denied" | "failed";
            rule?: string;
            status: number;
            reason?: string;
            /** @enum {string} */
            failure?: "unreachable" | "broken" | "silent" | "unauthenticated" | "left";
            remedy?: {
                /** @enum {string} */
                raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
            } | {
                allowHost: string;
            } | {
                /** @enum {string} */
                set: "image" | "model" | "overwrite" | "workspace";
            } | {
                /** @enum {string} */
                set: "network";
                /** @enum {string} */
                value: "standard" | "open";
            } | {
                /** @enum {string} */
                do: "set-up" | "build-template";
            };
            requestBytes: number;
            responseBytes: number;
            durationMs: number;
        } | {
            /** @enum {string} */
            type: "network.refused";
            count: number;
            since: string;
            hosts: string[];
        } | {
            /** @enum {string} */
            type: "run.stalled";
            /** @enum {string} */
            state: "begin" | "end";
            silentMs: number;
            stopsInMs?: number;
        } | {
            /** @enum {string} */
            type: "files.collected";
            count: number;
            bytes: number;
            created: number;
            changed: number;
            deleted: number;
            skipped: number;
            directory: string;
        } | {
            /** @enum {string} */
            type: "warning";
            code: string;
            message: string;
            remedy?: {
                /** @enum {string} */
                raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
            } | {
                allowHost: string;
            } | {
                /** @enum {string} */
                set: "image" | "model" | "overwrite" | "workspace";
            } | {
                /** @enum {string} */
                set: "network";
                /** @enum {string} */
                value: "standard" | "open";
            } | {
                /** @enum {string} */
                do: "set-up" | "build-template";
            };
        } | {
            /** @enum {string} */
            type: "error";
            code: string;
            message: string;
            retryable: boolean;
            hint?: string;
            remedy?: {
                /** @enum {string} */
                raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
            } | {
                allowHost: string;
            } | {
                /** @enum {string} */
                set: "image" | "model" | "overwrite" | "workspace";
            } | {
                /** @enum {string} */
                set: "network";
                /** @enum {string} */
                value: "standard" | "open";
            } | {
                /** @enum {string} */
                do: "set-up" | "build-template";
            };
        } | {
            /** @enum {string} */
            type: "run.end";
            /** @enum {string} */
            outcome: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
            reason: string;
            exitCode: number;
            cleanup: {
                /** @enum {string} */
                state: "clean";
            } | {
                /** @enum {string} */
                state: "kept";
                providerId: string;
                sandboxId: string;
            } | {
                /** @enum {string} */
                state: "left";
                providerId: string;
                sandboxId?: string;
                reason: string;
            };
        }) & {
            /** @enum {number} */
            v: 1;
            seq: number;
            time: string;
            runId: string;
        } & Record<string, never>;
        Run: {
            id: string;
            /** @description Who started it. */
            userId: string;
            /** @enum {string} */
            state: "queued" | "running" | "ended";
            /** @enum {string} */
            phase?: "preparing" | "creating" | "uploading" | "installing" | "running" | "collecting" | "destroying" | "ended";
            /** @enum {string} */
            outcome?: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
            /** @description Why it ended so, in one line. */
            reason?: string;
            exitCode?: number;
            name?: string;
            promptPreview: string;
            harness: string;
            provider: string;
            model?: string;
            template?: string;
            labels: {
                [key: string]: string;
            };
            /** @description Whether it has a terminal, at `/v1/runs/{id}/terminal`. */
            interactive: boolean;
            batchId?: string;
            rowId?: string;
            /** @description The run that it continues. */
            continues?: string;
            forkOf?: string;
            priority: number;
            /** @description Its place in the queue, from 1, while it is queued. */
            place?: number;
            workerId?: string;
            sandboxId?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            endedAt?: string;
            durationMs?: number;
            costUsd?: number;
            tokens?: {
                input: number;
                output: number;
                cacheRead: number;
                cacheWrite: number;
            };
            filesCount?: number;
            filesBytes?: number;
            lastEventSeq: number;
            /**
             * Format: date-time
             * @description Since when it makes no progress.
             * @example 2026-01-31T09:30:00.000Z
             */
            stalledSince?: string;
        };
        Problem: {
            /** @description A URI that names the problem: `urn:glovebox:problem:CODE`. */
            type: string;
            /** @description The problem in a few words, the same for every occurrence of the code. */
            title: string;
            status: number;
            /**
             * @description For programs; docs/errors.md explains each.
             * @enum {string}
             */
            code: "not-found" | "stopped" | "authentication" | "forbidden" | "quota" | "rate-limited" | "capability-unsupported" | "invalid-options" | "template" | "component" | "timeout" | "unavailable" | "lost" | "aborted" | "process" | "file" | "internal" | "method-not-allowed" | "payload-too-large" | "unsupported-media-type" | "conflict" | "carried-elsewhere" | "range-not-satisfiable" | "misdirected-request";
            /** @description What went wrong this time, in one line. */
            detail: string;
            /** @description The id of the request, as in the server's log. */
            requestId: string;
            /** @description What is invalid, by its place in the request. */
            errors?: {
                path: string;
                message: string;
            }[];
            retryAfterMs?: number;
        };
        RunChange: {
            /** @description Of a run that is queued. */
            priority: number;
        };
        RunRequest: {
            /** @description What the agent should do. Only an interactive run may have an empty one. */
            prompt: string;
            /** @description A name for people. */
            name?: string;
            model?: string;
            maxTurns?: number;
            /** @description The tools that the agent may use. Default: all. */
            allowedTools?: string[];
            appendSystemPrompt?: string;
            /** @description Further arguments of the agent's program. */
            extraArgs?: string[];
            /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
            jsonSchema?: {
                [key: string]: unknown;
            };
            labels?: {
                [key: string]: string;
            };
            /** @description The time limit, in milliseconds. */
            timeoutMs?: number;
            /** @description The limit of time without activity. */
            idleTimeoutMs?: number;
            /** @description What the models may cost, in US dollars. */
            maxCostUsd?: number;
            /** @description How many tokens the models may use. */
            maxTokens?: number;
            maxCostPerAgentUsd?: number;
            maxTokensPerAgent?: number;
            strictBudget?: boolean;
            /** @description Default: 5. A higher one is started first. */
            priority?: number;
            /** @description The coding agent, by the name that the server knows. Default: the server's. */
            harness?: string;
            /** @description Where the sandbox runs. One of `GET /v1/providers`. Default: the server's. */
            provider?: string;
            /** @description A template of the server: one of `GET /v1/templates`. */
            template?: string;
            /** @description The image to start from. */
            image?: string;
            /** @description Components to install, from `GET /v1/components`. */
            components?: components["schemas"]["ComponentRequest"][];
            workspace?: components["schemas"]["Workspace"];
            network?: {
                /**
                 * @description Default: `sealed`.
                 * @enum {string}
                 */
                mode?: "none" | "sealed" | "standard" | "open";
                /**
                 * @description Hosts that may be reached, as --allow-host accepts them.
                 * @example [
                 *       "example.com:8443"
                 *     ]
                 */
                allow?: string[];
            };
            /** @description Environment variables in the sandbox. They are kept with the run: do not put secrets into them. */
            env?: {
                [key: string]: string;
            };
            resources?: {
                cpus?: number;
                memoryMiB?: number;
                pids?: number;
                diskMiB?: number;
                openFiles?: number;
                tmpMiB?: number;
                shmMiB?: number;
            };
            /** @description Files to leave out of the result, in .gitignore syntax. */
            ignore?: string[];
            /** @description The largest file, and the total, that come back. */
            limits?: {
                fileBytes?: number;
                totalBytes?: number;
            };
            /** @description Let apt and sudo work in the sandbox, if the server allows it. */
            rootInside?: boolean;
            /** @description Start the agent in a terminal, which users attach to. */
            interactive?: boolean;
            /** @description Leave the sandbox running at the end, until its lease ends. */
            keep?: boolean;
            keepSnapshot?: boolean;
        };
        /**
         * @example {
         *       "kind": "agent",
         *       "name": "frontend-developer"
         *     }
         */
        ComponentRequest: {
            /** @enum {string} */
            kind: "agent" | "command" | "mcp" | "setting" | "hook" | "skill" | "plugin" | "loop";
            name: string;
        };
        Workspace: {
            /** @description The `uploadId` of `POST /v1/uploads`. */
            upload: string;
        } | {
            git: {
                /**
                 * @description An https URL. It must not contain a user name or a password.
                 * @example https://github.com/honojs/hono
                 */
                url: string;
                /** @description A branch, tag or commit. Default: the repository's default branch. */
                ref?: string;
                subdirectory?: string;
            };
        };
        RunList: {
            runs: components["schemas"]["Run"][];
        };
        ForkRequest: {
            prompts: string[];
            /** @description A name for people. */
            name?: string;
            model?: string;
            maxTurns?: number;
            /** @description The tools that the agent may use. Default: all. */
            allowedTools?: string[];
            appendSystemPrompt?: string;
            /** @description Further arguments of the agent's program. */
            extraArgs?: string[];
            /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
            jsonSchema?: {
                [key: string]: unknown;
            };
            labels?: {
                [key: string]: string;
            };
            /** @description The time limit, in milliseconds. */
            timeoutMs?: number;
            /** @description The limit of time without activity. */
            idleTimeoutMs?: number;
            /** @description What the models may cost, in US dollars. */
            maxCostUsd?: number;
            /** @description How many tokens the models may use. */
            maxTokens?: number;
            maxCostPerAgentUsd?: number;
            maxTokensPerAgent?: number;
            strictBudget?: boolean;
            /** @description Default: 5. A higher one is started first. */
            priority?: number;
        };
        RunDetail: components["schemas"]["Run"] & {
            request: components["schemas"]["RunRequest"];
            /** @description Of a run that has ended. */
            result?: {
                /** @enum {number} */
                v: 1;
                runId: string;
                /** @enum {string} */
                outcome: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
                reason: string;
                hint?: string;
                remedy?: {
                    /** @enum {string} */
                    raise: "timeoutMs" | "idleTimeoutMs" | "leaseMs" | "memoryMiB" | "diskMiB" | "tmpMiB" | "shmMiB" | "maxCostUsd" | "maxTokens" | "maxCostPerAgentUsd" | "maxTokensPerAgent" | "maxTurns" | "maxBudgetUsd";
                } | {
                    allowHost: string;
                } | {
                    /** @enum {string} */
                    set: "image" | "model" | "overwrite" | "workspace";
                } | {
                    /** @enum {string} */
                    set: "network";
                    /** @enum {string} */
                    value: "standard" | "open";
                } | {
                    /** @enum {string} */
                    do: "set-up" | "build-template";
                };
                exitCode: number;
                cleanup: {
                    /** @enum {string} */
                    state: "clean";
                } | {
                    /** @enum {string} */
                    state: "kept";
                    providerId: string;
                    sandboxId: string;
                } | {
                    /** @enum {string} */
                    state: "left";
                    providerId: string;
                    sandboxId?: string;
                    reason: string;
                };
                providerId: string;
                sandboxId?: string;
                harnessId: string;
                sessionId?: string;
                startedAt: string;
                durationMs: number;
                message?: string;
                structuredOutput?: unknown;
                turns?: number;
                costUsd?: number;
                maxCostUsd?: number;
                maxTokens?: number;
                tokens?: {
                    input: number;
                    output: number;
                    cacheRead: number;
                    cacheWrite: number;
                };
            };
        };
        RunPage: {
            runs: components["schemas"]["Run"][];
            /** @description Absent on the last page. */
            nextCursor?: string;
        };
        ResumeRequest: {
            prompt: string;
            /** @description A name for people. */
            name?: string;
            model?: string;
            maxTurns?: number;
            /** @description The tools that the agent may use. Default: all. */
            allowedTools?: string[];
            appendSystemPrompt?: string;
            /** @description Further arguments of the agent's program. */
            extraArgs?: string[];
            /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
            jsonSchema?: {
                [key: string]: unknown;
            };
            labels?: {
                [key: string]: string;
            };
            /** @description The time limit, in milliseconds. */
            timeoutMs?: number;
            /** @description The limit of time without activity. */
            idleTimeoutMs?: number;
            /** @description What the models may cost, in US dollars. */
            maxCostUsd?: number;
            /** @description How many tokens the models may use. */
            maxTokens?: number;
            maxCostPerAgentUsd?: number;
            maxTokensPerAgent?: number;
            strictBudget?: boolean;
            /** @description Default: 5. A higher one is started first. */
            priority?: number;
        };
        InputRequest: {
            text: string;
        };
        StopRequest: {
            /** @description Remove the sandbox at once; files that were not collected are lost. */
            force?: boolean;
        };
        Manifest: {
            /** @description Always empty: the files are on the server. */
            directory: string;
            /** @description False when the collection broke off. */
            complete: boolean;
            bytes: number;
            manifest: components["schemas"]["ManifestEntry"][];
            skipped: {
                path: string;
                reason: string;
                pastLimit?: boolean;
            }[];
            /** @description Files that can make a computer execute something. */
            executable: string[];
            /** @description Absent without a patch; see `/v1/runs/{id}/patch`. */
            patch?: string;
            /** @description Absent without commits; see `/v1/runs/{id}/bundle`. */
            bundle?: string;
            /** @description What the bundle holds, by name. */
            refs?: string[];
            repositories?: {
                path: string;
                /** @enum {string} */
                state: "restored" | "bundle" | "archive";
                file?: string;
            }[];
            /** @description What went into the sandbox, for programs that apply the changes. */
            baseline?: {
                [key: string]: unknown;
            };
        };
        ManifestEntry: {
            path: string;
            /** @enum {string} */
            kind: "file" | "directory" | "symlink";
            /** @description Permission bits in octal: `0644`. */
            mode: string;
            /** @description In bytes. */
            size?: number;
            sha256?: string;
            /** @description Where a symbolic link points. */
            target?: string;
            /** @enum {string} */
            change: "created" | "changed" | "unchanged" | "deleted";
        };
        Processes: {
            /** @description Processor time of all processes since they started. */
            cpuMs: number;
            memoryBytes: number;
            disk?: {
                usedBytes: number;
                totalBytes: number;
            };
            processes: {
                pid: number;
                /** @description Chosen by the process itself. */
                name: string;
                cpuMs: number;
                memoryBytes: number;
            }[];
        };
        PortPreview: {
            /** @description On an origin of its own, with a token that opens this port only. */
            url: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            expiresAt: string;
        };
        PortRequest: {
            port: number;
        };
        NewShareLink: components["schemas"]["ShareLink"] & {
            url: string;
        };
        ShareLink: {
            id: string;
            runId: string;
            createdBy: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            revokedAt?: string;
        };
        ShareLinkRequest: {
            /** @description Default: a week. At most 90 days. */
            expiresInMs?: number;
        };
        ShareLinkList: {
            links: components["schemas"]["ShareLink"][];
        };
        Upload: {
            uploadId: string;
            bytes: number;
            sha256: string;
            /**
             * Format: date-time
             * @description Until when a run can be started from it.
             * @example 2026-01-31T09:30:00.000Z
             */
            expiresAt: string;
        };
        Batch: {
            id: string;
            userId: string;
            name?: string;
            /** @enum {string} */
            state: "running" | "ended";
            counts: {
                total: number;
                queued: number;
                running: number;
                succeeded: number;
                /** @description With every other outcome. */
                failed: number;
            };
            costUsd: number;
            maxCostUsd?: number;
            concurrency?: number;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            endedAt?: string;
        };
        BatchRequest: {
            name?: string;
            rows: components["schemas"]["BatchRow"][];
            /** @description What all rows have in common. */
            run?: {
                /** @description A name for people. */
                name?: string;
                model?: string;
                maxTurns?: number;
                /** @description The tools that the agent may use. Default: all. */
                allowedTools?: string[];
                appendSystemPrompt?: string;
                /** @description Further arguments of the agent's program. */
                extraArgs?: string[];
                /** @description A JSON Schema of an object: the result has a `structuredOutput` that matches it. */
                jsonSchema?: {
                    [key: string]: unknown;
                };
                labels?: {
                    [key: string]: string;
                };
                /** @description The time limit, in milliseconds. */
                timeoutMs?: number;
                /** @description The limit of time without activity. */
                idleTimeoutMs?: number;
                /** @description What the models may cost, in US dollars. */
                maxCostUsd?: number;
                /** @description How many tokens the models may use. */
                maxTokens?: number;
                maxCostPerAgentUsd?: number;
                maxTokensPerAgent?: number;
                strictBudget?: boolean;
                /** @description Default: 5. A higher one is started first. */
                priority?: number;
                /** @description The coding agent, by the name that the server knows. Default: the server's. */
                harness?: string;
                /** @description Where the sandbox runs. One of `GET /v1/providers`. Default: the server's. */
                provider?: string;
                /** @description A template of the server: one of `GET /v1/templates`. */
                template?: string;
                /** @description The image to start from. */
                image?: string;
                /** @description Components to install, from `GET /v1/components`. */
                components?: components["schemas"]["ComponentRequest"][];
                workspace?: components["schemas"]["Workspace"];
                network?: {
                    /**
                     * @description Default: `sealed`.
                     * @enum {string}
                     */
                    mode?: "none" | "sealed" | "standard" | "open";
                    /**
                     * @description Hosts that may be reached, as --allow-host accepts them.
                     * @example [
                     *       "example.com:8443"
                     *     ]
                     */
                    allow?: string[];
                };
                /** @description Environment variables in the sandbox. They are kept with the run: do not put secrets into them. */
                env?: {
                    [key: string]: string;
                };
                resources?: {
                    cpus?: number;
                    memoryMiB?: number;
                    pids?: number;
                    diskMiB?: number;
                    openFiles?: number;
                    tmpMiB?: number;
                    shmMiB?: number;
                };
                /** @description Files to leave out of the result, in .gitignore syntax. */
                ignore?: string[];
                /** @description The largest file, and the total, that come back. */
                limits?: {
                    fileBytes?: number;
                    totalBytes?: number;
                };
                /** @description Let apt and sudo work in the sandbox, if the server allows it. */
                rootInside?: boolean;
                /** @description Start the agent in a terminal, which users attach to. */
                interactive?: boolean;
                /** @description Leave the sandbox running at the end, until its lease ends. */
                keep?: boolean;
                keepSnapshot?: boolean;
            };
            /** @description What its runs may cost in all, in US dollars. */
            maxCostUsd?: number;
            /** @description How many of its runs may run at once. */
            concurrency?: number;
        };
        BatchRow: {
            /** @description Default: its number. */
            id?: string;
            prompt: string;
            model?: string;
            harness?: string;
            provider?: string;
            labels?: {
                [key: string]: string;
            };
        };
        BatchReport: {
            id: string;
            name?: string;
            isComplete: boolean;
            total: {
                name: string;
                rows: number;
                passed: number;
                /** @description With its 95% interval. Absent before a row has ended. */
                passRate?: {
                    rate: number;
                    low: number;
                    high: number;
                };
                costUsd: number;
                tokens: number;
                durationMs: number;
            };
            /** @description By what the rows differ in. */
            slices: {
                /** @enum {string} */
                by: "model" | "harness" | "provider";
                slices: {
                    name: string;
                    rows: number;
                    passed: number;
                    /** @description With its 95% interval. Absent before a row has ended. */
                    passRate?: {
                        rate: number;
                        low: number;
                        high: number;
                    };
                    costUsd: number;
                    tokens: number;
                    durationMs: number;
                }[];
            }[];
            rows: {
                rowId: string;
                runId: string;
                state: string;
                outcome?: string;
                promptPreview: string;
                model?: string;
                harness: string;
                provider: string;
                costUsd?: number;
                durationMs?: number;
                filesCount?: number;
            }[];
        };
        BatchPage: {
            batches: components["schemas"]["Batch"][];
            /** @description Absent on the last page. */
            nextCursor?: string;
        };
        Sandbox: {
            id: string;
            provider: string;
            /** @enum {string} */
            state: "starting" | "running" | "paused" | "stopped" | "unknown";
            runId: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it stops by itself.
             * @example 2026-01-31T09:30:00.000Z
             */
            leaseEndsAt?: string;
            rootInside: boolean;
            resources?: {
                [key: string]: number;
            };
        };
        SandboxList: {
            sandboxes: components["schemas"]["Sandbox"][];
            /** @description Providers that could not be asked. */
            problems: {
                provider: string;
                detail: string;
            }[];
        };
        ComponentList: {
            components: components["schemas"]["Component"][];
            total: number;
        };
        Component: {
            /** @enum {string} */
            kind: "agent" | "command" | "mcp" | "setting" | "hook" | "skill" | "plugin" | "loop";
            name: string;
            category?: string;
            description?: string;
            source: string;
        };
        ProviderList: {
            providers: components["schemas"]["Provider"][];
            harnesses: {
                name: string;
                isDefault: boolean;
                hasCredential: boolean;
            }[];
        };
        Provider: {
            name: string;
            isDefault: boolean;
            ready: boolean;
            findings: {
                name: string;
                /** @enum {string} */
                status: "ok" | "notice" | "problem";
                message: string;
            }[];
            capabilities: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            checkedAt: string;
        };
        TemplateList: {
            templates: components["schemas"]["Template"][];
        };
        Template: {
            name: string;
            provider: string;
            /** @description What the provider calls it. */
            reference?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            builtAt?: string;
            bytes?: number;
        };
        WorkerList: {
            workers: components["schemas"]["Worker"][];
        };
        Worker: {
            id: string;
            host: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            startedAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            lastSeenAt: string;
            providers: string[];
            /** @description How many runs it carries at once. */
            capacity: number;
            running: number;
        };
        Cost: {
            /** @enum {string} */
            by: "day" | "user" | "model" | "harness";
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            from: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            to: string;
            totalUsd: number;
            entries: {
                /** @description The day as `2026-01-31`, or the id of the user, the model, the harness. */
                key: string;
                costUsd: number;
                runs: number;
                tokens: number;
            }[];
        };
        AuditPage: {
            entries: components["schemas"]["AuditEntry"][];
            /** @description Absent on the last page. */
            nextCursor?: string;
        };
        AuditEntry: {
            id: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            at: string;
            userId?: string;
            tokenId?: string;
            /** @example run.create */
            action: string;
            target?: string;
            detail: {
                [key: string]: unknown;
            };
            address: string;
            requestId: string;
        };
        User: {
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            limits: components["schemas"]["UserLimits"];
            oidcSubject?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            disabledAt?: string;
        };
        /** @enum {string} */
        Role: "viewer" | "runner" | "admin";
        UserLimits: {
            concurrentRuns?: number;
            budgetUsdPerDay?: number;
        };
        UserChange: {
            role?: components["schemas"]["Role"];
            limits?: components["schemas"]["UserLimits"];
            /** @description A disabled user cannot sign in, and none of its tokens is valid. */
            disabled?: boolean;
        };
        Session: {
            user: components["schemas"]["User"];
            role: components["schemas"]["Role"];
            /** @description For `x-csrf-token`: required with every request that changes something. */
            csrf: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            expiresAt: string;
        };
        SessionRequest: {
            /** @description The code of a one-time link. */
            code: string;
        } | {
            token: string;
        };
        NewToken: components["schemas"]["Token"] & {
            token: string;
        };
        Token: {
            id: string;
            userId: string;
            name: string;
            /** @description The first characters of its text. */
            prefix: string;
            role?: components["schemas"]["Role"] & unknown;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            lastUsedAt?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            revokedAt?: string;
        };
        NewTokenRequest: {
            name: string;
            role?: components["schemas"]["Role"] & unknown;
            /** @description Default: it does not expire. */
            expiresInMs?: number;
            /** @description For another user: admins only. */
            userId?: string;
        };
        NewUser: {
            name: string;
            role: components["schemas"]["Role"];
            limits?: components["schemas"]["UserLimits"];
            oidcSubject?: string;
        };
        Me: {
            user?: components["schemas"]["User"];
            role: components["schemas"]["Role"];
            link?: {
                runId: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                expiresAt: string;
            };
            /** @description For `x-csrf-token`, with a session cookie. */
            csrf?: string;
            server: {
                version: string;
            };
        };
        SessionMethods: {
            oidc: {
                name: string;
            } | null;
        };
        TokenList: {
            tokens: components["schemas"]["Token"][];
        };
        UserList: {
            users: components["schemas"]["User"][];
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
    getRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunChange"];
            };
        };
        responses: {
            /** @description The run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Default: 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                state?: "queued" | "running" | "ended";
                outcome?: "succeeded" | "failed" | "cancelled" | "timed-out" | "budget-exceeded";
                /** @description The id of a user, or `me`. */
                user?: string;
                harness?: string;
                provider?: string;
                batch?: string;
                /** @description `NAME=VALUE` or `NAME`; repeatable. */
                label?: string;
                /** @description Words of the name, the prompt or the id. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPage"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunRequest"];
            };
        };
        responses: {
            /** @description The run, which is queued */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forkRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForkRequest"];
            };
        };
        responses: {
            /** @description The new runs, one for each prompt */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvents: {
        parameters: {
            query?: {
                /** @description Only events with a higher number. */
                after?: number | null;
                follow?: "true" | "false";
            };
            header?: {
                "last-event-id"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description The run has ended, and the client has every event */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeRequest"];
            };
        };
        responses: {
            /** @description The new run */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InputRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stopRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["StopRequest"];
            };
        };
        responses: {
            /** @description The run, which is stopping */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArchive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBundle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bundle */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-git-bundle": string;
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFile: {
        parameters: {
            query?: never;
            header?: {
                range?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The client has this version */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJournal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The journal */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getManifest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Manifest"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The patch */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/x-diff": string;
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProcesses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The processes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Processes"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openPort: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PortRequest"];
            };
        };
        responses: {
            /** @description The address */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortPreview"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openTerminal: {
        parameters: {
            query?: {
                columns?: number;
                rows?: number;
                /** @description Only watch. */
                readOnly?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The terminal */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLinks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The links */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareLinkList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ShareLinkRequest"];
            };
        };
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewShareLink"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                linkId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-tar": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description The upload */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBatches: {
        parameters: {
            query?: {
                /** @description Default: 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of batches */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPage"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRequest"];
            };
        };
        responses: {
            /** @description The batch */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBatchReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchReport"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stopBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSandbox: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sandbox */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sandbox"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSandbox: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSandboxes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sandboxes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SandboxList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listComponents: {
        parameters: {
            query?: {
                kind?: "agent" | "command" | "mcp" | "setting" | "hook" | "skill" | "plugin" | "loop";
                /** @description Words of the name, the category or the description. */
                q?: string;
                /** @description Default: 50. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The components */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComponentList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProviders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The providers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The templates */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWorkers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCost: {
        parameters: {
            query?: {
                /** @description Default: `day`. */
                by?: "day" | "user" | "model" | "harness";
                /** @description Default: 30 days ago. */
                from?: string;
                /** @description Default: now. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cost */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cost"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Default: 50. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                user?: string;
                action?: string;
                target?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the log */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description The session */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTokenRequest"];
            };
        };
        responses: {
            /** @description The token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description The user */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is asking */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSessionMethods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionMethods"];
                };
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What went wrong */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
