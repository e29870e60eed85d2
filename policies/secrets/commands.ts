import { settingsIn } from "./settings";
import { shellCommands } from "./shell";
import { type Place } from "./references";
import { isCredential, isNamedCredential, credentialPart, holdsCredential } from "./values";

/** A flag whose name says nothing of the password that it takes, of the programs that have it. */
interface ShortFlag {
  readonly programs: RegExp;
  readonly flags: readonly string[];
  /** Whether the password stands in the word of the flag itself, as in `-psecret`: `only` there, or there `too`. */
  readonly glued?: "only" | "too";
  /** Whether a user and a colon stand before the password. */
  readonly user?: boolean;
  /** A word of the command without which the flag means something else. */
  readonly with?: string;
}

/** As the manuals of the programs say. */
const SHORT_FLAGS: readonly ShortFlag[] = [
  {
    programs: /^curl$/,
    flags: ["-u", "--user", "-U", "--proxy-user"],
    glued: "too",
    user: true,
  },
  { programs: /^https?$/, flags: ["-a", "--auth"], user: true },
  { programs: /^etcdctl$/, flags: ["--user"], glued: "too", user: true },
  { programs: /^erl$/, flags: ["-setcookie"] },
  { programs: /^skopeo$/, flags: ["--creds", "--src-creds", "--dest-creds"], user: true },
  { programs: /^(?:mysql|mariadb)[\w-]*$/, flags: ["-p"], glued: "only" },
  { programs: /^sshpass$/, flags: ["-p"], glued: "too" },
  { programs: /^(?:redis|valkey|keydb)-(?:cli|benchmark)$/, flags: ["-a"] },
  {
    programs: /^mongo(?:sh|dump|restore|import|export|stat|top)?$/,
    flags: ["-p"],
    glued: "too",
  },
  { programs: /^(?:sqlcmd|bcp)$/, flags: ["-P"], glued: "too" },
  { programs: /^ldap(?:search|add|modify|delete|whoami|passwd)$/, flags: ["-w"], glued: "too" },
  {
    programs: /^(?:docker|podman|nerdctl|buildah|helm|oras|crane|skopeo|az|oc|regctl)$/,
    flags: ["-p"],
    with: "login",
  },
];

/** A password that a program takes by its place among the words that are no flags. */
interface Positional {
  readonly programs: RegExp;
  /** Words that stand before it: what the program does. */
  readonly behind: readonly RegExp[];
  /** How many words stand between those and the password. */
  readonly skip: number;
}

const POSITIONAL: readonly Positional[] = [
  { programs: /^mc(?:li)?$/, behind: [/^alias$/, /^set$/], skip: 3 },
  { programs: /^mc(?:li)?$/, behind: [/^config$/, /^host$/, /^add$/], skip: 3 },
  { programs: /^rabbitmqctl$/, behind: [/^(?:add_user|change_password)$/], skip: 1 },
  { programs: /^htpasswd$/, behind: [], skip: 2 },
  { programs: /^vault$/, behind: [/^login$/], skip: 0 },
];

/** Programs that are given a program in another language than the shell's. */
const INTERPRETER = /^(?:python[\d.]*|node|deno|bun|ruby|perl|php)$/;

/** Programs whose `-p` is a port, a path or a question, beside a `-u` too. */
const OTHER_P = /^(?:mysql|mariadb|psql|pg_\w+|ssh|scp|sftp|mkdir|cp|nmap|adduser|useradd)/;

/** Programs that a line of a file must name to be read as a command. */
export const PROGRAM =
  /(?<![\w-])(?:curl|https?|skopeo|mysql\w*|mariadb[\w-]*|sshpass|(?:redis|valkey|keydb)-\w+|mongo\w*|sqlcmd|bcp|ldap\w+|docker|podman|nerdctl|buildah|helm|oras|crane|az|oc|regctl|openssl|etcdctl|erl|mc|mcli|rabbitmqctl|htpasswd|vault)\s/;

/** Scripts in scripts end here. */
const DEEPEST = 3;

/** The flags, variables and places of a command's words that are credentials; words that are not known are undefined. */
export function credentialsIn(
  words: readonly (string | undefined)[],
  allow: readonly string[],
): string[] {
  return [...new Set(inCommand(words, allow, 0, "literal"))];
}

/** What of a script is a credential. */
export function credentialsInScript(script: string, allow: readonly string[], depth = 0): string[] {
  return shellCommands(script).flatMap((words) => inCommand(words, allow, depth, "file"));
}

