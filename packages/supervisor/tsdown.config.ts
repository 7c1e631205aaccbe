import { defineConfig, type UserConfig } from "tsdown";
import { library } from "../../tooling/tsdown.ts";

/**
 * Loads what Node has built in where it is first used. Bundlers load all of it at the top of the file, which takes a helper of
 * a file operation and a bridge, which need little of it, as long as the start of Node itself.
 */
const lazyBuiltins = {
  name: "lazy-builtins",
  renderChunk(code: string): string {
    const declarations = [...code.matchAll(/^let (node_\w+) = require\("(node:[\w/]+)"\);\n/gm)];
    return declarations.reduce((text, [line, name = "", module]) => {
      const uses = text.replace(line, "").replaceAll(new RegExp(`\\b${name}\\b(?=\\.)`, "g"), `(load_${name}())`);
      return `let ${name};\nconst load_${name} = () => (${name} ??= require("${module}"));\n${uses}`;
    }, code);
  },
};

/**
 * The resident file: everything it needs inside it, nothing beside it. CommonJS, which Node starts in half the time: the
 * file is started with every sandbox, and once more for each operation on files.
 */
const resident = defineConfig({
  entry: { supervisor: "src/guest/main.ts" },
  format: "cjs",
  platform: "node",
  target: "node20.19",
  dts: false,
  sourcemap: false,
  clean: false,
  plugins: [lazyBuiltins],
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  // From the sources of the other packages: in a fresh clone none of them is built.
  inputOptions: { resolve: { conditionNames: ["@glovebox/source", "node", "import", "require", "default"] } },
  outputOptions: { codeSplitting: false },
}) as UserConfig;

export default [library({ index: "src/index.ts" }), resident];
