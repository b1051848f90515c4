/** Frames: four bytes of length, the most significant first, and so many bytes. */
import { ProtocolError } from "./messages.js";

export const MAX_FRAME = 4 * 1024 * 1024;
const HEADER = 4;

/** The payload with its length; one that is too long is an error. */
export function frame(payload: Uint8Array, limit = MAX_FRAME): Uint8Array {
  check(payload.length, limit);
  const bytes = new Uint8Array(HEADER + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length);
  bytes.set(payload, HEADER);
  return bytes;
}

/** Takes frames out of bytes as they arrive. Nothing is kept for a length that is only promised. */
export class FrameBuffer {
  private chunks: Uint8Array[] = [];
  private length = 0;

  constructor(private readonly limit = MAX_FRAME) {}

  /** Adds bytes that arrived. */
  push(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.length += bytes.length;
  }

  /** The next frame that is there in full. */
  take(): Uint8Array | undefined {
    if (this.length < HEADER) return undefined;
    const start = this.joined(HEADER);
    const length = new DataView(start.buffer, start.byteOffset).getUint32(0);
    check(length, this.limit);
    if (length === 0) throw new ProtocolError("an empty frame");
    const end = HEADER + length;
    if (this.length < end) return undefined;
    const all = this.joined(end);
    this.chunks[0] = all.subarray(end);
    this.length -= end;
    return all.subarray(HEADER, end);
  }

  /** The first chunk, with so many bytes at least. All are joined, so each is copied once. */
  private joined(length: number): Uint8Array {
    let first = this.chunks[0] ?? new Uint8Array();
    if (first.length < length) {
      first = Buffer.concat(this.chunks);
      this.chunks = [first];
    }
    return first;
  }
}

function check(length: number, limit: number): void {
  if (length > limit) {
    throw new ProtocolError(`a frame of ${length} bytes is longer than the ${limit} that are allowed`);
  }
}
