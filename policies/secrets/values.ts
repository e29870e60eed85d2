import { nameKind, type NameKind } from "./names";

/** Values that are credentials whatever their name: keys of providers, private keys, tokens, URLs with a password. */
const CREDENTIAL = new RegExp(
  [
    String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
    String.raw`\bhf_[A-Za-z0-9]{20,}\b`,
    String.raw`\bsk-[A-Za-z0-9_-]{16,}`,
    String.raw`\bgh[pousr]_[A-Za-z0-9]{30,}\b`,
    String.raw`\bgithub_pat_\w{30,}`,
    String.raw`\bglpat-[\w-]{20,}`,
    String.raw`\bxox[abprs]-[\w-]{10,}`,
    String.raw`\bAIza[\w-]{35}\b`,
    String.raw`\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
    String.raw`\b(?:Basic|Bearer)\s+(?=[\w+/=.-]*\d)[\w+/=.-]{16,}`,
    String.raw`\bAccountKey=[A-Za-z0-9+/=]{20,}`,
    String.raw`\b(?:Password|Pwd)=[^;\s$<{]{4,};`,
  ].join("|"),
);

/** A password in a URL; a placeholder in its place is none. */
const URL_PASSWORD = /:\/\/[^\s:/@]*:([^\s@/]+)@/;

/** Values that point to a credential, call a function for one, or are a placeholder. */
const REFERENCE = new RegExp(
  `^(?:${[
    String.raw`null|none|nil|true|false|yes|no|on|off|undefined|redacted|empty|dummy|fake|unused|ignored|placeholder|example|not[-_]?(?:used|needed)|(?:dummy|fake|your|my)[-_][\w-]+|\*+|x{3,}|\.\.\.`,
    String.raw`[\w.]+\(.*\)`,
    String.raw`os\.environ/\w+`,
    String.raw`(?:env|file|vault|ref\+\w+|sm|ssm|secretsmanager|op|awssm|gcpsm):.*`,
    String.raw`arn:aws[\w-]*:.*`,
    String.raw`projects/[\w-]+/secrets/.*`,
    String.raw`\$\(\w+\)|\$\{.*\}|\$\w+|%\w+%|\{\{.*\}\}|<[^<>]*>|\[[^\]]*\]|<\|.*\|>|</?s>`,
    String.raw`(?:/|\./|~/)[\w./-]+|[\w-]+(?:/[\w-]+)*\.(?:pem|key|crt|txt|json|ya?ml)`,
  ].join("|")})$`,
  "i",
);

/** The beginning of something longer, in YAML or JSON. */
const STRUCTURE = /^[{[|>&*!#]|^[|>][+-]?$/;

/** Whether a value under a name of the given kind is a credential in clear text. */
export function isCredentialValue(text: string, kind: NameKind): boolean {
  const value = text.trim().replace(/^(["'])(.*)\1$/, "$2");
  if (CREDENTIAL.test(value) || hasUrlPassword(value)) {
    return true;
  }
  if (value === "" || STRUCTURE.test(value) || REFERENCE.test(value) || isUrl(value)) {
    return false;
  }
  switch (kind) {
    case "password":
      return true;
    case "credential":
      return (
        !/^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value) &&
        nameKind(value) === "harmless" &&
        !isObjectName(value) &&
        !/\s/.test(value)
      );
    case "suspect":
      return isRandom(value);
    case "harmless":
      return false;
  }
}

function hasUrlPassword(value: string): boolean {
  const password = URL_PASSWORD.exec(value)?.[1];
  return password !== undefined && !/^[$<{*%]/.test(password) && !REFERENCE.test(password);
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
}

/** The name of a Kubernetes Secret rather than its content. */
function isObjectName(value: string): boolean {
  return (
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value) &&
    /(?:^|[-.])(?:secrets?|credentials?|creds|tls|auth|keys?|tokens?|config)$/.test(value)
  );
}

/** Whether a text is as irregular as generated keys are: long, mixed, without words. */
function isRandom(value: string): boolean {
  if (value.length < 20 || !/^[A-Za-z0-9+/_=.-]+$/.test(value)) {
    return false;
  }
  const classes = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(value)).length;
  return (classes === 3 || /^[0-9a-f]{32,}$/i.test(value)) && entropy(value) >= 3.2;
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}
