/** What only programs begin a line with; YAML, dotenv and scripts of a shell do not. */
const PROGRAM_LINE =
  /^[ \t]*(?:(?:async )?def \w+\(|class \w+[({:]|class \w+ (?:extends|implements|\{)|import [\w.]+(?: as \w+)?(?:, .*)?;?$|import .{1,200} from ["']|from [\w.]+ import |(?:export )?(?:const|let) \w+(?: =|:)|export (?:default|const|function|class|interface|type) |(?:async )?function \w*\(\s*\w|(?:declare )?interface \w+ (?:extends|\{)|func (?:\(|\w+\()|package \w+;?$|(?:public|private|protected) (?:static |final |class )|module\.exports|#include [<"]|use \w+::|(?:pub )?fn \w+|<\?php)/m;

/** A line of a program in a text that may be something else: a declaration with a body or a value of several fields. */
const CODE_LINE =
  /^\s*(?:export\s+|declare\s+)*(?:interface|type|class|struct|const|let|var|return|await|throw|def|fn|func|async)\s[^:=]*(?:[({]|=\s*[({])/;

/** What a program has for a variable, a field or a type, as it stands without quotes. */
const VARIABLE = /^[A-Za-z_$][\w$]*(?:(?:\??\.|::)[A-Za-z_$][\w$]*)*(?:<[\w ,|<>]*>|\[\])?[!?]?$/;

/** Whether an unquoted value is what a program calls something by. */
export function isVariable(value: string): boolean {
  return VARIABLE.test(value);
}

/**
 * Which lines of a text are of a program, where a value without quotes is a variable or a type: all of one that begins like a
 * program, lines of a declaration, and what stands in the brackets of a call that goes over lines.
 */
export function linesOfCode(lines: readonly string[]): readonly boolean[] {
  const first = lines.find((line) => line.trim() !== "" && !/^\s*#/.test(line)) ?? "";
  const isData = /^\s*(?:---|- |\[|["']?[A-Za-z_][\w.-]*["']?:(?:\s|$))/.test(first);
  if (!isData && PROGRAM_LINE.test(lines.join("\n"))) {
    return lines.map(() => true);
  }
  let open: string | undefined;
  return lines.map((line) => {
    const text = line.trim();
    const inside = open !== undefined;
    if (open === undefined) {
      open = closingOf(text);
    } else if (text.startsWith(open)) {
      open = undefined;
    }
    return inside || CODE_LINE.test(line);
  });
}

/** What closes the call or the declaration that a line leaves open: `connect(`, `connect({`, `interface Login {`. */
function closingOf(line: string): string | undefined {
  if (/[\w>]\(\{?$/.test(line.slice(-3))) {
    return line.endsWith("{") ? "}" : ")";
  }
  return line.endsWith("{") && CODE_LINE.test(line) ? "}" : undefined;
}

/**
 * Says of ever later places of a text whether they stand in the brackets of a call, `name(…)`. Each character is looked at once.
 * Brackets behind anything else group: `(DESCRIPTION=(PASSWORD=x))`.
 */
export function callReader(text: string): (index: number) => boolean {
  const open: boolean[] = [];
  let read = 0;
  return (index) => {
    for (; read < index; read += 1) {
      const character = text.charAt(read);
      if (character === "(") {
        open.push(/[\w\]]/.test(text.charAt(read - 1)));
      } else if (character === ")") {
        open.pop();
      }
    }
    return open.at(-1) ?? false;
  };
}

/** A value up to the bracket that closes what it stands in. */
export function untilClosing(value: string): string {
  let depth = 0;
  for (let index = 0; index < value.length; index += 1) {
    const character = value.charAt(index);
    if ("([{".includes(character)) {
      depth += 1;
    } else if (")]}".includes(character)) {
      depth -= 1;
      if (depth < 0) {
        return value.slice(0, index);
      }
    }
  }
  return value;
}

/** A selector of Prometheus or Loki, whose braces hold labels: `up{job="a", token=~"b.*"}`. */
const SELECTOR =
  /(?<=[A-Za-z0-9_:])\{\s*[A-Za-z_]\w*\s*(?:=~|!~|!=|=)\s*"[^"{}]*"(?:\s*,\s*[A-Za-z_]\w*\s*(?:=~|!~|!=|=)\s*"[^"{}]*")*\s*,?\s*\}/g;

/** A text without the labels that a query selects by. */
export function withoutSelectors(text: string): string {
  return text.includes("{") ? text.replace(SELECTOR, "{}") : text;
}
