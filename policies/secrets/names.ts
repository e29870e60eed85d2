/** Names, in the words that they are made of, whose value is a credential. */
const CREDENTIALS =
  /^(?:.*_)?(?:secret|token|credential|credentials|client_key_data|(?:erlang|release)_cookie|apikey|apikeys|secretkey|accesskey|masterkey|(?:api|secret|access|auth|private)_keys|(?:access|auth|bearer|refresh)_tokens)$/;

/** Keys that are credentials by what stands before the word: the purpose, or the service that issues them. */
const KEYS =
  /(?:^|_)(?:api|private|master|access|secret|salt|encryption|signing|auth|account|storage|license|jwt|hmac|aes|service|admin|client|subscription|functions|openai|azure|anthropic|cohere|mistral|gemini|google|groq|bedrock|huggingface|hf|together|fireworks|openrouter|replicate|deepseek|xai|nvidia|litellm|vllm|langfuse|langsmith|datadog|dd|sentry|stripe|sendgrid|slack|github|gitlab)_key$/;

/** Ends written without anything between the words, as in PGPASSWORD and `-storepass`. */
const PASSWORDS =
  /(?:passwords?|passwd|passphrase|passcode|pwd)$|(?:^|_)(?:pass|(?:db|pg|my|mysql|postgres|mongo|redis|require|auth|root|admin|user|mail|smtp|ldap|ssh|key|store|keystore|truststore|http|proxy)pass|(?:master|primary|require)auth)$/;
const RUN_TOGETHER = /(?:apikey|secretkey|accesskey|authtoken|accesstoken)$/;

/** Tokens and secrets of this field that are none: of a vocabulary, of a price, of a reference, of a checksum. */
const HARMLESS =
  /(?:^|_)(?:eos|bos|pad|unk|cls|sep|mask|sot|eot|eom|stop|start|end|image|video|audio|special|per|next|max|min|prompt|completion|input|output|first|last|think|reasoning|assistant|human|bot|forced_decoder|decoder|language|task|eod|separator|tool|tool_call|decoder_start|csrf|continuation|page)_token$|(?:^|_)(?:existing|image_pull|pull|tls|cert|certificate|root_ca|ca|ingress|from|wildcard|checksum|hash|password|passwd|credentials?)_secret$|(?:^|_)by_?pass$|(?:^|_)(?:use|enable|disable|has|require|is|allow|no|skip|with|random|onetime|empty|add|count|track|show|hide|verify|create|generate|auto|checksum|sha256)_|(?:^|_)(?:public|publishable|site|primary|partition|sort|foreign|cache|idempotency|row|label|header)_key$/;

/** Names whose value is a credential if it looks like one. */
const SUSPECT =
  /(?:^|_)(?:key|auth|signature|sig|salt|dsn|bearer|jwt|cookie|session|authorization)$/;

/** Names whose value is a user and a password. */
const USERS =
  /(?:^|_)(?:(?:neo4_?j|http|proxy|admin|api|registry|metrics|dashboard)_auth|basic_?auth(?:_users?)?|etcdctl_user)$/;

/** Which of several, as in `DB_PASSWORD_1`, `PASSWORD_PROD` and `API_KEY_V2`. */
const WHICH =
  /(?:_?v?\d{1,3}|_(?:prod|production|prd|dev|development|stage|staging|stg|test|qa|uat|live|local|demo|old|new|current|previous|primary|secondary|backup|default|main|blue|green|value|plain|plaintext|clear|text|ro|rw|readonly))$/;

/** Longer names are no names. */
const LONGEST_NAME = 128;

/** What a name says of its value. */
export type NameKind = "password" | "credential" | "user" | "suspect" | "harmless";

/** Reads `dbPassword`, `DB_PASSWORD`, `db-password`, `--db-password` and `db.password` alike. */
export function nameKind(name: string): NameKind {
  const words = name.length > LONGEST_NAME ? "" : wordsOf(name);
  const kind = kindOf(words);
  const which = WHICH.exec(words);
  return kind === "harmless" && which !== null && which.index > 0
    ? withoutSuspicion(kindOf(words.slice(0, which.index)))
    : kind;
}

/** A number after a name that is only suspicious makes it less so: `key_1`, `session_test`. */
function withoutSuspicion(kind: NameKind): NameKind {
  return kind === "suspect" ? "harmless" : kind;
}

/** The words of a name, in lower case with `_` between them. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

function kindOf(words: string): NameKind {
  if (HARMLESS.test(words)) {
    return "harmless";
  }
  if (PASSWORDS.test(words)) {
    return "password";
  }
  if (CREDENTIALS.test(words) || KEYS.test(words) || RUN_TOGETHER.test(words)) {
    return "credential";
  }
  if (USERS.test(words)) {
    return "user";
  }
  return SUSPECT.test(words) ? "suspect" : "harmless";
}
