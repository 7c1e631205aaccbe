import { type Command, Help, Option } from "commander";
import { briefRunOptions } from "./run-options.ts";

/**
 * Makes a command's help fit on one screen: it lists the usual options, and `--help-all` lists every one. `after` is what
 * stands below the options in each of them.
 */
export function addBriefHelp(
  command: Command,
  after: { readonly brief: string; readonly whole: string },
  usual: () => Option[] = briefRunOptions,
): void {
  let isWhole = false;
  command
    .addOption(new Option("--help-all", "print every option, and the exit codes").helpGroup("Output:"))
    .on("option:help-all", () => {
      isWhole = true;
      command.help();
    })
    .configureHelp({
      formatHelp: (of, helper) => {
        const shown = isWhole
          ? helper
          : Object.create(helper, { visibleOptions: { value: () => briefOptions(usual) } });
        return Help.prototype.formatHelp.call(shown, of, shown);
      },
    })
    .addHelpText("after", () => (isWhole ? after.whole : after.brief));
}

function briefOptions(usual: () => Option[]): Option[] {
  return [...usual(), new Option("-h, --help", "print this help; --help-all: every option")];
}