function inCommand(
  words: readonly (string | undefined)[],
  allow: readonly string[],
  depth: number,
  place: Place,
): string[] {
  const program = programOf(words);
  const short = shortFlags(words, program, place);
  const positional = positionalIn(words, program, place);
  const foreign = INTERPRETER.test(program);
  return words.flatMap((word, index) => {
    if (word === undefined) {
      return [];
    }
    const next = words[index + 1];
    const isText = /\s|["'{]/.test(word);
    // What a word with spaces holds is a script, whose variables are put in later.
    const around = { place: isText ? "file" : place } as const;
    const named =
      inWord(word, next, place) ??
      credentialPart(word, allow, around) ??
      short(word, next) ??
      (index === positional ? `number ${index + 1}` : undefined);
    const found = named === undefined || allow.includes(named) ? [] : [named];
    const inner = isText && depth < DEEPEST ? inText(word, allow, depth, foreign) : [];
    const all = [...found, ...inner];
    return all.length === 0 && holdsCredential(word, allow, around) ? [`number ${index + 1}`] : all;
  });
}

/** The name of the program that the words of a command run. */
function programOf(words: readonly (string | undefined)[]): string {
  const program = words
    .map((word) => word?.replace(/^.*\//s, ""))
    .find(
      (word) =>
        word !== undefined &&
        !/=|^-|^(?:sudo|exec|env|time|command|nohup|until|while|if|then|else|do|!)$/.test(word),
    );
  return program ?? "";
}

/** The name of the credential that a word alone shows, or a flag and the word behind it. */
function inWord(word: string, next: string | undefined, place: Place): string | undefined {
  const [, name = "", value] = /^(-{0,2}[A-Za-z_][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (name !== "" && value !== undefined && isNamedCredential(name, value, place)) {
    return name;
  }
  if (name.startsWith("-") && value === undefined && next !== undefined && !next.startsWith("-")) {
    return isNamedCredential(name, next, place) ? name : undefined;
  }
  // openssl takes `pass:secret` where it could take `file:` or `env:`.
  const isPass = word.startsWith("pass:");
  return isPass && isNamedCredential("password", word.slice("pass:".length), place)
    ? "pass:"
    : undefined;
}

/** Which word is a password by its place; undefined where none is. */
function positionalIn(
  words: readonly (string | undefined)[],
  program: string,
  place: Place,
): number | undefined {
  for (const { programs, behind, skip } of POSITIONAL) {
    const start = programs.test(program)
      ? words.findIndex((word) => word?.replace(/^.*\//s, "") === program)
      : -1;
    const plain = words.flatMap((word, index) =>
      index > start && !(word ?? "").startsWith("-") ? [{ word, index }] : [],
    );
    const value = plain[behind.length + skip];
    if (
      start >= 0 &&
      behind.every((pattern, index) => pattern.test(plain[index]?.word ?? "")) &&
      value?.word !== undefined &&
      // What has a name of its own is judged by it: vault login role=app.
      !/^[a-z_]+=/.test(value.word) &&
      isNamedCredential("password", value.word, place)
    ) {
      return value.index;
    }
  }
  return undefined;
}

/** What the script, document or header in a word holds. */
function inText(word: string, allow: readonly string[], depth: number, foreign: boolean): string[] {
  const settings = settingsIn(word).flatMap(({ name, value }) =>
    isCredential(name, value, allow) && !allow.includes(name) ? [name] : [],
  );
  return settings.concat(
    /\s/.test(word) && !foreign ? credentialsInScript(word, allow, depth + 1) : [],
  );
}

type ByFlag = (word: string, next: string | undefined) => string | undefined;

/** Finds passwords behind flags whose meaning the program decides. */
function shortFlags(words: readonly (string | undefined)[], program: string, place: Place): ByFlag {
  const known = SHORT_FLAGS.filter(
    (flag) => flag.programs.test(program) && (flag.with === undefined || words.includes(flag.with)),
  );
  const named = words.some((word) => /^(?:-u|-U|--user|--username)$/.test(word ?? ""));
  return (word, next) => {
    for (const { flags, glued, user = false } of known) {
      for (const flag of flags) {
        const inside = glued !== undefined && word.length > flag.length && word.startsWith(flag);
        const value = inside
          ? word.slice(flag.length).replace(/^=/, "")
          : word === flag && glued !== "only"
            ? next
            : undefined;
        if (value !== undefined && isPassword(value, user, place)) {
          return flag;
        }
      }
    }
    // Elsewhere -p is a password if a user stands beside it, and it is neither a port nor a path.
    const plain = named && word === "-p" && !OTHER_P.test(program);
    return plain && next !== undefined && !/^[\d:-]+$/.test(next) && isPassword(next, false, place)
      ? "-p"
      : undefined;
  };
}

function isPassword(value: string, user: boolean, place: Place): boolean {
  const colon = value.indexOf(":");
  return user
    ? colon >= 0 &&
        !value.startsWith("-") &&
        isNamedCredential("password", value.slice(colon + 1), place)
    : !value.startsWith("-") && isNamedCredential("password", value, place);
}
