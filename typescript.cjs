// Loads .ts files: sucrase strips the types and leaves every line where it was. `sucrase/register` would do so too, but adds
// source maps, which say nothing more here and which the SDK's stack traces, one per resource, then cost a fifth of a preview.
const { readFileSync } = require("node:fs");
const { transform } = require("sucrase");

require.extensions[".ts"] = (module, filePath) => {
  const { code } = transform(readFileSync(filePath, "utf8"), {
    transforms: ["imports", "typescript"],
    filePath,
  });
  module._compile(code, filePath);
};
