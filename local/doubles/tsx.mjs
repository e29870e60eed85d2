// Plugins start in folders of the engine's choice: this resolves tsx from the project rather than from there.
import "tsx";
