/** Longest name of a certificate, characters. Source: AWS Certificate Manager API reference, RequestCertificate, first name. */
const LONGEST = 64;

/** What is wrong with the name that clients use, and what to write; undefined where nothing is. */
export function hostNameProblem(name: string): string | undefined {
  const labels = name.split(".");
  if (name.endsWith(".")) {
    return `ends with a dot; write ${name.slice(0, -1)}`;
  }
  if (name !== name.toLowerCase()) {
    return `has capital letters, which DNS would change; write ${name.toLowerCase()}`;
  }
  if (labels.length < 2 || labels.every((label) => /^\d+$/.test(label))) {
    return "is no name that a certificate can be had for; write one of a domain of yours, such as llm.example.com";
  }
  return name.length > LONGEST
    ? `has ${name.length} characters; a certificate's name has ${LONGEST} at most`
    : undefined;
}

/** Whether a name is a zone's own or below it; either may end with the dot of the root. */
export function isWithin(name: string, zone: string): boolean {
  const [inner, outer] = [name, zone].map((text) => text.replace(/\.$/, "").toLowerCase());
  return inner === outer || (inner ?? "").endsWith(`.${outer}`);
}
