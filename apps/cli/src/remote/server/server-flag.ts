import { InvalidOptionsError } from "@glovebox/core/provider";

const flag = "--server";

/** Takes `--server URL` from the start of a command line, where it precedes the command. */
export function takeServerFlag(argv: readonly string[]): {
  readonly server?: string;
  readonly rest: readonly string[];
} {
  const [first, second, ...others] = argv;
  if (first?.startsWith(`${flag}=`)) return { server: first.slice(flag.length + 1), rest: argv.slice(1) };
  if (first !== flag) return { rest: argv };
  if (second !== undefined) return { server: second, rest: others };
  throw new InvalidOptionsError(`${flag} needs the address of a server`, {
    hint: "For example glovebox --server https://glovebox.example.com ps",
  });
}
