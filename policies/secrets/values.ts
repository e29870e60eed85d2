import { isRandom, holdsProviderKey } from "./keys";
import { isLabel } from "./labels";
import { nameKind, type NameKind } from "./names";
import { callReader, isVariable, untilClosing, withoutSelectors } from "./programs";
import {
  isObjectName,
  isPattern,
  isProse,
  isPublic,
  isReference,
  isVocabulary,
  type Place,
} from "./references";

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
export function isCredential(
  name: string,
  value: string,
  allow: readonly string[],
  place: Place = "file",
): boolean {
  return (
    (!allow.includes(name) && isNamedCredential(name, value, place)) ||
    holdsCredential(value, allow, { place })
  );
}

/** Whether a value is a credential because of its name. */
export function isNamedCredential(name: string, written: string, place: Place = "file"): boolean {
  const kind = nameKind(name);
  if (kind === "harmless") {
    return false;
  }
  const text = written.trim().replace(/^(["'])(.*)\1$/s, "$2");
  const scheme = /authorization$/i.test(name)
    ? /^(?:Basic|Bearer|Token|ApiKey|Digest|key)[\s=]+(\S.*)$/i.exec(text)
    : null;
  const value = scheme?.[1] ?? text;
  if (
    value === "" ||
    isStructure(value, kind, place) ||
    isReference(value, kind, place) ||
    isUrl(value) ||
    isPublic(name, value)
  ) {
    return false;
  }
  return isOfKind(name, value, scheme === null ? kind : "credential", place);
}

function isOfKind(name: string, value: string, kind: NameKind, place: Place): boolean {
  switch (kind) {
    case "password":
      return !isProse(name, value) && (place === "literal" || !isLabel(value));
    case "credential":
      return (
        !/^(?:\d{1,7}|\d+\.\d+|\d+(?:\.\d+)?(?:e[+-]?\d+|ms|[smhd]))$/i.test(value) &&
        nameKind(value) === "harmless" &&
        !isObjectName(name, value) &&
        !isVocabulary(name, value) &&
        !/\s/.test(value)
      );
    case "user":
      // A user, and behind a colon or slash the password: `admin:secret`, `neo4j/secret`.
      return isNamedCredential("password", /^[\w.@-]+[:/](.+)$/.exec(value)?.[1] ?? "", place);
    case "suspect":
      return isRandom(value);
    case "harmless":
      return false;
  }
}

/** The beginning of something longer; alone in a variable, a password may begin with a bracket too. */
function isStructure(value: string, kind: NameKind, place: Place): boolean {
  return place === "file" || kind !== "password"
    ? /^[{[]/.test(value)
    : /^[{[](?:.*["':]|\s*[}\]]$)/s.test(value);
}

/** Whether there is a key, or an address with a password, in a text. */
export function holdsKey(text: string, place: Place = "file"): boolean {
  return (
    holdsProviderKey(text) ||
    ADDRESS_PASSWORDS.some((pattern) =>
      [...text.matchAll(pattern)].some(([, password = ""]) => isPassword(password, place)),
    )
  );
}

/** Where a text stands. */
export interface Around {
  /** @default "file" */
  readonly place?: Place;
  /** Whether it is of a program, where what has no quotes is a variable. @default false */
  readonly code?: boolean;
}

/** Whether there is a credential in a text, whatever the text's name; parts with allowed names are none. */
export function holdsCredential(
  text: string,
  allow: readonly string[],
  around: Around = {},
): boolean {
  return holdsKey(text, around.place) || credentialPart(text, allow, around) !== undefined;
}

/** The name of the first part of a connection string, query or list of settings that is a credential. */
export function credentialPart(
  written: string,
  allow: readonly string[],
  { place = "file", code = false }: Around = {},
): string | undefined {
  const text = withoutSelectors(written);
  const inCall = callReader(text);
  for (const { 0: match, 1: name = "", 2: long = "", index } of text.matchAll(PART)) {
    const start = index + match.length;
    const value = untilClosing(long);
    if (
      name !== value &&
      !allow.includes(name) &&
      isPartCredential(name, value, place) &&
      !isPattern(text.slice(start, start + long.length + 1)) &&
      !((code || inCall(index)) && isVariable(value))
    ) {
      return name;
    }
  }
  return undefined;
}

function isPartCredential(name: string, value: string, place: Place): boolean {
  // The signature of a shared access signature is what grants the access.
  return name === "sig"
    ? value.length >= SHORTEST_SIGNATURE && !isReference(value, "credential", place)
    : isNamedCredential(name, decoded(value), place);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function isPassword(value: string, place: Place): boolean {
  const opening = place === "file" ? /^[$<{*%]/ : /^(?:\$[({A-Z_]|[<*%]|\{\{)/;
  return !opening.test(value) && !isReference(value, "password", place);
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
}
