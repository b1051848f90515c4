/** An extension: reads requests, runs methods, writes answers. */
import { writeSync } from "node:fs";

import { Failure, failureOf } from "./failure.js";
import { FrameBuffer, MAX_FRAME, frame } from "./frames.js";
import { ProtocolError, VERSIONS, decode, encode, type Level, type Message } from "./messages.js";

type Of<Type extends Message["type"]> = Extract<Message, { type: Type }>;

/** One request, as its method sees it. */
export interface Call {
  readonly params: unknown;
  /** How long the host waits, in milliseconds; 0 if it does not say. */
  readonly timeout: number;
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal;
  /** Sends a part of the answer, once the host wants one. */
  send(part: unknown): Promise<void>;
  /** Writes a line to the host's log. */
  log(level: Level, message: string): void;
}

export type Method = (call: Call) => unknown;

/** An extension: its name and its methods. */
export class Server {
  private readonly methods = new Map<string, Method>();

  constructor(
    private readonly name: string,
    private readonly version: string,
    private readonly concurrency = 16,
  ) {}

  /** Adds a method; it may give a promise. */
  method(name: string, method: Method): this {
    this.methods.set(name, method);
    return this;
  }

  /** Serves the host on standard input and output until it says or goes; then the process ends. */
  serve(): void {
    // Standard output is the protocol's alone; what is logged belongs to standard error.
    for (const name of ["debug", "info", "log"] as const) console[name] = console.error;
    const serving = new Serving(`${this.name} ${this.version}`, this.concurrency, this.methods);
    process.stdin.on("data", (bytes: Buffer) => {
      try {
        serving.read(bytes);
      } catch (error) {
        console.error(String(error));
        process.exit(65);
      }
    });
    process.stdin.on("end", () => process.exit(0));
  }
}

/** The credit of a request, and who waits for it. */
class Open {
  readonly abort = new AbortController();
  private waiting: (() => void)[] = [];

  constructor(private credit: number) {}

  async takeCredit(): Promise<void> {
    while (this.credit === 0 && !this.abort.signal.aborted) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.abort.signal.aborted) throw new Failure("", "cancelled");
    this.credit -= 1;
  }

  addCredit(chunks: number): void {
    this.credit += chunks;
    this.wake();
  }

  cancel(): void {
    this.abort.abort();
    this.wake();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

class Serving {
  private readonly buffer = new FrameBuffer();
  private readonly open = new Map<number, Open>();
  private limit = MAX_FRAME;
  private welcomed = false;

  constructor(
    private readonly name: string,
    private readonly concurrency: number,
    private readonly methods: Map<string, Method>,
  ) {}

  read(bytes: Uint8Array): void {
    this.buffer.push(bytes);
    for (let payload = this.buffer.take(); payload; payload = this.buffer.take()) {
      this.take(decode(payload));
    }
  }

  private take(message: Message): void {
    if (message.type === "shutdown") process.exit(0);
    if (!this.welcomed) {
      if (message.type !== "hello") throw new ProtocolError("the host did not say `hello` first");
      return this.welcome(message);
    }
    switch (message.type) {
      case "request":
        void this.request(message);
        return;
      case "cancel":
        // Answered meanwhile: nothing to do.
        return this.open.get(message.id)?.cancel();
      case "credit":
        return this.open.get(message.id)?.addCredit(message.chunks);
      case "ping":
        return this.send({ type: "pong", nonce: message.nonce, condition: "ready", note: "" });
      default:
        throw new ProtocolError("the host sent what only extensions send");
    }
  }

  private welcome(hello: Of<"hello">): void {
    const version = hello.versions.find((it) => VERSIONS.includes(it));
    if (version === undefined) {
      this.send({ type: "reject", reason: `speaks none of the versions ${hello.versions.join(", ")}` });
      process.exit(0);
    }
    this.limit = Math.min(hello.max_frame, MAX_FRAME);
    const methods = [...this.methods.keys()].sort();
    const { name: extension, concurrency } = this;
    this.send({ type: "welcome", version, extension, concurrency, methods });
    this.welcomed = true;
  }

  private async request(request: Of<"request">): Promise<void> {
    const { id } = request;
    const open = new Open(request.credit);
    this.open.set(id, open);
    const call: Call = {
      params: request.params,
      timeout: request.timeout_ms,
      signal: open.abort.signal,
      send: async (part) => {
        await open.takeCredit();
        this.send({ type: "chunk", id, value: part });
      },
      log: (level, message) => this.send({ type: "log", level, message }),
    };
    try {
      const method = this.methods.get(request.method);
      if (!method) throw new Failure(`no method \`${request.method}\``, "unknown_method");
      this.send({ type: "response", id, value: await method(call) });
    } catch (error) {
      // An error costs the request, not the extension.
      const { code, message } = failureOf(error);
      this.send({ type: "error", id, code, message });
    } finally {
      this.open.delete(id);
    }
  }

  /** Writes at once: what waits in a queue of the process is lost when it ends. */
  private send(message: Message): void {
    let rest = frame(encode(message), this.limit);
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(1, rest));
      } catch (error) {
        // A pipe that is full: its reader is slower than this, and never waits for it.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      }
    }
  }
}
