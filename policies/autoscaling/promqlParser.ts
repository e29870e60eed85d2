/** A PromQL expression, as far as the number of its series depends on it. */
export type Node =
  | { readonly kind: "number"; readonly text: string }
  /** @property equal labels that a matcher gives one value */
  | { readonly kind: "selector"; readonly name: string; readonly equal: readonly string[] }
  | {
      readonly kind: "aggregation";
      readonly operator: string;
      readonly by: readonly string[] | undefined;
      readonly without: readonly string[] | undefined;
      readonly args: readonly Node[];
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Node;
      readonly right: Node;
    };

const AGGREGATIONS: ReadonlySet<string> = new Set([
  ...["sum", "avg", "min", "max", "count", "stddev", "stdvar", "group", "quantile"],
  ...["topk", "bottomk", "count_values", "limitk", "limit_ratio"],
]);
/** Operators from the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and", "unless"],
  ["==", "!=", "<=", "<", ">=", ">"],
  ["+", "-"],
  ["*", "/", "%", "atan2"],
  ["^"],
];

const TOKENS =
  /\s+|#[^\n]*|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|0x[\da-f]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:ms|[smhdwy])?(?:\d+(?:ms|[smhdwy]))*|[a-z_:][\w:.]*|=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}[\],@:])/giy;

/** @returns undefined for what is no PromQL, or none that this parser follows */
export function parseQuery(text: string): Node | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined || tokens.length === 0) {
    return undefined;
  }
  try {
    return new Parser(tokens).whole();
  } catch (error) {
    if (error instanceof Unread) {
      return undefined;
    }
    throw error;
  }
}

class Unread extends Error {}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const match = TOKENS.exec(text);
    if (match === null) {
      return undefined;
    }
    if (match[1] !== undefined) {
      tokens.push(match[1]);
    }
  }
  return tokens;
}

class Parser {
  private place = 0;

  public constructor(private readonly tokens: readonly string[]) {}

  public whole(): Node {
    const node = this.binary(0);
    if (this.place < this.tokens.length) {
      throw new Unread();
    }
    return node;
  }

  private get next(): string {
    return this.tokens[this.place] ?? "";
  }

  private take(): string {
    const token = this.next;
    this.place += 1;
    return token;
  }

  private takes(token: string): boolean {
    const found = this.next.toLowerCase() === token;
    this.place += found ? 1 : 0;
    return found;
  }

  private demand(token: string): void {
    if (!this.takes(token)) {
      throw new Unread();
    }
  }

  private binary(level: number): Node {
    const operators = LEVELS[level];
    if (operators === undefined) {
      return this.unary();
    }
    let left = this.binary(level + 1);
    while (operators.includes(this.next.toLowerCase())) {
      const operator = this.take().toLowerCase();
      this.takes("bool");
      this.matching();
      left = { kind: "binary", operator, left, right: this.binary(level + 1) };
    }
    return left;
  }

  /** `on (…)`, `ignoring (…)`, `group_left (…)`: which series match, not how many there are. */
  private matching(): void {
    if (this.takes("on") || this.takes("ignoring")) {
      this.labels();
    }
    if ((this.takes("group_left") || this.takes("group_right")) && this.next === "(") {
      this.labels();
    }
  }

  private labels(): string[] {
    const labels: string[] = [];
    this.demand("(");
    while (!this.takes(")")) {
      labels.push(this.name());
      this.takes(",");
    }
    return labels;
  }

  private name(): string {
    const name = this.take();
    if (!/^[a-z_"'`]/i.test(name)) {
      throw new Unread();
    }
    return name.replace(/^["'`]|["'`]$/g, "");
  }

  private unary(): Node {
    return this.takes("-") || this.takes("+") ? this.unary() : this.postfix(this.primary());
  }

  /** A range, a subquery, `offset` and `@` change when a series is looked at, not how many there are. */
  private postfix(node: Node): Node {
    for (;;) {
      if (this.takes("[")) {
        while (!this.takes("]")) {
          if (this.take() === "") {
            throw new Unread();
          }
        }
      } else if (this.takes("offset")) {
        this.takes("-");
        this.take();
      } else if (this.takes("@")) {
        this.take();
        if (this.takes("(")) {
          this.demand(")");
        }
      } else {
        return node;
      }
    }
  }

  private primary(): Node {
    if (this.takes("(")) {
      const node = this.binary(0);
      this.demand(")");
      return node;
    }
    if (this.next === "{") {
      return this.selector("");
    }
    const token = this.take();
    if (/^(?:[\d."'`]|inf$|nan$)/i.test(token)) {
      return { kind: "number", text: token };
    }
    if (!/^[a-z_:]/i.test(token)) {
      throw new Unread();
    }
    const lower = token.toLowerCase();
    const grouping = ["by", "without", "("].includes(this.next.toLowerCase());
    if (AGGREGATIONS.has(lower) && grouping) {
      return this.aggregation(lower);
    }
    return this.next === "("
      ? { kind: "call", name: lower, args: this.arguments() }
      : this.selector(token);
  }

  private aggregation(operator: string): Node {
    const before = this.grouping();
    const args = this.arguments();
    const { by, without } = before ?? this.grouping() ?? {};
    return { kind: "aggregation", operator, by, without, args };
  }

  private grouping():
    | { readonly by: string[]; readonly without?: undefined }
    | { readonly without: string[]; readonly by?: undefined }
    | undefined {
    if (this.takes("by")) {
      return { by: this.labels() };
    }
    return this.takes("without") ? { without: this.labels() } : undefined;
  }

  private arguments(): Node[] {
    const args: Node[] = [];
    this.demand("(");
    while (!this.takes(")")) {
      args.push(this.binary(0));
      if (!this.takes(",") && this.next !== ")") {
        throw new Unread();
      }
    }
    return args;
  }

  private selector(name: string): Node {
    const equal: string[] = [];
    let named = name;
    if (this.takes("{")) {
      while (!this.takes("}")) {
        const label = this.name();
        if (["=", "!=", "=~", "!~"].includes(this.next)) {
          const operator = this.take();
          const value = this.name();
          if (label === "__name__" && operator === "=") {
            named = value;
          } else if (operator === "=") {
            equal.push(label);
          }
        } else {
          // A metric's name in quotes.
          named = label;
        }
        this.takes(",");
      }
    }
    return { kind: "selector", name: named, equal };
  }
}
