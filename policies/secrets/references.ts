import { nameKind, wordsOf, type NameKind } from "./names";

/**
 * Where a value stands: in a file or script, which may be a program, a schema or a template; or literally in a variable or an
 * argument, which nobody but the kubelet reads before the program gets it.
 */
export type Place = "file" | "literal";

/** Words that stand for a value: nothing, or something left out. */
const WORDS = [
  String.raw`null|none|nil|true|false|yes|no|on|off|undefined|redacted|empty|dummy|fake|unused|ignored|placeholder`,
  String.raw`(?:not|none)[-_]?(?:used|needed|required|set)|(?:dummy|fake|your)[-_][\w-]+|(?:replace|insert|fill|enter|provide)[-_](?:me|with|this|your|here|in)[\w-]*|replaceme|to[-_]?do|tbd`,
  String.raw`(?:[a-z]+[-_])*(?:\*+|x{3,}|0{6,}|-+|\.{3,})`,
].join("|");

/** What servers without keys are given for one, as their manuals say, and what a key is by; people choose such passwords. */
const NO_KEYS = [
  String.raw`x+|ollama|lm[-_]?studio|llama[-_.]?cpp|localai|vllm|anything|whatever|no[-_]?key|na|n/a|my[-_][\w-]+`,
  String.raw`sk-(?:no-key|no|not|placeholder|dummy|fake|none|example|anything|unused|x{3,}|your)(?:-[a-z-]+)?`,
  String.raw`include|omit|same-origin|projected|auto|automatic|inline`,
].join("|");

/** Types, and how somebody authenticates. */
const TYPES = [
  String.raw`required|optional|string|str|text|bytes?|bool|boolean|int|integer|number|float|object|array|list|any|uuid|secretstr|(?:var)?char|password_hash|example`,
  String.raw`scram-sha-256|md5|bearer|basic|oauth2?|oidc|jwt|ldap|kerberos|peer`,
].join("|");

/** What is put in place of these before anybody reads them, and what points to a credential elsewhere. */
const POINTERS = [
  // Variables of Kubernetes, shells and Windows; what a shell runs; marks that a deployment replaces.
  String.raw`\$[({].*|%\w+%|%[({].*|%s|#\{.*|@@?\w+@@?|__\w+__|<%.*`,
  String.raw`<[^<>]*>|<<.*>>|\[\[.*\]\]|<\|.*\|>|</?s>`,
  // SOPS, Spring, Sealed Secrets: encrypted, for whoever has the key.
  String.raw`ENC\[.*|\{cipher\}.*|Ag[A-D][A-Za-z0-9+/]{100,}={0,2}`,
  String.raw`(?:env|file|vault|ref\+[\w-]+|secretref\+[\w-]+|sm|ssm|gsm|secretsmanager|op|awssm|gcpsm|akv|keyvault|azurekeyvault|sops|k8s|doppler|bitwarden|berglas):.*`,
  String.raw`arn:aws[\w-]*:.*|projects/[\w-]+/secrets/.*|secrets?/[\w./-]+(?:#[\w.-]+)?|@Microsoft\.KeyVault\(.*`,
  // What programs read their variables with.
  String.raw`(?:os\.environ|process\.env|import\.meta\.env|Deno\.env)[./[(].*|ENV(?:\.fetch\(|\[).*|(?:os\.|System\.)?getenv\(.*`,
  // Files.
  String.raw`@?(?:/|\.{1,2}/|~/|[A-Za-z]:\\)[\w.\\/-]*`,
].join("|");

const ENDS = "(?:pem|key|crt|cer|p12|pfx|jks|txt|json|ya?ml|env|conf|token|asc|pub)";
const FILE_IN_FOLDER = String.raw`[\w-]+(?:/[\w.-]+)+\.${ENDS}`;
const FILE = String.raw`[\w-]+\.${ENDS}`;

/** Pieces of a program or a script: a variable, a call, an index, or a field of something that holds settings. */
const CODE = [
  String.raw`\$[\w@*#?!].*`,
  "`.*",
  String.raw`\[[^\]]*\]|\{[\w.]*\}`,
  String.raw`(?:await|new|return|async|lambda|function|not|typeof)\s.*`,
  String.raw`[A-Za-z_][\w.:]*\((?:.*\).*)?`,
  String.raw`[A-Za-z_][\w.]*\[(?:["'\w.-]*|.*\].*)`,
  String.raw`(?:process\.env|import\.meta\.env|Deno\.env|ENV|env|environ|var|local|module|data|secrets?|settings|config|cfg|conf|self|this|args|params|options|opts|vars|inputs|values|request|req|ctx|context|input|event|props|state|user|app|each)\.[A-Za-z_][\w.!?]*(?:\s*(?:\|\||\?\?|or\b).*)?`,
].join("|");

const whole = (...patterns: readonly string[]) => new RegExp(`^(?:${patterns.join("|")})$`, "is");

/** What is no credential, by the place of a value and by whether it would be a password. */
const REFERENCES = {
  file: {
    password: whole(WORDS, TYPES, POINTERS, FILE_IN_FOLDER, FILE, CODE),
    other: whole(WORDS, NO_KEYS, TYPES, POINTERS, FILE_IN_FOLDER, FILE, CODE),
  },
  literal: {
    password: whole(WORDS, POINTERS, FILE_IN_FOLDER),
    other: whole(WORDS, NO_KEYS, TYPES, POINTERS, FILE_IN_FOLDER, FILE),
  },
} as const;

