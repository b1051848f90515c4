/**
 * An instrument of Symphony: it says what stands at the cursor.
 *
 * `symphony ext run . complete '{"prefix": "let a = 1;\nlet "}'` asks it.
 */
import { Failure, Server } from "./symphony-sdk/index.js";

new Server("{{name}}", "0.1.0")
  // The rest of the nearest line above that begins as the cursor's line does: your model goes here.
  .method("complete", ({ params }) => {
    if (params === null || typeof params !== "object" || !("prefix" in params)) {
      throw new Failure("`prefix` is missing", "bad_params");
    }
    const above = String(params.prefix).split("\n");
    const begun = (above.pop() ?? "").trimStart();
    for (const line of above.reverse()) {
      const other = line.trim();
      if (begun !== "" && other !== begun && other.startsWith(begun)) {
        return [{ text: other.slice(begun.length), probability: 0.5 }];
      }
    }
    return [];
  })
  .serve();
