/** Not a key, but a picture of one (`sk-xxxxxxxxxxxxxxxxxxxx`), or what a server without keys is given. */
const SHOWN =
  "(?![xX]{6}|0{6}|your[-_]|(?:no|not|placeholder|dummy|fake|example|none|anything|unused)(?:[-_]|$))";

/** A generated part has digits; words have none. */
const MIXED = String.raw`(?=[\w-]*\d)`;

/** Values that are credentials whatever their name: keys of providers, private keys, tokens, addresses that are keys themselves. */
const CREDENTIAL = new RegExp(
  [
    String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
    String.raw`\bhf_${SHOWN}[A-Za-z0-9]{20,}\b`,
    String.raw`(?:(?<![\w-])|(?<=:-))sk-${SHOWN}(?:[A-Za-z0-9_]{16,}|(?=[\w-]*[A-Z0-9])[\w-]{16,})`,
    String.raw`\bgh[pousr]_${SHOWN}[A-Za-z0-9]{30,}\b`,
    String.raw`\bgithub_pat_\w{30,}`,
    String.raw`\bglpat-[\w-]{20,}`,
    String.raw`\bxox[abprs]-[\w-]{10,}`,
    String.raw`\bAIza[\w-]{35}\b`,
    // Lengths and alphabets: github.com/gitleaks/gitleaks config/gitleaks.toml, and of Groq, NVIDIA and Docker Hub
    // github.com/trufflesecurity/trufflehog pkg/detectors; a little less where the service may change the length.
    String.raw`\bgsk_${SHOWN}${MIXED}[A-Za-z0-9]{40,}\b`,
    String.raw`\bnvapi-${SHOWN}${MIXED}[\w-]{40,}`,
    String.raw`\bnpm_${SHOWN}[A-Za-z0-9]{36}\b`,
    String.raw`\bpypi-AgEIcHlwaS5vcmc[\w-]{40,}`,
    String.raw`\bSG\.[\w-]{16,24}\.[\w-]{36,48}(?![\w.-])`,
    String.raw`\bdckr_[po]at_${SHOWN}[\w-]{24,}`,
    String.raw`\bdo[opr]_v1_[a-f0-9]{64}\b`,
    String.raw`\bdapi[a-f0-9]{32}(?:-\d)?\b`,
    String.raw`\bhv[sb]\.${MIXED}[\w-]{24,}`,
    String.raw`\bglsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b`,
    String.raw`\bpul-[a-f0-9]{40}\b`,
    String.raw`\b[rs]k_(?:live|test|prod)_${SHOWN}[A-Za-z0-9]{16,}\b`,
    String.raw`(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----`,
    String.raw`\b(?:Basic|Bearer)\s+(?=[\w+/=.-]*\d)[\w+/=.-]{16,}`,
    String.raw`\bAccountKey=[A-Za-z0-9+/=]{20,}`,
    // Whoever knows the address of a webhook posts to it: Slack, Discord, Teams.
    String.raw`hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Z0-9]+/[\w/]{8,}`,
    String.raw`discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]{16,}`,
    String.raw`(?:webhook\.office\.com|outlook\.office(?:365)?\.com)/webhook(?:b2)?/[\w@-]+/IncomingWebhook/\w{16,}`,
  ].join("|"),
);

/** Whether there is a key in a text that shows what it is by itself. */
export function holdsProviderKey(text: string): boolean {
  return CREDENTIAL.test(text);
}

/** Whether a text is as irregular as generated keys are: long, mixed, without words. */
export function isRandom(value: string): boolean {
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
