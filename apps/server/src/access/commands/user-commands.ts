import { dropUndefined } from "@glovebox/core/provider";
import type { Role, User } from "@glovebox/store";
import { type Command, InvalidArgumentError, Option } from "commander";
import { roles } from "../roles.ts";
import { formatTable } from "./format-table.ts";
import type { OwnerCommandParts } from "./owner-command-parts.ts";
import { parseWhole } from "./parse-whole.ts";

interface AddOptions {
  readonly role: Role;
  readonly concurrentRuns?: number;
  readonly dailyBudget?: number;
}

/** Adds `user add`, `user list`, `user login`, `user disable` and `user enable`. */
export function addUserCommands(parent: Command, { run, print }: OwnerCommandParts): void {
  const command = parent.command("user").description("Manage the users of the server");
  command
    .command("add")
    .description("Add a user")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what the user may do").choices(roles).default("runner"))
    .option("--concurrent-runs <n>", "maximum number of the user's concurrent runs", parseWhole)
    .option("--daily-budget <usd>", "maximum cost of the runs that the user starts on one day", parseUsd)
    .action(async (name: string, { role, concurrentRuns, dailyBudget }: AddOptions, self: Command) => {
      await run(self, async ({ users, actor }) => {
        const limits = dropUndefined({ concurrentRuns, budgetUsdPerDay: dailyBudget });
        await users.create(actor, { name, role, limits });
      });
    });
  command
    .command("list")
    .description("List all users")
    .action(async (_options: object, self: Command) => {
      await run(self, async ({ users }) => {
        const rows = (await users.list()).map(rowOf);
        print(formatTable([["NAME", "ROLE", "CONCURRENT RUNS", "DAILY BUDGET", "STATE"], ...rows]));
      });
    });
  addLogin(command, { run, print });
  for (const [name, description, disabled] of [
    ["disable", "Refuse a user's tokens, links and logins, and end the sessions", true],
    ["enable", "Accept a disabled user again", false],
  ] as const) {
    command
      .command(name)
      .description(description)
      .argument("<name>")
      .action(async (user: string, _options: object, self: Command) => {
        await run(self, async ({ users, actor }) => {
          await users.update(actor, (await users.byName(user)).id, { disabled });
        });
      });
  }
}

function addLogin(command: Command, { run, print }: OwnerCommandParts): void {
  command
    .command("login")
    .description("Print a link that logs a user in, once, within an hour")
    .argument("<name>")
    .action(async (name: string, _options: object, self: Command) => {
      await run(self, async ({ users, tokens, settings }) => {
        const text = await tokens.createLogin(await users.byName(name));
        const { access, host, port } = settings;
        print([`${access.publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`}/login#${text}`]);
      });
    });
}

function rowOf({ name, role, limits, disabledAt }: User): readonly string[] {
  const { concurrentRuns, budgetUsdPerDay } = limits;
  const budget = budgetUsdPerDay === undefined ? "" : `$${budgetUsdPerDay}`;
  return [name, role, String(concurrentRuns ?? ""), budget, disabledAt === undefined ? "active" : "disabled"];
}

function parseUsd(text: string): number {
  const amount = /^\d{1,7}(\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  if (amount <= 0) throw new InvalidArgumentError("It is an amount in US dollars, such as 20 or 2.50.");
  return amount;
}
