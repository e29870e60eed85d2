import { nameKind, type NameKind } from "./names";
import { isObjectName, isProse, isReference } from "./references";

/** Not a key, but a picture of one: `sk-xxxxxxxxxxxxxxxxxxxx`. */
const SHOWN = "(?![xX]{6}|0{6}|your[-_])";

/** Values that are credentials whatever their name: keys of providers, private keys, tokens, addresses that are keys themselves. */
const CREDENTIAL = new RegExp(
  [
    String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
    String.raw`\bhf_${SHOWN}[A-Za-z0-9]{20,}\b`,
    String.raw`(?<![\w-])sk-${SHOWN}(?:[A-Za-z0-9_]{16,}|(?=[\w-]*[A-Z0-9])[\w-]{16,})`,
    String.raw`\bgh[pousr]_${SHOWN}[A-Za-z0-9]{30,}\b`,
    String.raw`\bgithub_pat_\w{30,}`,
    String.raw`\bglpat-[\w-]{20,}`,
    String.raw`\bxox[abprs]-[\w-]{10,}`,
    String.raw`\bAIza[\w-]{35}\b`,
    String.raw`(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
    String.raw`\b(?:Basic|Bearer)\s+(?=[\w+/=.-]*\d)[\w+/=.-]{16,}`,
    String.raw`\bAccountKey=[A-Za-z0-9+/=]{20,}`,
    // Whoever knows the address of a webhook posts to it: Slack, Discord, Teams.
    String.raw`hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Z0-9]+/[\w/]{8,}`,
    String.raw`discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]{16,}`,
    String.raw`(?:webhook\.office\.com|outlook\.office(?:365)?\.com)/webhook(?:b2)?/[\w@-]+/IncomingWebhook/\w{16,}`,
  ].join("|"),
);

/** A password in a URL, in a Go address of MySQL, and in a JDBC address of Oracle; a placeholder in its place is none. */
const ADDRESS_PASSWORDS: readonly RegExp[] = [
  /:\/\/[^\s:/@]*:([^\s@/]+)@/g,
  /(?<![^\s"'=])[^\s:@/"'=]+:([^\s@"']+)@(?:tcp|unix)\(/g,
  /jdbc:oracle:\w+:[\w$]+\/([^\s@/]+)@/g,
];

/**
 * The parts of connection strings, queries of URLs and lists of settings: `;Password=...`, `?token=...`, `user=a password=b`. What
 * is read as a value may hold further parts, so the search goes on behind the name; the beginning of a long value is enough.
 */
const PART = /(?<![\w.-])(-{0,2}[A-Za-z][\w.-]*)=(?=([^\s;&?#,"'`<>]{1,128}))/g;

const SHORTEST_SIGNATURE = 8;

/** Whether a value under the given name is a credential in clear text, or holds one. */
export function isCredential(name: string, value: string, allow: readonly string[]): boolean {
  return (!allow.includes(name) && isNamedCredential(name, value)) || holdsCredential(value, allow);
}

/** Whether a value is a credential because of its name. */
export function isNamedCredential(name: string, written: string): boolean {
  const kind = nameKind(name);
  if (kind === "harmless") {
    return false;
  }
  const text = written.trim().replace(/^(["'])(.*)\1$/s, "$2");
  const scheme = /authorization$/i.test(name)
    ? /^(?:Basic|Bearer|Token|ApiKey|Digest|key)[\s=]+(\S.*)$/i.exec(text)
    : null;
  const value = scheme?.[1] ?? text;
  if (value === "" || /^[{[]/.test(value) || isReference(value) || isUrl(value)) {
    return false;
  }
  return isOfKind(name, value, scheme === null ? kind : "credential");
}

function isOfKind(name: string, value: string, kind: NameKind): boolean {
  switch (kind) {
    case "password":
      return !isProse(name, value);
    case "credential":
      return (
        !/^\d+(?:\.\d+)?(?:e[+-]?\d+|ms|[smhd])?$/i.test(value) &&
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

/** Whether there is a key, or an address with a password, in a text. */
export function holdsKey(text: string): boolean {
  return (
    CREDENTIAL.test(text) ||
    ADDRESS_PASSWORDS.some((pattern) =>
      [...text.matchAll(pattern)].some(([, password = ""]) => isPassword(password)),
    )
  );
}

/** Whether there is a credential in a text, whatever the text's name; parts with allowed names are none. */
export function holdsCredential(text: string, allow: readonly string[]): boolean {
  return holdsKey(text) || credentialPart(text, allow) !== undefined;
}

/** The name of the first part of a connection string, query or list of settings that is a credential. */
export function credentialPart(text: string, allow: readonly string[]): string | undefined {
  for (const [, name = "", value = ""] of text.matchAll(PART)) {
    if (name !== value && !allow.includes(name) && isPartCredential(name, value)) {
      return name;
    }
  }
  return undefined;
}

function isPartCredential(name: string, value: string): boolean {
  // The signature of a shared access signature is what grants the access.
  return name === "sig"
    ? value.length >= SHORTEST_SIGNATURE && !isReference(value)
    : isNamedCredential(name, decoded(value));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function isPassword(value: string): boolean {
  return !/^[$<{*%]/.test(value) && !isReference(value);
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
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
