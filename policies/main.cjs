// The policy runner compiles the sources where they are, in the repository; the package has them compiled already.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

module.exports = existsSync(join(__dirname, "index.ts"))
  ? require("./index.ts")
  : require("./dist/index.js");
