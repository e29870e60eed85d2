import { settingsIn } from "./settings";
import { shellCommands } from "./shell";
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

/** Programs whose `-p` is a port, a path or a question, beside a `-u` too. */
const OTHER_P = /^(?:mysql|mariadb|psql|pg_\w+|ssh|scp|sftp|mkdir|cp|nmap|adduser|useradd)/;

/** Programs that a line of a file must name to be read as a command. */
export const PROGRAM =
  /(?<![\w-])(?:curl|https?|skopeo|mysql\w*|mariadb[\w-]*|sshpass|(?:redis|valkey|keydb)-\w+|mongo\w*|sqlcmd|bcp|ldap\w+|docker|podman|nerdctl|buildah|helm|oras|crane|az|oc|regctl|openssl)\s/;

/** Scripts in scripts end here. */
const DEEPEST = 3;

/** The flags, variables and places of a command's words that are credentials; words that are not known are undefined. */
export function credentialsIn(
  words: readonly (string | undefined)[],
  allow: readonly string[],
): string[] {
  return [...new Set(inCommand(words, allow, 0))];
}

/** What of a script is a credential. */
export function credentialsInScript(script: string, allow: readonly string[], depth = 0): string[] {
  return shellCommands(script).flatMap((words) => inCommand(words, allow, depth));
}

function inCommand(
  words: readonly (string | undefined)[],
  allow: readonly string[],
  depth: number,
): string[] {
  const short = shortFlags(words);
  return words.flatMap((word, index) => {
    if (word === undefined) {
      return [];
    }
    const next = words[index + 1];
    const named = inWord(word, next, allow) ?? short(word, next);
    const found = named === undefined || allow.includes(named) ? [] : [named];
    const inner = /\s|["'{]/.test(word) && depth < DEEPEST ? inText(word, allow, depth) : [];
    const all = [...found, ...inner];
    return all.length === 0 && holdsCredential(word, allow) ? [`number ${index + 1}`] : all;
  });
}

/** The name of the credential that a word alone shows, or a flag and the word behind it. */
function inWord(
  word: string,
  next: string | undefined,
  allow: readonly string[],
): string | undefined {
  const [, name = "", value] = /^(-{0,2}[A-Za-z_][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (name !== "" && value !== undefined && isNamedCredential(name, value)) {
    return name;
  }
  if (name.startsWith("-") && value === undefined && next !== undefined && !next.startsWith("-")) {
    return isNamedCredential(name, next) ? name : undefined;
  }
  // openssl takes `pass:secret` where it could take `file:` or `env:`.
  if (word.startsWith("pass:") && isNamedCredential("password", word.slice("pass:".length))) {
    return "pass:";
  }
  return credentialPart(word, allow);
}

/** What the script, document or header in a word holds. */
function inText(word: string, allow: readonly string[], depth: number): string[] {
  const settings = settingsIn(word).flatMap(({ name, value }) =>
    isCredential(name, value, allow) && !allow.includes(name) ? [name] : [],
  );
  return settings.concat(/\s/.test(word) ? credentialsInScript(word, allow, depth + 1) : []);
}

type ByFlag = (word: string, next: string | undefined) => string | undefined;

/** Finds passwords behind flags whose meaning the program decides. */
function shortFlags(words: readonly (string | undefined)[]): ByFlag {
  const program = words
    .map((word) => word?.replace(/^.*\//s, ""))
    .find(
      (word) => word !== undefined && !/=|^-|^(?:sudo|exec|env|time|command|nohup)$/.test(word),
    );
  const known = SHORT_FLAGS.filter(
    (flag) =>
      flag.programs.test(program ?? "") && (flag.with === undefined || words.includes(flag.with)),
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
        if (value !== undefined && isPassword(value, user)) {
          return flag;
        }
      }
    }
    // Elsewhere -p is a password if a user stands beside it, and it is neither a port nor a path.
    const plain = named && word === "-p" && !OTHER_P.test(program ?? "");
    return plain && next !== undefined && !/^[\d:-]+$/.test(next) && isPassword(next, false)
      ? "-p"
      : undefined;
  };
}

function isPassword(value: string, user: boolean): boolean {
  const colon = value.indexOf(":");
  return user
    ? colon >= 0 && !value.startsWith("-") && isNamedCredential("password", value.slice(colon + 1))
    : !value.startsWith("-") && isNamedCredential("password", value);
}
