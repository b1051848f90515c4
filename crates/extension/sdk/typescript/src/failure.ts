/** Why a method has no answer. */
import type { Code } from "./messages.js";

/** What a method throws to say why, in words for a person and a code for the host. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly code: Code = "failed",
  ) {
    super(message);
  }
}

/** What any error is to the host. What the sandbox refuses is told as such, so that the host can log it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return new Failure(String(error));
  const code = "code" in error ? error.code : undefined;
  const refused = code === "EACCES" || code === "EPERM";
  return new Failure(error.message, refused ? "denied" : "failed");
}
