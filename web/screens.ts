import screens from "./screens.json" with { type: "json" };

const PAGE = /\/features\/([^/]+\/pages\/(\w+))\.tsx$/;

/** Writes the id of each page into its chunk, so that a text search of the built client finds what it holds. */
export function screenIds() {
  const ids: Record<string, string> = screens;
  return {
    name: "screen-ids",
    enforce: "pre" as const,
    transform(code: string, file: string) {
      const [, path = "", name = ""] = PAGE.exec(file) ?? [];
      if (!name || name.endsWith(".test")) return null;
      const id = ids[path.replace("/pages/", "/")];
      if (!id) throw new Error(`${file} has no id in screens.json`);
      return { code: `${code}\n${name}.displayName = ${JSON.stringify(id)};\n`, map: null };
    },
  };
}
