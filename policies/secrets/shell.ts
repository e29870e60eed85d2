/** Insertions in insertions are read down to here. */
const DEEPEST = 3;

/** What ends a command of a shell. */
const ENDS = new Set([";", "|", "&", "\n", "(", ")"]);

/**
 * The commands of a script, each as its words without their quotes. What a shell would put in (`$(...)`, backticks) stays as it
 * is written, and its commands are among those found. Each character is looked at once, and once more in each insertion.
 * @param depth how many insertions the script stands in
 */
export function shellCommands(script: string, depth = 0): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string[] | undefined;
  const endWord = () => {
    if (word !== undefined) {
      words.push(word.join(""));
      word = undefined;
    }
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) {
      commands.push(words);
      words = [];
    }
  };
  for (let index = 0; index < script.length; index += 1) {
    const character = script.charAt(index);
    const end = insertionEnd(script, index);
    if (end > index) {
      (word ??= []).push(script.slice(index, end + 1));
      const inside = script.slice(index + (character === "`" ? 1 : 2), end);
      if (depth < DEEPEST && !script.startsWith("${", index)) {
        commands.push(...shellCommands(inside, depth + 1));
      }
      index = end;
    } else if (character === "\\") {
      index += 1;
      if (script.charAt(index) !== "\n") {
        (word ??= []).push(script.charAt(index));
      }
    } else if (character === '"' || character === "'") {
      const closing = quoteEnd(script, index);
      (word ??= []).push(script.slice(index + 1, closing).replaceAll('\\"', '"'));
      index = closing;
    } else if (ENDS.has(character)) {
      endCommand();
    } else if (/\s/.test(character)) {
      endWord();
    } else {
      (word ??= []).push(character);
    }
  }
  endCommand();
  return commands;
}

/** Where the `$(...)`, `${...}` or backticks that begin here end: with the script, where a bracket is never closed. The place itself where none begin. */
function insertionEnd(script: string, start: number): number {
  if (script.charAt(start) === "`") {
    return Math.max(start, script.indexOf("`", start + 1));
  }
  const opening = script.charAt(start) === "$" ? script.charAt(start + 1) : "";
  const closing = { "(": ")", "{": "}" }[opening];
  if (closing === undefined) {
    return start;
  }
  let depth = 0;
  for (let index = start + 1; index < script.length; index += 1) {
    const character = script.charAt(index);
    depth += character === opening ? 1 : character === closing ? -1 : 0;
    if (depth === 0) {
      return index;
    }
  }
  return script.length;
}

/** Where the quoted text that begins here ends. */
function quoteEnd(script: string, start: number): number {
  const quote = script.charAt(start);
  for (let index = start + 1; index < script.length; index += 1) {
    const character = script.charAt(index);
    if (character === quote) {
      return index;
    }
    index += quote === '"' && character === "\\" ? 1 : 0;
  }
  return script.length;
}
