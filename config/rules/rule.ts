import type { ConfigProblem } from "./problems";
import type { ParsedConfig } from "../../domain/settings/schema";

/** Finds what contradicts itself in a configuration whose fields are valid one by one. */
export type Rule = (config: ParsedConfig) => ConfigProblem[];
