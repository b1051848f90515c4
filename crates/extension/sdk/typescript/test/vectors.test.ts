/** The wire vectors, which the SDKs in Rust and Python pass as well. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { FrameBuffer, MAX_FRAME, frame } from "../src/frames.js";
import { ProtocolError, decode, encode } from "../src/messages.js";

interface Vectors {
  messages: { name: string; frame: string; message: unknown }[];
  malformed: { name: string; frame: string; may_be_mended?: boolean }[];
}

const file = new URL("../../../../vectors/wire.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

/** What JSON has no word for is an object with one key that begins with `$`. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return value.map(toJson);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, toJson(it)]));
}

function taken(hex: string): Uint8Array | undefined {
  const buffer = new FrameBuffer();
  buffer.push(Buffer.from(hex, "hex"));
  return buffer.take();
}

for (const vector of vectors.messages) {
  test(`is read and written: ${vector.name}`, () => {
    const message = decode(taken(vector.frame) ?? new Uint8Array());
    assert.deepEqual(toJson(message), vector.message);
    assert.equal(Buffer.from(frame(encode(message))).toString("hex"), vector.frame);
  });
}

// `@msgpack/msgpack` puts U+FFFD where a text is no UTF-8, as browsers do.
for (const vector of vectors.malformed.filter((it) => !it.may_be_mended)) {
  test(`is refused with words: ${vector.name}`, () => {
    assert.throws(
      () => decode(taken(vector.frame) ?? new Uint8Array()),
      (error) => error instanceof ProtocolError && error.message.length > 10,
    );
  });
}

test("frames are taken however they are cut", () => {
  const payloads = ["a", "bc".repeat(1000), "d"].map((it) => Buffer.from(it));
  const bytes = Buffer.concat(payloads.map((it) => frame(it)));
  for (const step of [1, 3, 1000, bytes.length]) {
    const buffer = new FrameBuffer();
    const found: string[] = [];
    for (let start = 0; start < bytes.length; start += step) {
      buffer.push(bytes.subarray(start, start + step));
      for (let it = buffer.take(); it; it = buffer.take()) found.push(Buffer.from(it).toString());
    }
    assert.deepEqual(found, payloads.map(String));
  }
});

test("what is too long is not written", () => {
  assert.throws(() => frame(new Uint8Array(MAX_FRAME + 1)), /longer than/);
});
