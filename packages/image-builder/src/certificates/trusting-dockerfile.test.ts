import { describe, expect, it } from "vitest";
import { parseDockerfile, parserDirectives } from "../user/parse-dockerfile.ts";
import { trustingDockerfile } from "./trusting-dockerfile.ts";

const stages = (text: string) => parseDockerfile(text).filter((one) => one.keyword === "FROM");
/** The lines that stand directly before what was added. */
const before = (text: string) => {
  const lines = trustingDockerfile(text, "certificates:1").split("\n");
  return lines.filter((_, index) => lines[index + 1]?.startsWith("COPY --from=certificates:1"));
};

describe("a Dockerfile that trusts the host's certificates", () => {
  it("gets them after each FROM, and is otherwise unchanged", () => {
    const text = "ARG V=1\nFROM a:$V AS one\nRUN x\nfrom --platform=linux/amd64 b\nRUN y\n";
    expect(before(text)).toEqual(["FROM a:$V AS one", "from --platform=linux/amd64 b"]);
    const added = (line: string) => /^(ARG \S+=\/opt\/glovebox-certificates\/|COPY --from=certificates:1 )/.test(line);
    const lines = trustingDockerfile(text, "certificates:1").split("\n");
    expect(lines.filter((line) => !added(line)).join("\n")).toBe(text);
  });

  it("leaves stages from scratch alone", () => {
    expect(before("FROM scratch\nCOPY a /\nFROM scratch AS x\n")).toEqual([]);
  });

  it("finds the end of a FROM that is continued over comments and empty lines", () => {
    expect(before("FROM \\\n# why\n\n  a \\\n AS b\nRUN x")).toEqual([" AS b"]);
  });

  it("knows the escape directive, and that a backslash then ends nothing", () => {
    const text = "# escape=`\nFROM a `\n AS b\nRUN dir C:\\\nFROM c\n";
    expect(parserDirectives(text)).toEqual({ escape: "`" });
    expect(before(text)).toEqual([" AS b", "FROM c"]);
  });

  it("takes no FROM out of a here-document, a continued RUN or a comment", () => {
    const text = [
      "FROM a",
      "RUN <<EOF cat <<-'TWO'",
      "FROM not",
      "EOF",
      "FROM neither",
      "\tTWO",
      "RUN x && \\",
      "FROM nor-this",
      "# FROM comment",
      "FROM b",
    ].join("\n");
    expect(stages(text).map((one) => one.rest)).toEqual(["a", "b"]);
  });

  it("takes a shift for no here-document", () => {
    expect(stages("FROM a\nRUN echo $((1<<2)) '<<EOF'\nFROM b").map((one) => one.rest)).toEqual(["a", "b"]);
  });
});
