/**
 * For those who write extensions of Symphony in TypeScript: methods in, a process that speaks the protocol out.
 *
 * ```ts
 * new Server("counter", "1.0.0")
 *   .method("count", async (call) => {
 *     for (let number = 0; number < 3; number++) await call.send(number);
 *     return 3;
 *   })
 *   .serve();
 * ```
 *
 * The protocol is specified in `docs/protocol.md`.
 */
export { Failure } from "./failure.js";
export { ProtocolError, type Code, type Condition, type Level } from "./messages.js";
export { Server, type Call, type Method } from "./server.js";