/** An optional, generic or joined type of a program: `Optional[str]`, `string | null`, `Option<String>`. */
const TYPE =
  /^(?:Optional|Option|List|Union|SecretStr|String|Maybe)?[<[]?(?:string|str|bytes|text)[\]>]?\??(?:\s*\|\s*(?:null|None|undefined))*$/i;

/** The name of a variable, as `DB_PASSWORD` is. */
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** A field of an object that a program calls a credential. */
const FIELD = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;

/** A mark with a name in it, to be replaced, and a variable of a shell: `[password]`, `{password}`, `$TOKEN`, `$token`. */
const MARK = /^(?:\[([\w .-]*)\]|\{([\w.-]*)\}|\$([a-z_]\w*)|`.*`)$/i;

/** Values that are longer are texts, and judged by what stands in them. */
export const LONGEST_VALUE = 4096;

/** Whether a value points to a credential, is a piece of a program that gets one, or stands for one. */
export function isReference(value: string, kind: NameKind, place: Place): boolean {
  const isPassword = kind === "password";
  return (
    value.length > LONGEST_VALUE ||
    holds(value, "{{", "}}") ||
    holds(value, "{%", "%}") ||
    holds(value, "${", "}") ||
    holds(value, "$(", ")") ||
    REFERENCES[place][isPassword ? "password" : "other"].test(value) ||
    (place === "file" ? isOfProgram(value) : isMark(value, isPassword))
  );
}

function isOfProgram(value: string): boolean {
  return TYPE.test(value) || isNamedLike(VARIABLE, value) || isNamedLike(FIELD, value);
}

function isNamedLike(pattern: RegExp, value: string): boolean {
  return pattern.test(value) && nameKind(value) !== "harmless";
}

/** Whether a value that stands alone is a mark that somebody forgot, or left, to replace. */
function isMark(value: string, isPassword: boolean): boolean {
  const mark = MARK.exec(value);
  if (mark !== null) {
    const name = mark[1] ?? mark[2] ?? mark[3] ?? "";
    return nameKind(name) !== "harmless" || /^(?:your\b.*|[A-Z_][A-Z0-9_]*|)$/.test(name);
  }
  // A variable of a program that is called a password may be meant; MY_SECRET is somebody's.
  return (
    VARIABLE.test(value) &&
    (isPassword
      ? nameKind(value) === "password" && !value.startsWith("MY_")
      : nameKind(value) !== "harmless")
  );
}

/** Whether a value is made of something that is put in later, in whole or in part. */
function holds(value: string, opening: string, closing: string): boolean {
  const start = value.indexOf(opening);
  return start >= 0 && value.includes(closing, start);
}

/** The name of a Kubernetes Secret, of a key in it, or of a secret in a store, rather than its content. */
export function isObjectName(name: string, value: string): boolean {
  return (
    (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value) &&
      /(?:^|[-.])(?:secrets?|credentials?|creds|tls|auth|keys?|tokens?|config)$/.test(value)) ||
    (/(?:^|_)secret$/.test(wordsOf(name)) && isSecretName(wordsOf(name), value))
  );
}

/** Secrets whose name stands for what is in them; what others are called is the object that holds them. */
const CONTENT =
  /(?:^|_)(?:client|consumer|app|application|api|jwt|session|cookie|webhook|signing|shared|hmac|encryption|auth|nextauth|oauth|oidc|token|access|refresh|hash|master|flask|django|rails|user)_secret$/;

/** What people take for a secret, not for its name. */
const WEAK =
  /^(?:change[-_]?(?:me|it|this)|(?:super|very|top)[-_]?secret|password|admin|root|letmein|qwerty|hunter)$/;

/** Names of Secrets and paths in stores are words; generated secrets have digits. */
function isSecretName(words: string, value: string): boolean {
  return (
    !WEAK.test(value) &&
    (/^[a-z]+(?:[._-][a-z]+)*(?:\/[a-z]+(?:[._-][a-z]+)*)+$/.test(value) ||
      (/^[a-z]+(?:[.-](?:[a-z]+|v?\d{1,2}))*$/.test(value) && !CONTENT.test(words)))
  );
}

/** A token of a model's vocabulary, named after the role that it begins: `user_token: USER`. */
export function isVocabulary(name: string, value: string): boolean {
  const role = /(?:^|_)([a-z]+)_token$/.exec(wordsOf(name))?.[1];
  return role !== undefined && wordsOf(value) === role;
}

/** A regular expression that looks for a credential. */
export function isPattern(value: string): boolean {
  return /\\[SswWdD][+*{)]|\[\^|\(\?|\(?\.[*+]\)?$/.test(value);
}

/** What everybody knows: the password of the certificates that come with Java. */
export function isPublic(name: string, value: string): boolean {
  return value === "changeit" && /(?:^|_)trust_?store_(?:password|pass)$/.test(wordsOf(name));
}

/** A sentence, or the label of a field, rather than a passphrase. */
export function isProse(name: string, value: string): boolean {
  return (
    /\s(?:the|of|for|to|is|are|your|must|be|used|when|if|from|with|this|a|an|not)\s/i.test(
      ` ${value} `,
    ) ||
    (/^[A-Z][a-z]+(?: [a-z]+)*$/.test(value) && wordsOf(name).endsWith(wordsOf(value)))
  );
}
