/** Systems that an image is built on. Their version, in a tag such as `stable-alpine3.20`, says nothing of the program. */
const SYSTEMS =
  /^(?:alpine|debian|ubuntu|buster|bullseye|bookworm|trixie|focal|jammy|noble|centos|rhel|ubi|el|rocky(?:linux)?|alma(?:linux)?|fedora|amazonlinux|amzn|al|photon|wolfi|leap|windows|windowsservercore|nanoserver|ltsc|cuda|cudnn|rocm|glibc|musl|openssl|ssl)$/;

/** Languages and servers: the same, where their version is glued to them or stands beside a moving word. */
const LANGUAGES =
  /^(?:py|python|cp|node|nodejs|jdk|jre|java|openjdk|go|golang|php|ruby|perl|pg|postgres|mysql|mariadb)$/;

/** Words that a version may follow at once: of a release, a build or a commit. */
const PREFIXES = /^(?:v|r|rel|release|ver|version|rc|b|build|g|git)?$/;

/** A release with two numbers at least: `16.4`, `v1.2.0`, `2024.11.3`; with the word that it is glued to. */
const RELEASE = /^([a-z]*?)(\d+(?:\.\d+)+)/;

/** A day, alone or glued to a word: `20241103`, `2024.11.03`, `nightly20241103`. */
const DAY =
  /(?:^|[^0-9])(?:19|20)\d{2}[-._]?(?:0[1-9]|1[0-2])[-._]?(?:0[1-9]|[12]\d|3[01])(?:$|[^0-9]|\d{2,})/;

/** The number of a build: three digits at least, or behind a word that says so. */
const BUILD =
  /(?:^|[-_.])(?:b?\d{3,}|(?:build|bld|ci|run|rev|job|pipeline|buildnumber)[-_.]?\d+)(?:$|[-_.])/;

/** A commit: hexadecimal, with a digit and a letter in it unless it is long or a word before it says so. */
const COMMIT =
  /(?:^|[-_.])(?:g?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}|[0-9a-f]{8,64}|(?:sha|git|commit|rev)[-_.]?[0-9a-f]{7,64})(?:$|[-_.])/;

/** Ends of a release that is built again and again, or is only its beginning: `1.2.0-SNAPSHOT`, `1.2.x`. */
const UNFINISHED = /(?:^|[-_.])(?:snapshot|x)$/;

/**
 * Whether a tag points to something else over time: it names no release of two numbers at least, no day, build or commit.
 * @param words tags, and parts of tags, that say that they move
 */
export function isMovingTag(tag: string, words: readonly string[]): boolean {
  const lower = tag.toLowerCase();
  const parts = lower.split(/[-_+]/);
  const moving = parts.flatMap((part) => part.split(".")).some((part) => words.includes(part));
  const fixed = DAY.test(lower) || BUILD.test(lower) || COMMIT.test(lower);
  if (words.includes(tag) || words.includes(lower) || parts.includes("latest")) {
    return true;
  }
  return UNFINISHED.test(lower) ? true : !fixed && !namesRelease(parts, moving);
}

/** Whether a part is a release, and not that of the base. Beside a moving word, only one that stands alone counts. */
function namesRelease(parts: readonly string[], moving: boolean): boolean {
  return parts.some((part, index) => {
    const [, word = "", release] = RELEASE.exec(part) ?? [];
    const before = word === "" ? (parts[index - 1] ?? "") : word;
    const base = SYSTEMS.test(before) || (LANGUAGES.test(before) && (moving || word !== ""));
    return release !== undefined && !base && (!moving || PREFIXES.test(word));
  });
}
