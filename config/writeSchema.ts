import { writeFileSync } from "node:fs";
import { SCHEMA_FILE, stackFileSchema } from "./jsonSchema";

writeFileSync(SCHEMA_FILE, `${JSON.stringify(stackFileSchema("llm-gateway"), null, 2)}\n`);
console.log(`${SCHEMA_FILE} written`);
