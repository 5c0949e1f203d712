// All English texts as one chunk; each file of the folder is a namespace.
import { gather } from "../gather";

export const texts = gather(
  import.meta.glob<Record<string, unknown>>("../en/*.json", { eager: true, import: "default" }),
);
