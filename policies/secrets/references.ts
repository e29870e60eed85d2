import { nameKind, wordsOf } from "./names";

/** Words that stand for a value: nothing, something left out, a type, or how somebody authenticates. */
const WORDS = [
  String.raw`null|none|nil|true|false|yes|no|on|off|undefined|redacted|empty|dummy|fake|unused|ignored|placeholder|example`,
  String.raw`not[-_]?(?:used|needed|required|set)|(?:dummy|fake|your|my)[-_][\w-]+|(?:replace|insert|fill|enter|provide)[-_](?:me|with|this|your|here|in)[\w-]*|replaceme|to[-_]?do|tbd`,
  String.raw`required|optional|string|str|text|bytes?|bool|boolean|int|integer|number|float|object|array|list|any|uuid|secretstr|(?:var)?char|password_hash`,
  String.raw`scram-sha-256|md5|bearer|basic|oauth2?|oidc|jwt|ldap|kerberos|peer`,
  String.raw`(?:[a-z]+[-_])*(?:\*+|x{3,}|0{6,}|-+|\.{3,})`,
].join("|");

/** What is put in place of these before anybody reads them, and what points to a credential elsewhere. */
const POINTERS = [
  // Variables of Kubernetes, shells and Windows; what a shell runs; marks that a deployment replaces.
  String.raw`\$[\w({@*#?!].*|%\w+%|%[({].*|%s|#\{.*|@@?\w+@@?|__\w+__|<%.*`,
  "`.*",
  String.raw`<[^<>]*>|<<.*>>|\[[^\]]*\]|\[\[.*\]\]|\{[\w.]*\}|<\|.*\|>|</?s>`,
  // SOPS, Spring, Sealed Secrets: encrypted, for whoever has the key.
  String.raw`ENC\[.*|\{cipher\}.*|Ag[A-D][A-Za-z0-9+/]{100,}={0,2}`,
  String.raw`(?:env|file|vault|ref\+[\w-]+|secretref\+[\w-]+|sm|ssm|gsm|secretsmanager|op|awssm|gcpsm|akv|keyvault|azurekeyvault|sops|k8s|doppler|bitwarden|berglas):.*`,
  String.raw`arn:aws[\w-]*:.*|projects/[\w-]+/secrets/.*|secrets?/[\w./-]+(?:#[\w.-]+)?|@Microsoft\.KeyVault\(.*`,
  // Files.
  String.raw`@?(?:/|\.{1,2}/|~/|[A-Za-z]:\\)[\w.\\/-]*|[\w-]+(?:/[\w.-]+)*\.(?:pem|key|crt|cer|p12|pfx|jks|txt|json|ya?ml|env|conf|token|asc|pub)`,
].join("|");

/** Pieces of a program: a call, an index, or a field of something that holds settings. */
const CODE = [
  String.raw`(?:await|new|return|async|lambda|function|not|typeof)\s.*`,
  String.raw`[A-Za-z_][\w.:]*\((?:.*\).*)?`,
  String.raw`[A-Za-z_][\w.]*\[(?:["'\w.-]*|.*\].*)`,
  String.raw`os\.environ/\w+`,
  String.raw`(?:process\.env|import\.meta\.env|Deno\.env|ENV|env|environ|var|local|module|data|secrets?|settings|config|cfg|conf|self|this|args|params|options|opts|vars|inputs|values|request|req|ctx|context|input|event|props|state|user|app|each)\.[A-Za-z_][\w.!?]*(?:\s*(?:\|\||\?\?|or\b).*)?`,
].join("|");

const REFERENCE = new RegExp(`^(?:(?:${WORDS})|${POINTERS}|${CODE})$`, "is");

/** An optional, generic or joined type of a program: `Optional[str]`, `string | null`, `Option<String>`. */
const TYPE =
  /^(?:Optional|Option|List|Union|SecretStr|String|Maybe)?[<[]?(?:string|str|bytes|text)[\]>]?\??(?:\s*\|\s*(?:null|None|undefined))*$/i;

/** The name of a variable, as `DB_PASSWORD` is. */
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** A field of an object that a program calls a credential. */
const FIELD = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;

/** Values that are longer are texts, and judged by what stands in them. */
export const LONGEST_VALUE = 4096;

/** Whether a value points to a credential, is a piece of a program that gets one, or stands for one. */
export function isReference(value: string): boolean {
  return (
    value.length > LONGEST_VALUE ||
    holds(value, "{{", "}}") ||
    holds(value, "{%", "%}") ||
    holds(value, "${", "}") ||
    holds(value, "$(", ")") ||
    REFERENCE.test(value) ||
    TYPE.test(value) ||
    (VARIABLE.test(value) && nameKind(value) !== "harmless") ||
    (FIELD.test(value) && nameKind(value) !== "harmless")
  );
}

/** Whether a value is made of something that is put in later, in whole or in part. */
function holds(value: string, opening: string, closing: string): boolean {
  const start = value.indexOf(opening);
  return start >= 0 && value.includes(closing, start);
}

/** The name of a Kubernetes Secret, or of a key in it, rather than its content. */
export function isObjectName(value: string): boolean {
  return (
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value) &&
    /(?:^|[-.])(?:secrets?|credentials?|creds|tls|auth|keys?|tokens?|config)$/.test(value)
  );
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
