import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { manPages } from "../scripts/reference/man-pages.ts";
import { referenceProgram } from "../scripts/reference/reference-program.ts";
import { roff } from "../scripts/reference/roff.ts";

const program = await referenceProgram();
const pages = manPages(program);

it("every command has a page of the manual, which the package ships", () => {
  const names = ["glovebox.1", ...program.commands.map((command) => `glovebox-${command.name()}.1`)].sort();
  expect(Object.keys(pages).sort()).toEqual(names);
  expect(manifest.man).toEqual(names.map((name) => `./man/${name}`));
  expect(manifest.files).toContain("man");
});

it("a page names every option of its command and of those below it", () => {
  for (const command of program.commands) {
    const page = pages[`glovebox-${command.name()}.1`];
    for (const one of [command, ...command.commands]) {
      for (const option of one.options.filter(({ hidden }) => !hidden)) expect(page).toContain(roff(option.flags));
    }
  }
});

it("a page is ASCII, and no text in it can be taken for a request", () => {
  const requests = /^\.(TH|SH|SS|TP|PP|EX|EE|br|nh|ad)\b/;
  for (const page of Object.values(pages)) {
    expect(page).toMatch(/^[\n\x20-\x7e]+$/);
    expect(page.split("\n").filter((line) => /^[.']/.test(line) && !requests.test(line))).toEqual([]);
  }
  const text = ".so /etc/passwd\n'x \\fB `code` \u001b[2J\u202e…";
  expect(roff(text)).toBe("\\&.so /etc/passwd\n\\(aqx \\(rsfB \\fBcode\\fR \\[u2026]");
});
