/** Names, in the words that they are made of, whose value is a credential. */
const CREDENTIALS =
  /^(?:.*_)?(?:password|passwd|passphrase|passcode|pwd|pass|secret|token|credential|credentials|apikey|secretkey|accesskey|masterkey)$/;

/** Keys that are credentials by what stands before the word: the purpose, or the service that issues them. */
const KEYS =
  /(?:^|_)(?:api|private|master|access|secret|salt|encryption|signing|auth|account|storage|license|jwt|hmac|aes|service|admin|client|openai|azure|anthropic|cohere|mistral|gemini|google|groq|bedrock|huggingface|hf|together|fireworks|openrouter|replicate|deepseek|xai|nvidia|litellm|vllm|langfuse|langsmith|datadog|dd|sentry|stripe|sendgrid|slack|github|gitlab)_key$/;

/** Ends written without anything between the words, as in PGPASSWORD. */
const RUN_TOGETHER =
  /(?:password|passwd|passphrase|apikey|secretkey|accesskey|authtoken|accesstoken)$/;

/** Tokens and secrets of this field that are none: of a vocabulary, of a price, of a reference. */
const HARMLESS =
  /(?:^|_)(?:eos|bos|pad|unk|cls|sep|mask|sot|eot|eom|stop|start|end|image|video|audio|special|per|next|max|min|prompt|completion|input|output|first|last|think|reasoning|tool|tool_call|decoder_start|csrf|continuation|page)_token$|(?:^|_)(?:existing|image_pull|pull|tls|cert|certificate|root_ca|ca|ingress|from|wildcard)_secret$|(?:^|_)by_?pass$|(?:^|_)(?:use|enable|disable|has|require|is|allow|no|skip|with|add|count|track|show|hide|verify|create|generate|auto)_|(?:^|_)(?:public|primary|partition|sort|foreign|cache|routing|idempotency|row|label|header)_key$/;

/** Names whose value is a credential if it looks like one. */
const SUSPECT =
  /(?:^|_)(?:key|auth|credential|signature|salt|dsn|bearer|jwt|cookie|session|authorization)$/;

/** What a name says of its value. */
export type NameKind = "password" | "credential" | "suspect" | "harmless";

/** Reads `dbPassword`, `DB_PASSWORD`, `db-password`, `--db-password` and `db.password` alike. */
export function nameKind(name: string): NameKind {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (HARMLESS.test(words)) {
    return "harmless";
  }
  if (/(?:password|passwd|passphrase|passcode|pwd|(?:^|_)pass)$/.test(words)) {
    return "password";
  }
  if (CREDENTIALS.test(words) || KEYS.test(words) || RUN_TOGETHER.test(words)) {
    return "credential";
  }
  return SUSPECT.test(words) ? "suspect" : "harmless";
}
