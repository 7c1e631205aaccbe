/** The condition that leads to the TypeScript sources in a clone. Node strips no types below node_modules. */
const sourceCondition = "@glovebox/source";

/** Leaves the source condition out of a packed manifest, so that a clone's command line can load plugins that are installed. */
function beforePacking(manifest) {
  const withoutSource = ([path, target]) => [
    path,
    typeof target === "string"
      ? target
      : Object.fromEntries(Object.entries(target).filter(([key]) => key !== sourceCondition)),
  ];
  if (manifest.exports === undefined) return manifest;
  return { ...manifest, exports: Object.fromEntries(Object.entries(manifest.exports).map(withoutSource)) };
}

module.exports = { hooks: { beforePacking } };
