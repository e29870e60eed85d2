/** Writes what is generated from the configuration's schema: `make schema`. */
import { writeFileSync } from "node:fs";
import { SCHEMA_FILE, stackFileSchema } from "./jsonSchema";
import { configurationReference, REFERENCE_FILE } from "./reference";

const schema = stackFileSchema("llm-gateway");
writeFileSync(SCHEMA_FILE, `${JSON.stringify(schema, null, 2)}\n`);
writeFileSync(REFERENCE_FILE, configurationReference(schema));
console.log(`${SCHEMA_FILE} and ${REFERENCE_FILE} written`);
