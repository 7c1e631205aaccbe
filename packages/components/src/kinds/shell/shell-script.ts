import { forEachChild, parse, type SyntaxNode } from "unbash";

/** What a shell command is made of, as far as it can be read without running it. */
export interface ShellScript {
  /** Why no shell can read it. */
  readonly problem?: string;
  /** Whether it is written for bash: a plain `sh` stops at it, or does something else. */
  readonly needsBash: boolean;
  /** The programs that it starts by name. */
  readonly programs: readonly NamedProgram[];
}

export interface NamedProgram {
  readonly name: string;
  /** Whether the command works without it: it checks for it first, or has a fallback. */
  readonly optional: boolean;
}

const maxLength = 200_000;
const maxDepth = 3;

/** Builtins of bash and of sh, which no program stands for. */
const builtins: ReadonlySet<string> = new Set(
  (
    ". : [ [[ alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable eval " +
    "exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read " +
    "readarray readonly return set shift shopt source suspend test time times trap true type typeset ulimit umask unalias " +
    "unset wait"
  ).split(" "),
);

/** Programs that start the one that they are given. */
const wrappers: ReadonlySet<string> = new Set(
  "command exec env nohup nice setsid stdbuf sudo time timeout xargs".split(" "),
);

const onlyInBash: ReadonlySet<string> = new Set(
  "[[ declare let mapfile readarray shopt source typeset pushd popd disown".split(" "),
);

/** Reads a command line or a script. Never throws: what cannot be read is its `problem`. */
export function readShell(text: string): ShellScript {
  const reader = new ShellReader();
  reader.read(text.slice(0, maxLength), 0);
  const programs = [...reader.programs].filter(([name]) => !reader.functions.has(name));
  return {
    ...(reader.problem === undefined || text.length > maxLength ? {} : { problem: reader.problem }),
    needsBash: reader.needsBash,
    programs: programs.map(([name, optional]) => ({ name, optional: optional || reader.lookedFor.has(name) })),
  };
}

/** The words of a line that is one plain command; `undefined` for one that a shell would have to work on. */
export function plainWords(line: string): readonly string[] | undefined {
  const { commands, errors } = parse(line.slice(0, maxLength));
  const [statement] = commands;
  if (errors !== undefined || commands.length !== 1 || statement?.command.type !== "Command") return undefined;
  const { name, prefix, suffix } = statement.command;
  const words = [name, ...suffix].filter((word) => word?.type === "Word");
  if (prefix.length > 0 || words.length !== suffix.length + 1) return undefined;
  return words.every(hasNoShell) ? words.map(({ value }) => value) : undefined;
}

/** A variable of Claude Code's configuration, `${NAME}`, stays what it is. */
function hasNoShell(word: Extract<SyntaxNode, { type: "Word" }>): boolean {
  return (
    isPlain(word) ||
    (word.parts ?? []).every(({ type }) => type === "Literal" || type === "ParameterExpansion" || type === "Glob")
  );
}

class ShellReader {
  readonly programs = new Map<string, boolean>();
  readonly functions = new Set<string>();
  readonly lookedFor = new Set<string>();
  problem: string | undefined;
  needsBash = false;
  #text = "";

  read(text: string, depth: number): void {
    this.#text = text;
    const script = parse(text);
    this.problem ??= script.errors?.[0]?.message;
    for (const statement of script.commands) this.#visit(statement, false, depth);
  }

  #visit(node: SyntaxNode, optional: boolean, depth: number): void {
    this.needsBash ||= isBash(node);
    if (node.type === "Function") {
      this.functions.add(node.name.value);
      this.needsBash ||= this.#text.startsWith("function", node.pos);
    }
    if (node.type === "Command") this.#command(node, optional, depth);
    if (node.type === "AndOr") {
      // Before `||` another command is there for the case that this one fails.
      const spare = node.operators.lastIndexOf("||");
      for (const [index, command] of node.commands.entries()) this.#visit(command, optional || index <= spare, depth);
      return;
    }
    forEachChild(node, (child) => this.#visit(child, optional, depth));
  }

