/** An extension of Symphony. `symphony ext run . hello '{"name": "you"}'` calls it. */
import { Failure, Server } from "./symphony-sdk/index.js";

new Server("{{name}}", "0.1.0")
  .method("hello", ({ params }) => {
    if (params !== null && typeof params === "object" && "name" in params) {
      return `Hello, ${String(params.name)}!`;
    }
    throw new Failure("`name` is missing", "bad_params");
  })
  // Answers in parts, as fast as the host takes them.
  .method("count", async (call) => {
    const to = typeof call.params === "number" ? call.params : 3;
    for (let number = 0; number < to; number++) await call.send(number);
    return to;
  })
  .serve();
