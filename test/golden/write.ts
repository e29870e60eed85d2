/** Writes the golden texts anew: `make golden`. */
import { failureText } from "../../domain/failure";
import { writeTexts } from "./files";
import { STACKS, stackTexts, variantTexts, type Texts } from "./texts";
import { VARIANTS } from "./variants";

async function main(): Promise<void> {
  for (const stack of STACKS) {
    writeTexts(stack, await stackTexts(stack));
  }
  const variants: Texts[] = [];
  for (const variant of VARIANTS) {
    variants.push(await variantTexts(variant));
  }
  writeTexts("variants", new Map(variants.flatMap((texts) => [...texts])));
  console.log("test/golden written; git diff test/golden shows what is different");
}

main().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
