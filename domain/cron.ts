import { messageOf } from "./failure";

/** Minutes that an expression of five fields names: minute, hour, day of the month, month, day of the week. */
export class Cron {
  private readonly fields: readonly ReadonlySet<number>[];
  private readonly anyDay: boolean;

  /** @throws RangeError naming the field that is none */
  public constructor(expression: string) {
    const parts = expression.trim().split(/\s+/);
    if (parts.length !== FIELDS.length) {
      throw new RangeError(
        `"${expression}" has ${parts.length} fields; write five, such as "0 8 * * 1-5"`,
      );
    }
    this.fields = FIELDS.map((field, index) => parseField(parts[index] ?? "", field, expression));
    // As in cron: where both days are restricted, either of them is enough.
    this.anyDay = parts[2] === "*" || parts[4] === "*";
  }

  public matches({ minute, hour, day, month, weekday }: Minute): boolean {
    const [minutes, hours, days, months, weekdays] = this.fields;
    const inDays = days?.has(day) === true;
    const inWeekdays = weekdays?.has(weekday) === true;
    return (
      minutes?.has(minute) === true &&
      hours?.has(hour) === true &&
      months?.has(month) === true &&
      (this.anyDay ? inDays && inWeekdays : inDays || inWeekdays)
    );
  }
}

/** What is wrong with an expression, and what to write; undefined where nothing is. */
export function cronProblem(expression: string): string | undefined {
  try {
    new Cron(expression);
    return undefined;
  } catch (error) {
    return `is no schedule: ${messageOf(error)}`;
  }
}

/** A minute on the clock of some time zone. */
export interface Minute {
  /** From 0. */
  readonly minute: number;
  /** From 0. */
  readonly hour: number;
  /** Of the month, from 1. */
  readonly day: number;
  /** From 1. */
  readonly month: number;
  /** From 0, Sunday. */
  readonly weekday: number;
}

/** Reads the clock of a time zone. @throws RangeError for a zone that is none */
export function clockOf(timezone: string): (at: Date) => Minute {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    minute: "numeric",
    hour: "numeric",
    day: "numeric",
    month: "numeric",
    weekday: "short",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    return {
      minute: number("minute"),
      hour: number("hour"),
      day: number("day"),
      month: number("month"),
      weekday: WEEKDAYS.indexOf((parts.get("weekday") ?? "").toLowerCase()),
    };
  };
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of values, from `least` on. */
  readonly names?: readonly string[];
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const FIELDS: readonly Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, names: MONTHS },
  { name: "day of the week", least: 0, most: 6, names: WEEKDAYS },
];

function parseField(text: string, field: Field, expression: string): Set<number> {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const [, range = "", step = "1"] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(item) ?? [];
    const [from = "", to, ...more] = range.split("-");
    const start = range === "*" ? field.least : valueOf(from, field);
    const open = range === "*" || (to === undefined && item.includes("/"));
    const end = open ? field.most : to === undefined ? start : valueOf(to, field);
    if (start === undefined || end === undefined || start > end || more.length > 0) {
      throw new RangeError(
        `"${expression}": "${item}" is no ${field.name}; write *, or numbers from ${field.least} to ${field.most}`,
      );
    }
    for (let value = start; value <= end; value += Number(step)) {
      values.add(value);
    }
  }
  return values;
}

function valueOf(text: string, { least, most, names = [] }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  const value = named === -1 ? (/^\d+$/.test(text) ? Number(text) : NaN) : least + named;
  return value >= least && value <= most ? value : undefined;
}