  #command(node: Extract<SyntaxNode, { type: "Command" }>, optional: boolean, depth: number): void {
    const words = [node.name, ...node.suffix].filter((word) => word?.type === "Word");
    const plain = words.map((word) => (isPlain(word) ? word.value : undefined));
    const looks = plain[0] === "command" ? /^-[vV]$/.test(plain[1] ?? "") : /^(which|type|hash)$/.test(plain[0] ?? "");
    if (looks) for (const name of plain.slice(1)) if (name !== undefined) this.lookedFor.add(name);
    if (!looks) this.#started(plain, optional, depth);
    // A shell that is given nothing to run runs what it is given to read.
    if (
      /^(\/bin\/)?(ba|da|z)?sh$/.test(plain[0] ?? "") &&
      plain.slice(1).every((word) => /^-[esux]*$/.test(word ?? "$"))
    )
      for (const part of node.suffix)
        if (part.type === "HereDoc" && depth < maxDepth && isLiteral(part))
          this.#inner(part.body.text, optional, depth);
  }

  #started(words: readonly (string | undefined)[], optional: boolean, depth: number): void {
    const [written, ...rest] = words;
    if (written === undefined || written === "") return;
    if (
      !builtins.has(written) &&
      !/[$`*?{}\s]|^[-~]/.test(written) &&
      (!written.includes("/") || written.startsWith("/"))
    )
      this.programs.set(written, (this.programs.get(written) ?? true) && optional);
    const name = written.replace(/^(\/usr)?\/bin\//, "");
    if (wrappers.has(name)) this.#started(wrapped(name, rest), optional, depth);
    const script = /^(ba|da|z)?sh$/.test(name)
      ? rest[rest.findIndex((word) => /^-\w*c$/.test(word ?? "")) + 1]
      : undefined;
    if (script !== undefined && rest.some((word) => /^-\w*c$/.test(word ?? "")) && depth < maxDepth)
      this.#inner(script, optional, depth);
  }

  /** What another shell is given: its syntax is that shell's own. */
  #inner(text: string, optional: boolean, depth: number): void {
    const inner = new ShellReader();
    inner.read(text, depth + 1);
    this.problem ??= inner.problem;
    for (const [name, other] of inner.programs)
      if (!inner.functions.has(name))
        this.programs.set(name, (this.programs.get(name) ?? true) && (optional || other || inner.lookedFor.has(name)));
  }
}

function isLiteral(heredoc: Extract<SyntaxNode, { type: "HereDoc" }>): boolean {
  return heredoc.delimiter?.quoted === true || !/[$`\\]/.test(heredoc.body.text);
}

/** What a wrapper starts; nothing where an option may take the next word for itself. */
function wrapped(wrapper: string, words: readonly (string | undefined)[]): readonly (string | undefined)[] {
  const isNumbered = wrapper === "timeout" || wrapper === "xargs";
  const own = isNumbered ? /^-\w*$|^--kill-after=|^\d+[smhd]?$|^\{\}$/ : /^[A-Za-z_]\w*=/;
  const first = words.findIndex((word) => word === undefined || !own.test(word));
  return first < 0 || words[first]?.startsWith("-") ? [] : words.slice(first);
}

/** Whether nothing in it is put in by the shell when it runs. */
function isPlain(word: Extract<SyntaxNode, { type: "Word" }>): boolean {
  return (word.parts ?? []).every(
    ({ type, ...part }) =>
      type === "Literal" ||
      type === "SingleQuoted" ||
      (type === "DoubleQuoted" && "parts" in part && (part.parts ?? []).every((inner) => inner.type === "Literal")),
  );
}

function isBash(node: SyntaxNode): boolean {
  switch (node.type) {
    case "TestCommand":
    case "ArrayValue":
    case "ProcessSubstitution":
    case "AnsiCQuoted":
    case "ArithmeticCommand":
    case "ArithmeticFor":
    case "BraceExpansion":
    case "ExtendedGlob":
    case "HereString":
    case "Select":
    case "Coproc":
      return true;
    case "Assignment":
      return node.append === true || node.index !== undefined;
    case "SimpleExpansion":
      return /^\$(BASH\w*|RANDOM|SECONDS|EPOCH\w+|PIPESTATUS|FUNCNAME|OSTYPE|E?UID|HOSTNAME)$/.test(node.text);
    case "Redirect":
      return node.operator.startsWith("&>") || node.descriptor?.type === "FileDescriptorVariable";
    case "Pipeline":
      return node.operators.includes("|&");
    case "ParameterExpansion":
      return (
        node.index !== undefined ||
        node.prefix === "!" ||
        /^(Replace|Slice|Case|Transform|Names)/.test(node.operation?.type ?? "")
      );
    case "Command": {
      const [first = "", second = ""] = [node.name?.value ?? "", ...node.args.map((word) => word.text)];
      if (first === "[" || first === "test") return node.args.some((word) => word.text === "==");
      if (first === "set") return node.args.some((word) => word.text === "pipefail");
      return (
        onlyInBash.has(first) ||
        (first === "echo" && /^-\w*e/.test(second)) ||
        (first === "read" && node.args.some((word) => /^-\w*[adinNpstu]/.test(word.text))) ||
        (first === "printf" && (second === "-v" || second.includes("%q"))) ||
        (first === "trap" && node.args.some((word) => /^(ERR|DEBUG|RETURN)$/.test(word.text))) ||
        (/^(type|wait|local|export|exec)$/.test(first) && /^-[aAfinrtx]+$/.test(second))
      );
    }
    default:
      return false;
  }
}
