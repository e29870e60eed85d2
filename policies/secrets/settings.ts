import { callReader, isVariable, linesOfCode, withoutSelectors } from "./programs";

/** A setting of a text: what it is called, what is written for it, and where. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Line of the text, from 1. */
  readonly line: number;
}

/** Words before a name: of shells, container files and programs. */
const DECLARATION =
  /^(?:(?:export|set|setx|env|arg|declare|readonly|let|const|var|local|final|static|private|public|string)\s+)+/i;

/** `name: value`, `name = value`, `name => value`; with what a program says of its type in between. */
const STATEMENT =
  /^[$@]?(["'`]?)([A-Za-z_.][\w./-]*)\1\s*(?::\s*[A-Za-z][\w[\]<>.]*(?:\s\|\s\w+)*\s=(?=\s)|:=|=>|[:=])(?!=)(.*)$/s;

/** Settings of servers whose names a space ends: Redis, HAProxy, files of netrc. */
const SPACED =
  /(?:^|\s)(?:(?:requirepass|masterauth|primaryauth|auth-pass\s+\S+|password|insecure-password|stats\s+auth)\s+|>)(\S+)/i;
const SPACED_LINE =
  /^(?:requirepass|masterauth|primaryauth|sentinel\s+auth-pass|user\s|stats\s+auth\s|machine\s|default\s+login|login\s)/i;

/** A name and a quoted value anywhere on a line: JSON, flow mappings, attributes, inline tables, arguments of a program. */
const QUOTED =
  /(?<![\w.$-])["'`]?([A-Za-z_][\w.-]*)["'`]?\s*(?::=|=>|[:=])\s*[bfru]{0,2}("[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')/gi;

/** A name and a bare value in a flow mapping: `{user: a, password: b}`. */
const FLOW =
  /(?:(?<!\$)\{|[,;])\s*["']?([A-Za-z_][\w.-]*)["']?\s*\??:\s*([^\s,;{}[\]()"'][^,;{}[\]()"']*)/g;

/** Elements of XML: the local name, and the text. */
const ELEMENT = /(?<!\?P?)<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>([^<>]+)<\//g;

/** A name beside its value, as lists of variables and properties have it, in YAML, JSON and XML. */
const NAMED =
  /(?<![\w-])["']?(?:name|key)["']?\s*[:=]\s*["']?([\w.-]+)["']?\s*(?:,\s*)?(?:>|["']?value["']?\s*[:=])\s*("[^"\n]*"|'[^'\n]*'|[^\s,}<>"']+)/gi;

/** What Envoy limits rates by, under `descriptors`: the kind of key, and a class of them. */
const DESCRIPTOR = /^["']?key\b[^]*[\s"':=][a-z]+(?:[_-][a-z]+)*["']?$/;

/** Passwords in SQL: `PASSWORD 'x'`, `PASSWORD('x')`, `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin BY 'x'`. */
const SQL =
  /(?<![\w"'])(?:PASSWORD(?:\s*=\s*|\s*\(\s*|\s+)(?=')|IDENTIFIED\s+(?:WITH\s+["'\w]+\s+)?(?:BY|AS)\s+)('[^']*'|"[^"]*")/gi;
const ORACLE = /\bIDENTIFIED\s+BY\s+([^\s;'"]+)/gi;

/** A flag and its value in a script: `--password x`, `--api-key=x`. */
const FLAG =
  /(?<![^\s"'([])(--?[A-Za-z][\w.-]*)(?:=|[ \t]+)(?![-\\])("[^"]*"|'[^']*'|[^\s"'`;|&)]+)/g;

/** What a value begins with, unquoted, when it is the beginning of something longer in YAML or JSON. */
const STRUCTURE = /^[{[|>&*!#]/;

const COMMENT = /^\s*(?:#|\/\/(?!\S+:_)|;|--\s|<!--|\*(?!:))/;

/** Files whose lines are credentials: .npmrc, .pgpass, .htpasswd. */
const NPM = /:_(?:authToken|auth|password)\s*=\s*(\S+)/;
const PGPASS = /^[^\s:]+:(?:5432|6432|\*):[^\s:]+:[^\s:]+:(\S+)$/;
const HTPASSWD = /^(?:- )?["']?[\w.@-]+:(?:\$(?:apr1|2[abxy]|5|6)\$|\{SHA\})([^\s"']{13,})["']?$/;

/** Whether a line is a comment, which says nothing to a program. */
export function isComment(line: string): boolean {
  return COMMENT.test(line);
}

/** Every setting of a text, whatever it is written in: YAML, JSON, TOML, INI, properties, XML, SQL, scripts and programs. */
export function settingsIn(written: string): Setting[] {
  const text = withoutSelectors(written);
  const lines = text.split("\n");
  const code = linesOfCode(lines);
  const found: Setting[] = blocks(lines).filter(({ line }) => code[line - 1] !== true);
  lines.forEach((line, index) => {
    if (line.trim() !== "" && !isComment(line)) {
      for (const [name, value] of ofLine(line, code[index] === true)) {
        found.push({ name, value, line: index + 1 });
      }
    }
  });
  const commented = ({ line }: Setting) => isComment(lines[line - 1] ?? "");
  return found.concat(ofText(text).filter((setting) => !commented(setting)));
}

function ofLine(line: string, code: boolean): [string, string][] {
  const found: [string, string][] = [];
  const statement = statementIn(line);
  if (statement !== undefined && statement[1] !== "" && !STRUCTURE.test(statement[1])) {
    if (!isHandedOn(statement[1], code || isTyped(line))) {
      found.push([statement[0], unquoted(statement[1])]);
    }
  }
  for (const [pattern, name] of [
    [NPM, "token"],
    [PGPASS, "password"],
    [HTPASSWD, "token"],
  ] as const) {
    const value = pattern.exec(line.trim())?.[1];
    if (value !== undefined) {
      found.push([name, value]);
    }
  }
  const trimmed = line.trimStart();
  const spaced = SPACED_LINE.test(trimmed) ? SPACED.exec(trimmed) : null;
  if (spaced !== null) {
    found.push(["password", (spaced[1] ?? "").replace(/^[^:]*:/, "")]);
  }
  // JSON within a text is written with its quotes escaped.
  const plain = line.includes('\\"') ? `${line}\n${line.replaceAll('\\"', '"')}` : line;
  for (const [match, name = "", value = ""] of plain.matchAll(QUOTED)) {
    // A variable of psql has a colon right before its quote.
    if (!/\s:['"]/.test(match)) {
      found.push([name, unquoted(value)]);
    }
  }
  const flow = line.includes("{") ? plain.matchAll(FLOW) : [];
  const inCall = callReader(plain);
  for (const { 1: name = "", 2: value = "", index } of flow) {
    if (!isHandedOn(value.trim(), inCall(index) || code)) {
      found.push([name, value.trim()]);
    }
  }
  for (const [, name = "", value = ""] of line.matchAll(FLAG)) {
    found.push([name, unquoted(value)]);
  }
  return found;
}

/** Whether a value without quotes is a variable or a type of a program. */
function isHandedOn(value: string, code: boolean): boolean {
  return code && isVariable(value.trim());
}

/** A field and its type, as `token: Token;`: YAML has no semicolon there. */
function isTyped(line: string): boolean {
  return /^\s*(?:readonly\s+)?\w+\??:\s[^"']*;\s*$/.test(line);
}

/** The one setting that a line of YAML, dotenv, INI or a program is, its value as written. */
function statementIn(line: string): [string, string] | undefined {
  const start = line.trim().replace(/^(?:-\s+)+/, "");
  const match = STATEMENT.exec(start.replace(DECLARATION, ""));
  if (match === null) {
    return undefined;
  }
  const [, , name = "", rest = ""] = match;
  const written = rest.trim().replace(/^(?:!!?[\w/-]+|&[\w-]+)\s+/, "");
  return [name, withoutEnd(written)];
}

/** A value without the comment behind it, and without what ends a statement. */
function withoutEnd(value: string): string {
  if (/^[bfru]{0,2}["']/i.test(value)) {
    return value;
  }
  const comment = value.search(/\s#/);
  const kept = comment < 0 ? value : value.slice(0, comment);
  return kept.trimEnd().replace(/[,;]$/, "");
}

/** What stands in a quoted value, from its quote to the next one; other values as they are. */
function unquoted(value: string): string {
  const start = /^[bfru]{0,2}(["'])/i.exec(value);
  const [opening = "", quote = ""] = start ?? [];
  if (quote === "") {
    return value;
  }
  const end = value.indexOf(quote, opening.length);
  return end < 0 ? value.slice(opening.length) : value.slice(opening.length, end);
}

/** Values below their name: block texts, and lists. */
function blocks(lines: readonly string[]): Setting[] {
  const found: Setting[] = [];
  let open: { readonly name: string; readonly indent: number; readonly list: boolean } | undefined;
  lines.forEach((line, index) => {
    const text = line.trim();
    if (text === "") {
      return;
    }
    const indent = line.length - line.trimStart().length;
    const item = text.startsWith("- ") ? text.slice(2).trim() : undefined;
    if (
      open !== undefined &&
      (open.list ? item !== undefined && indent >= open.indent : indent > open.indent)
    ) {
      const value = unquoted(open.list ? (item ?? "") : text);
      if (statementIn(value) === undefined) {
        found.push({ name: open.name, value, line: index + 1 });
      }
      if (open.list) {
        return;
      }
    }
    const [name, value] = statementIn(line) ?? ["", undefined];
    const begins = value === "" || (value !== undefined && /^[|>][+-]?\d?$/.test(value));
    open = begins ? { name, indent, list: value === "" } : undefined;
  });
  return found;
}

/** Settings that may stretch over lines. */
function ofText(text: string): Setting[] {
  const lineOf = lineCounter(text);
  const found: Setting[] = [];
  const add = (name: string, value: string, index: number) =>
    found.push({ name, value: unquoted(value.trim()), line: lineOf(index) });
  const descriptors = /\bdescriptors["']?\s*:/.test(text);
  for (const { 0: match, 1: name = "", 2: value = "", index } of text.matchAll(NAMED)) {
    if (descriptors && DESCRIPTOR.test(match)) {
      continue;
    }
    add(name, value, index + match.length - 1);
  }
  for (const { 0: match, 1: name = "", 2: value = "", index } of text.matchAll(ELEMENT)) {
    add(name, value, index + match.length - 1);
  }
  for (const pattern of [SQL, ORACLE]) {
    for (const { 1: value = "", index } of text.matchAll(pattern)) {
      add("password", value, index);
    }
  }
  return found.sort((one, other) => one.line - other.line);
}

/** Counts lines up to ever later places of a text, so that each character is looked at once. */
function lineCounter(text: string): (index: number) => number {
  let [line, counted] = [1, 0];
  return (index) => {
    if (index < counted) {
      [line, counted] = [1, 0];
    }
    for (let next = text.indexOf("\n", counted); next >= 0 && next < index;) {
      line += 1;
      counted = next + 1;
      next = text.indexOf("\n", counted);
    }
    return line;
  };
}
