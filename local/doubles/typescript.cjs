// Plugins start in folders of the engine's choice: this resolves the loader from the project rather than from there.
require("sucrase/register/ts");
