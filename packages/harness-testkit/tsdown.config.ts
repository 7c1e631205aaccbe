import { library } from "../../tooling/tsdown.ts";

export default {
  ...library({ index: "src/index.ts", certify: "src/certify/index.ts" }),
  // It is private: the suite carries it.
  deps: { alwaysBundle: ["@glovebox/scripted-model"] },
};
