/** The messages, and how they are encoded: an array of a tag and the fields in the order in which `FIELDS` has them. */
import { decode as unpack, encode as pack } from "@msgpack/msgpack";

export const VERSIONS = [1];
const MAX_DEPTH = 128;

/** Bytes that are no frame or no message; nothing after them has a meaning. */
export class ProtocolError extends Error {}

const CODES = ["failed", "unknown_method", "bad_params", "cancelled", "denied", "busy"] as const;
const CONDITIONS = ["ready", "loading", "unwell"] as const;
const LEVELS = ["error", "warn", "info", "debug"] as const;

/** What went wrong with a request. */
export type Code = (typeof CODES)[number];
/** How an extension is. */
export type Condition = (typeof CONDITIONS)[number];
/** How important a line of the log is. */
export type Level = (typeof LEVELS)[number];

export type Message =
  /** Host: the first message. */
  | { type: "hello"; versions: number[]; host: string; max_frame: number }
  /** Extension: the answer to hello. */
  | { type: "welcome"; version: number; extension: string; concurrency: number; methods: string[] }
  /** Extension: it cannot work with this host. */
  | { type: "reject"; reason: string }
  /** Host: a question. */
  | { type: "request"; id: number; method: string; credit: number; timeout_ms: number; params: unknown }
  /** Host: the answer is not wanted any more. */
  | { type: "cancel"; id: number }
  /** Host: so many more chunks may be sent. */
  | { type: "credit"; id: number; chunks: number }
  /** Host: are you well? */
  | { type: "ping"; nonce: number }
  /** Host: end yourself. */
  | { type: "shutdown" }
  /** Extension: the answer. */
  | { type: "response"; id: number; value: unknown }
  /** Extension: there is no answer. */
  | { type: "error"; id: number; code: Code; message: string }
  /** Extension: a part of an answer. */
  | { type: "chunk"; id: number; value: unknown }
  /** Extension: the answer to a ping. */
  | { type: "pong"; nonce: number; condition: Condition; note: string }
  /** Extension: a line for the log. */
  | { type: "log"; level: Level; message: string };

type Kind = Message["type"];

/** One kind of field: how it is read, and how it is written. */
interface Field {
  read(value: unknown): unknown;
  write(value: unknown): unknown;
}

const same = (value: unknown): unknown => value;
const natural = (most: number): Field => ({
  read(value) {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most) {
      throw new ProtocolError(`a number was expected, not ${shown(value)}`);
    }
    return value;
  },
  write: same,
});
const short = natural(2 ** 32 - 1);
const long = natural(Number.MAX_SAFE_INTEGER);
const text: Field = {
  read(value) {
    if (typeof value !== "string") throw new ProtocolError(`a text was expected, not ${shown(value)}`);
    return value;
  },
  write: same,
};
const list = (element: Field): Field => ({
  read(value) {
    if (!Array.isArray(value)) throw new ProtocolError(`a list was expected, not ${shown(value)}`);
    return value.map((it) => element.read(it));
  },
  write: same,
});
const oneOf = (names: readonly string[]): Field => ({
  read(value) {
    const name = typeof value === "number" ? names[value] : undefined;
    if (name === undefined) throw new ProtocolError(`${shown(value)} is none of ${names.join(", ")}`);
    return name;
  },
  write: (value) => names.indexOf(value as string),
});
const any: Field = {
  read(value) {
    let level = [value];
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      level = level.flatMap(inside);
      if (level.length === 0) return value;
    }
    throw new ProtocolError(`a value that is nested more than ${MAX_DEPTH} deep`);
  },
  write: same,
};

function inside(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return [];
  return Object.values(value);
}

function shown(value: unknown): string {
  return String(JSON.stringify(value, (_, it: unknown) => (typeof it === "bigint" ? String(it) : it)));
}

/** In the order of their tags. */
const FIELDS: readonly [Kind, Record<string, Field>][] = [
  ["hello", { versions: list(short), host: text, max_frame: short }],
  ["welcome", { version: short, extension: text, concurrency: short, methods: list(text) }],
  ["reject", { reason: text }],
  ["request", { id: long, method: text, credit: short, timeout_ms: short, params: any }],
  ["cancel", { id: long }],
  ["credit", { id: long, chunks: short }],
  ["ping", { nonce: long }],
  ["shutdown", {}],
  ["response", { id: long, value: any }],
  ["error", { id: long, code: oneOf(CODES), message: text }],
  ["chunk", { id: long, value: any }],
  ["pong", { nonce: long, condition: oneOf(CONDITIONS), note: text }],
  ["log", { level: oneOf(LEVELS), message: text }],
];

/** The message as one value of MessagePack. */
export function encode(message: Message): Uint8Array {
  const tag = FIELDS.findIndex(([kind]) => kind === message.type);
  const values = message as Record<string, unknown>;
  const fields = Object.entries(FIELDS[tag]?.[1] ?? {});
  // `undefined` is what a method without an answer gives.
  return pack([tag, ...fields.map(([name, field]) => field.write(values[name] ?? null))]);
}

/** The one message in the payload of a frame. */
export function decode(payload: Uint8Array): Message {
  let elements: unknown;
  try {
    elements = unpack(payload);
  } catch (error) {
    throw new ProtocolError(`what is no message: ${String(error)}`);
  }
  if (!Array.isArray(elements)) throw new ProtocolError("an array was expected");
  const [tag, ...values] = elements as unknown[];
  const declared = typeof tag === "number" ? FIELDS[tag] : undefined;
  if (declared === undefined) throw new ProtocolError(`no message has the tag ${shown(tag)}`);
  const [type, fields] = declared;
  const names = Object.entries(fields);
  if (names.length !== values.length) {
    throw new ProtocolError(`${elements.length} elements where ${names.length + 1} belong to ${type}`);
  }
  const read = names.map(([name, field], index) => [name, field.read(values[index])] as const);
  return { type, ...Object.fromEntries(read) } as Message;
}
