import { baseArgument, parseDockerfile } from "@glovebox/image-builder/description";
import { describe, expect, it } from "vitest";
import { dockerfileSteps } from "./dockerfile-steps.ts";

const read = (text: string, buildArgs = {}) => dockerfileSteps(parseDockerfile(text), buildArgs, baseArgument);

describe("a Dockerfile on E2B", () => {
  it("becomes E2B's steps, with commands and names as they are written", () => {
    const text = [
      "ARG VERSION=3.12",
      `FROM python:\${VERSION}-slim AS main`,
      'RUN ["/bin/sh","-c","echo \\"a  b\\" > /x"]',
      'RUN ["ls","it\'s"]',
      'RUN echo "a  b" \\',
      "  && true",
      "ARG FLAVOUR",
      'ENV A="b \\"c\\"" D=e',
      "ENV OLD some words",
      'COPY --chown=1000:1000 --chmod=0755 ["files/0/","/etc/web"]',
      "COPY a.txt b.txt /dir/",
      "USER node",
      "WORKDIR /srv",
      "EXPOSE 80",
      'CMD ["x"]',
    ].join("\n");
    expect(read(text, { VERSION: "3.13", FLAVOUR: "sweet" })).toEqual({
      image: "python:3.13-slim",
      steps: [
        { kind: "run", command: 'echo "a  b" > /x' },
        { kind: "run", command: `'ls' 'it'\\''s'` },
        { kind: "run", command: 'echo "a  b"   && true' },
        { kind: "env", variables: { FLAVOUR: "sweet" } },
        { kind: "env", variables: { A: 'b "c"', D: "e" } },
        { kind: "env", variables: { OLD: "some words" } },
        { kind: "copy", sources: ["files/0/"], target: "/etc/web", user: "1000:1000", mode: 0o755 },
        { kind: "copy", sources: ["a.txt", "b.txt"], target: "/dir/" },
        { kind: "user", name: "node" },
        { kind: "workdir", path: "/srv" },
      ],
    });
  });

  it("copies nothing from above its build context", () => {
    const { steps } = read("FROM a\nCOPY ../../etc/x a/../../b/ /abs . /y/");
    expect(steps).toEqual([{ kind: "copy", sources: ["etc/x", "b/", "abs", "."], target: "/y/" }]);
  });

  it("starts from E2B's base where it starts from Glovebox's own image", () => {
    expect(read(`ARG GLOVEBOX_BASE\nFROM \${GLOVEBOX_BASE}\nRUN true`)).toEqual({
      image: undefined,
      steps: [{ kind: "run", command: "true" }],
    });
  });

  it.each([
    ["two stages", "FROM a\nFROM b"],
    ["no stage", "RUN x"],
    ["a mount", "FROM a\nRUN --mount=type=cache,target=/x y"],
    ["a here-document", "FROM a\nRUN <<EOF\nx\nEOF"],
    ["files of another stage", "FROM a\nCOPY --from=b /x /y"],
    ["a source in braces, of which one leads out", "FROM a\nCOPY {../../root,x}/.ssh /y"],
    ["a source in braces, in JSON", 'FROM a\nCOPY ["{../../root,x}/.ssh", "/y"]'],
    ["an extended pattern", "FROM a\nCOPY @(a|b) /y"],
    ["an address", "FROM a\nADD https://x.example/y /z"],
    ["another shell", 'FROM a\nSHELL ["/bin/bash"]'],
  ])("is refused with %s", (_what, text) => {
    expect(() => read(text)).toThrow("E2B cannot build");
  });
});
