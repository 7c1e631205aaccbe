import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { ParsedSource } from "./parsed-source.ts";

/** Parses YAML, or JSON, which is YAML too. */
export function parseYaml(text: string): ParsedSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems = document.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), message }));
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let end = path.length; end >= 0; end -= 1) {
      const node = end === 0 ? document.contents : document.getIn(path.slice(0, end), true);
      const key = keyNode(document.getIn(path.slice(0, Math.max(0, end - 1)), true), path[end - 1]);
      const offset = key ?? (isNode(node) ? node.range?.[0] : undefined);
      if (offset !== undefined) return lineAt(offset);
    }
    return undefined;
  };
  if (problems.length > 0) return { value: undefined, lineOf, problems };
  try {
    return { value: document.toJS(), lineOf, problems };
  } catch (error) {
    // More aliases than the parser resolves.
    return { value: undefined, lineOf, problems: [{ message: (error as Error).message }] };
  }
}

function keyNode(parent: unknown, name: PropertyKey | undefined): number | undefined {
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === name);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}
