import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { resolveSettings, type ServerOptions, type ServerSettings } from "../../server-settings.ts";
import { openServerStore } from "../../worker/store-settings.ts";
import { type Actor, AuditLog } from "../audit-log.ts";
import { Sessions } from "../sessions.ts";
import { Tokens } from "../tokens.ts";
import { Users } from "../users.ts";

/** What the commands of the machine's owner work with. They need no token: whoever can open the store owns the server. */
export interface OwnerAccess extends AsyncDisposable {
  readonly users: Users;
  readonly tokens: Tokens;
  /** Who the audit log names: nobody, at this machine. */
  readonly actor: Actor;
  readonly settings: ServerSettings;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Opens the store of a server. An embedded one is open to one process at a time: throws `invalid-options` while the server runs. */
export async function openOwnerAccess(options: ServerOptions, env: Environment, cwd: string): Promise<OwnerAccess> {
  const settings = resolveSettings(options, env, cwd);
  const store = await openServerStore(settings.stateDir, settings.store, env).catch((error: unknown) => {
    throw SandboxError.isInstance(error) && error.code === "invalid-options" ? inUse(error, settings) : error;
  });
  const audit = new AuditLog(store.audit);
  const users = new Users(store.users, new Sessions(store.sessions), audit);
  return {
    users,
    tokens: new Tokens(store.tokens, audit),
    actor: { address: "local", requestId: randomUUID() },
    settings,
    [Symbol.asyncDispose]: () => store.close(),
  };
}

function inUse(cause: SandboxError, { stateDir }: ServerSettings): InvalidOptionsError {
  return new InvalidOptionsError(cause.message, {
    hint:
      "Use the dashboard or the API while the server runs, with a token or the key in " +
      `${join(stateDir, "api-key")}; or stop the server first. With PostgreSQL these commands work at any time.`,
    cause,
  });
}
