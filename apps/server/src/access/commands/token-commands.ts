import { dropUndefined } from "@glovebox/core/provider";
import type { Role, Token } from "@glovebox/store";
import { type Command, Option } from "commander";
import { roles } from "../roles.ts";
import { formatTable } from "./format-table.ts";
import type { OwnerCommandParts } from "./owner-command-parts.ts";
import { parseWhole } from "./parse-whole.ts";

interface CreateOptions {
  readonly name: string;
  readonly user: string;
  readonly role?: Role;
  readonly days?: number;
}

const dayMs = 86_400_000;

/** Adds `token create`, `token list` and `token revoke`. */
export function addTokenCommands(parent: Command, { run, print }: OwnerCommandParts): void {
  const command = parent.command("token").description("Manage the tokens of the API");
  command
    .command("create")
    .description("Create a token and print it, once")
    .requiredOption("--name <name>", "what the token is for")
    .option("--user <name>", "user of the token", "admin")
    .addOption(new Option("--role <role>", "narrow what the token may do (default: its user's role)").choices(roles))
    .option("--days <n>", "expire after this many days (default: never)", parseWhole)
    .action(async ({ name, user, role, days }: CreateOptions, self: Command) => {
      await run(self, async ({ users, tokens, actor }) => {
        const expiresAt = days === undefined ? undefined : new Date(Date.now() + days * dayMs);
        const token = { name, ...dropUndefined({ role, expiresAt }) };
        print([(await tokens.createFor(actor, await users.byName(user), token)).text]);
      });
    });
  command
    .command("list")
    .description("List all tokens")
    .action(async (_options: object, self: Command) => {
      await run(self, async ({ users, tokens }) => {
        const names = new Map((await users.list()).map(({ id, name }) => [id, name]));
        const rows = (await tokens.list()).map((token) => rowOf(token, names.get(token.userId) ?? ""));
        print(formatTable([["ID", "NAME", "USER", "TOKEN", "LAST USED", "STATE"], ...rows]));
      });
    });
  command
    .command("revoke")
    .description("Revoke a token")
    .argument("<id>", "id of the token, as `token list` prints it")
    .action(async (id: string, _options: object, self: Command) => {
      await run(self, async ({ tokens, actor }) => await tokens.revokeById(actor, id));
    });
}

function rowOf(token: Token, user: string): readonly string[] {
  const { id, name, prefix, lastUsedAt } = token;
  return [id, name, user, `${prefix}…`, lastUsedAt?.toISOString() ?? "never", stateOf(token)];
}

function stateOf({ revokedAt, expiresAt }: Token): string {
  if (revokedAt !== undefined) return "revoked";
  if (expiresAt === undefined) return "valid";
  return `${expiresAt > new Date() ? "valid until" : "expired"} ${expiresAt.toISOString()}`;
}
